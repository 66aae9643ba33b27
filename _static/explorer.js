// Make comparison tables explorable. Everything is in the page already; without scripts no control is shown.

import { asCsv, asJson, decodeFacet, offer, readRows, someBibtex } from "./rows.js";
import { LIMIT, arranged, matching, readState, writeState } from "./view.js";
import { showComparison } from "./compare.js";

function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function explore(region, number) {
  const table = region.querySelector("table");
  const heads = [...table.tHead.rows[0].cells];
  const headings = heads.map((head) => head.textContent);
  const data = JSON.parse(region.querySelector(".explorer-data")?.textContent ?? "{}");
  const columns = data.columns ?? headings.map((heading) => heading.toLowerCase().replace(/\W+/g, "_"));
  const facets = (data.facets ?? []).map(decodeFacet);
  const rows = readRows(table);
  if (!rows.length) return;
  const records = new Map(rows.map((row) => [row.id, row]));
  const bodies = [...table.tBodies].map((body) => ({ body, heading: body.querySelector(".group") }));
  const prefix = number ? `${number + 1}.` : "";
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const known = { columns, facets, ids: [...records.keys()] };
  let state = readState(location.search, prefix, known);
  let comparing = state.compare.length > 0;
  let matches = rows;

  // --- The controls; what a disclosure holds is made when it is first opened ---
  const status = make("p", { className: "explorer-state", role: "status" });
  const side = make("div", { className: "explorer-compare" });
  let waiting;

  function disclosure(name, fill) {
    const panel = make("div", { className: `explorer-${name.toLowerCase()}` });
    const refill = () => panel.replaceChildren(...fill());
    return make("details", { refill, ontoggle: () => panel.hasChildNodes() || refill() }, make("summary", {}, name), panel);
  }

  const button = (text, onclick) => make("button", { type: "button", onclick }, text);

  const choice = (label, checked, change) =>
    make("label", {}, make("input", { type: "checkbox", checked, onchange: (event) => change(event.target.checked) }), label);

  const selection = (label, options, value, change) => make("label", {}, make("span", {}, label), make(
    "select", { onchange: (event) => change(event.target.value) },
    ...[["any", ""], ...options].map(([text, one]) => new Option(text, one, false, one === value)),
  ));

  function choose(name, wanted) {
    state.chosen[name] = wanted;
    if (!wanted.some(Boolean)) delete state.chosen[name];
    render();
  }

  const counted = (facet) => {
    const counts = facet.values.map(() => 0);
    facet.rows.forEach((row) => row.forEach((position) => { counts[position] += 1; }));
    return facet.values.map((value, position) => [`${value} (${counts[position]})`, value]);
  };

  function facetControls() {
    const groups = new Map();
    for (const facet of facets) {
      const { name, label, shape } = facet;
      const chosen = () => state.chosen[name] ?? [];
      let controls;
      if (shape === "years") {
        const years = facet.values.map((year) => [year, year]);
        controls = [["from", 0], ["to", 1]].map(([text, end]) => selection(text, years, chosen()[end] ?? "", (year) => {
          const span = [...chosen(), "", ""].slice(0, 2);
          span[end] = year;
          choose(name, span);
        }));
      } else if (shape === "one") {
        controls = [selection(label, counted(facet), chosen()[0] ?? "", (value) => choose(name, value ? [value] : []))];
      } else {
        controls = counted(facet).map(([text, value]) => choice(text, chosen().includes(value), (on) => {
          choose(name, [...chosen().filter((one) => one !== value), ...(on ? [value] : [])]);
        }));
      }
      const title = facet.group || (shape === "one" ? "Answers" : label);
      groups.set(title, [...(groups.get(title) ?? []), ...controls]);
    }
    return [...groups].map(([title, controls]) => make("fieldset", {}, make("legend", {}, title), make("div", {}, ...controls)));
  }

  const columnControls = () => [make("fieldset", {}, make("legend", {}, "Columns shown"), ...columns.slice(1).map((column, at) =>
    choice(headings[at + 1], !state.hide.includes(column), (on) => {
      state.hide = on ? state.hide.filter((one) => one !== column) : [...state.hide, column];
      render();
    })))];

  function downloadControls() {
    const shown = () => columns.map((name, at) => ({ name, at })).filter(({ name }) => !state.hide.includes(name));
    const pass = (ending, type, text) => offer(`${data.kind ?? "row"}s-in-view.${ending}`, type, text);
    const buttons = [
      button("CSV", () => pass("csv", "text/csv", asCsv(shown(), matches))),
      button("JSON", () => pass("json", "application/json", asJson(shown(), matches))),
    ];
    const file = `${document.documentElement.dataset.content_root ?? ""}data/references.bib`;
    if (data.kind === "paper") buttons.push(button("BibTeX", async () => {
      try {
        const answer = await fetch(file);
        if (!answer.ok) throw answer;
        pass("bib", "application/x-bibtex", someBibtex(await answer.text(), new Set(matches.map((row) => row.id))));
      } catch {
        status.replaceChildren("From a folder only ", make("a", { href: file }, "all references"), " can be had.");
      }
    }));
    return [make("p", {}, "The rows in view, with the columns shown:"), ...buttons];
  }

  const search = make("input", {
    type: "search",
    value: state.q,
    autocomplete: "off",
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state.q = search.value; render(); }, 120);
    },
  });
  const compare = button("Compare", () => {
    comparing = !comparing;
    if (!comparing) state.compare = [];
    tick();
    keep();
  });
  const clear = button("Clear all", () => {
    state = readState("", prefix, known);
    search.value = "";
    comparing = false;
    panels.forEach((panel) => panel.refill());
    render();
  });
  const more = button("", () => {
    state.all = "1";
    render();
    (matches[LIMIT].link ?? region).focus();
  });
  more.className = "explorer-more";
  const panels = [disclosure("Filters", facetControls), disclosure("Columns", columnControls), disclosure("Download", downloadControls)];
  const [filters, shownColumns] = panels;
  filters.hidden = !facets.length;
  compare.hidden = !data.kind;
  const bar = make("div", { className: "explorer-bar" }, make("label", {}, "Search", search), ...panels, compare, clear);
  region.before(make("div", { className: "explorer", role: "search", ariaLabel: table.caption.textContent }, bar, status), side);
  region.after(more);

  // --- What is in view ---
  const at = () => columns.indexOf(state.sort.replace(/^-/, ""));

  function attach(left = state.all ? Infinity : LIMIT) {
    for (const { body, heading } of bodies) {
      const own = bodies.length > 1 ? matches.filter((row) => row.body === body) : matches;
      const shown = own.slice(0, left);
      left -= shown.length;
      body.replaceChildren(...(heading && shown.length ? [heading] : []), ...shown.map((row) => row.element));
    }
  }

  function tick() {
    compare.ariaPressed = comparing;
    side.hidden = !comparing;
    for (const row of rows) {
      if (comparing && row.element.isConnected) {
        row.box ??= pick(row);
        if (!row.box.parentNode) row.element.cells[0].prepend(row.box);
        const box = row.box.firstChild;
        box.checked = state.compare.includes(row.id);
        box.disabled = !box.checked && state.compare.length >= 4;
      } else if (!comparing) row.box?.remove();
    }
    if (!comparing) return;
    const chosen = state.compare.map((id) => records.get(id));
    if (chosen.length < 2) side.replaceChildren(make("p", {}, "Tick two to four rows of the table to see them side by side."));
    else if (side.dataset.shown !== String(state.compare)) showComparison(side, make, chosen, headings);
    side.dataset.shown = chosen.length < 2 ? "" : String(state.compare);
  }

  function pick(row) {
    const label = choice("", false, (on) => {
      state.compare = [...state.compare.filter((id) => id !== row.id), ...(on ? [row.id] : [])];
      tick();
      keep();
    });
    label.className = "explorer-pick";
    label.firstChild.ariaLabel = `Compare ${row.link?.textContent ?? ""}`;
    return label;
  }

  const keep = () => {
    const query = writeState(location.search, prefix, facets, state);
    history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
  };

  function render(remember = true) {
    const column = at();
    const descending = state.sort.startsWith("-");
    const direction = descending ? "descending" : "ascending";
    matches = arranged(matching(rows, facets, state), column, descending, data.sort?.[column]);
    attach();
    heads.forEach((head, position) => {
      head.ariaSort = position === column ? direction : null;
    });
    const hidden = state.hide.map((name) => `#${CSS.escape(table.id)} tr > :nth-child(${columns.indexOf(name) + 1})`);
    sheet.replaceSync(hidden.length ? `${hidden} { display: none }` : "");
    const order = column < 0 ? "" : `, sorted by ${headings[column]}, ${direction}`;
    const attached = !state.all && matches.length > LIMIT ? `, the first ${LIMIT} shown` : "";
    status.textContent = `${matches.length} of ${rows.length} rows${attached}${order}.`;
    more.hidden = !attached;
    more.textContent = `Show all ${matches.length} rows`;
    const narrowed = Object.keys(state.chosen).length;
    filters.firstChild.textContent = `Filters${narrowed ? ` (${narrowed})` : ""}`;
    shownColumns.firstChild.textContent = `Columns${hidden.length ? ` (${hidden.length} hidden)` : ""}`;
    tick();
    if (remember) keep();
  }

  heads.forEach((head, position) => head.append(make("button", {
    type: "button",
    onclick: () => {
      const name = columns[position];
      state.sort = state.sort === name ? `-${name}` : state.sort === `-${name}` ? "" : name;
      render();
    },
  }, ...head.childNodes)));
  addEventListener("beforeprint", () => attach(Infinity));
  addEventListener("afterprint", () => attach());
  render(false);
}

document.querySelectorAll(".comparison").forEach(explore);
