// A table's rows: which of them a choice leaves, and in which order. Nothing on the page is changed here.

export const LIMIT = 100; // rows that are attached at first; layout costs, not script
const MISSING = new Set(["unknown", "not-stated", "none", "not-released", "no-mark"]);
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Lines are joined as in the data files.
export function cellText(cell) {
  const lines = cell.querySelectorAll(":scope > p");
  return (lines.length ? [...lines].map((line) => line.textContent).join("; ") : cell.textContent).trim();
}

// Each row becomes positions among the facet's values; the code has one digit a row, or numbers with bars between rows.
export function decodeFacet([name, label, shape, group, values, code]) {
  const rows = /[| ]/.test(code)
    ? code.split("|").map((row) => (row ? row.split(" ").map(Number) : []))
    : [...code].map((digit) => (digit === "-" ? [] : [parseInt(digit, 36)]));
  return { name, label, shape, group, values, rows };
}

export function readRows(table) {
  const rows = [];
  for (const body of table.tBodies) {
    for (const element of body.rows) {
      if (element.classList.contains("group") || element.cells.length < 2) continue;
      const link = element.cells[0].querySelector("a");
      const id = link ? /([^/]+?)(\.html|\/)?$/.exec(link.pathname)[1] : "";
      rows.push({ element, body, link, id, number: rows.length });
    }
  }
  return rows;
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
