// The rows in view as a file: every match, the columns that are shown.

import { cellText } from "./rows.js";

// A spreadsheet would run a cell that begins like a formula.
const guarded = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const asCsv = (heads, rows) =>
  [["id", ...heads.map((head) => head.name)], ...rows.map((row) => [row.id, ...heads.map((head) => cellText(row.element.cells[head.at]))])]
    .map((line) => line.map((text) => quoted(guarded(text))).join(",") + "\r\n").join("");

export const asJson = (heads, rows) =>
  JSON.stringify(rows.map((row) => ({ id: row.id, ...Object.fromEntries(heads.map((head) => [head.name, cellText(row.element.cells[head.at])])) })), null, 1) + "\n";

// An entry's key is its record's id.
export const someBibtex = (text, ids) => text.split(/^(?=@)/m).filter((entry) => ids.has(/^@\w+\{([^,\s]+)/.exec(entry)?.[1])).join("");

export function offer(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
