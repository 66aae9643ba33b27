// A table's rows, what each has of each facet, and rows as files. Nothing on the page is changed here.

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

// A spreadsheet would run a cell that begins like a formula.
const guarded = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const records = (heads, rows) =>
  rows.map((row) => ({ id: row.id, ...Object.fromEntries(heads.map(({ name, at }) => [name, cellText(row.element.cells[at])])) }));

export const asCsv = (heads, rows) =>
  [["id", ...heads.map(({ name }) => name)], ...records(heads, rows).map(Object.values)]
    .map((line) => line.map((text) => quoted(guarded(text))).join(",") + "\r\n").join("");

export const asJson = (heads, rows) => JSON.stringify(records(heads, rows), null, 1) + "\n";

// An entry's key is its record's id.
export const someBibtex = (text, ids) => text.split(/^(?=@)/m).filter((entry) => ids.has(/^@\w+\{([^,\s]+)/.exec(entry)?.[1])).join("");

export function offer(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
