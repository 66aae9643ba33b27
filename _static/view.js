// A view of a table: which rows a choice leaves, in which order, and the whole state in the address:
// `?q=…&method=distillation&sort=-published`; a page's second table writes `2.q=…`.

import { cellText } from "./rows.js";

export const LIMIT = 100; // rows that are attached at first; layout costs, not script
const MISSING = new Set(["unknown", "not-stated", "none", "not-released", "no-mark"]);
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

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
  return { q: get("q"), chosen, sort, hide: listed("hide", columns.slice(1)), compare: listed("compare", ids).slice(0, 4), all: get("all") === "1" ? "1" : "" };
}

export function writeState(search, prefix, facets, { chosen, ...rest }) {
  const params = new URLSearchParams(search);
  const set = (name, values) => {
    params.delete(prefix + name);
    values.filter(Boolean).forEach((value) => params.append(prefix + name, value));
  };
  for (const name in rest) set(name, [String(rest[name]).trim()]);
  for (const { name, shape } of facets) set(name, shape === "years" ? [(chosen[name] ?? []).join("..")] : chosen[name] ?? []);
  return String(params);
}

function meets(row, words) {
  row.text ??= fold([...row.element.cells].map(cellText).join(" "));
  return words.every((word) => row.text.includes(word));
}

// Every word stands in the row, and each narrowed facet has a wanted value.
export function matching(rows, facets, state) {
  const words = fold(state.q).split(/\s+/).filter(Boolean);
  const narrowed = facets.filter((facet) => state.chosen[facet.name]?.length).map((facet) => {
    const wanted = state.chosen[facet.name];
    const [from, to] = wanted;
    const fits = (value) => (facet.shape === "years" ? (!from || value >= from) && (!to || value <= to) : wanted.includes(value));
    return { rows: facet.rows, positions: new Set(facet.values.flatMap((value, position) => (fits(value) ? [position] : []))) };
  });
  return rows.filter((row) => narrowed.every((facet) => facet.rows[row.number].some((position) => facet.positions.has(position))) && meets(row, words));
}

function sortKey(row, column, given) {
  if (given) return given[row.number];
  const cell = row.element.cells[column];
  const missing = cell.childNodes.length === 1 && MISSING.has(cell.firstElementChild?.classList[1]);
  return (!missing && cellText(cell)) || null;
}

// What is missing comes last both ways; equals keep the table's own order.
export function arranged(rows, column, descending, given) {
  if (column < 0) return rows;
  const keys = new Map(rows.map((row) => [row, sortKey(row, column, given)]));
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [first, second] = [keys.get(one), keys.get(other)];
    if (first === null || second === null) return (first === null) - (second === null) || one.number - other.number;
    return sign * (typeof first === "number" ? first - second : collator.compare(first, second)) || one.number - other.number;
  });
}
