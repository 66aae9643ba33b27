// A view's whole state in the address: `?q=…&method=distillation&sort=-published`; a page's second table writes `2.q=…`.

export function readState(search, prefix, { columns, facets, ids }) {
  const given = new URLSearchParams(search);
  const get = (name) => given.get(prefix + name) ?? "";
  const listed = (name, known) => get(name).split(",").filter((one) => known.includes(one));
  const chosen = {};
  for (const { name, shape, values } of facets) {
    const wanted = shape === "years" ? get(name).split("..") : given.getAll(prefix + name).filter((value) => values.includes(value));
    if (wanted.some(Boolean)) chosen[name] = wanted.slice(0, shape === "years" ? 2 : undefined);
  }
  const sort = columns.includes(get("sort").replace(/^-/, "")) ? get("sort") : "";
  return { q: get("q"), sort, chosen, hide: listed("hide", columns.slice(1)), compare: listed("compare", ids).slice(0, 4), all: get("all") === "1" };
}

export function writeState(search, prefix, facets, state) {
  const params = new URLSearchParams(search);
  for (const name of ["q", "sort", "hide", "compare", "all", ...facets.map((facet) => facet.name)]) params.delete(prefix + name);
  const set = (name, value) => value && params.set(prefix + name, value);
  set("q", state.q.trim());
  for (const { name, shape } of facets) {
    const wanted = state.chosen[name] ?? [];
    if (shape === "years") set(name, wanted.some(Boolean) && wanted.join(".."));
    else wanted.forEach((value) => params.append(prefix + name, value));
  }
  set("sort", state.sort);
  set("hide", state.hide.join(","));
  set("compare", state.compare.join(","));
  set("all", state.all && "1");
  return String(params);
}
