// Records side by side: every fact from their pages, or the table's own cells where pages cannot be fetched (a site in a folder).

import { cellText } from "./rows.js";

async function factsOf(row, headings) {
  const facts = new Map();
  try {
    const page = new DOMParser().parseFromString(await (await fetch(row.link.href)).text(), "text/html");
    page.querySelectorAll(":is(.card, .verdicts) a").forEach((link) => { link.href = new URL(link.getAttribute("href"), row.link.href); });
    page.querySelectorAll(".evidence, .report").forEach((extra) => extra.remove());
    for (const fact of page.querySelectorAll(".card dl > div")) facts.set(fact.firstElementChild.textContent, [...fact.lastElementChild.childNodes]);
    const questions = [...page.querySelectorAll(".verdicts thead th")].map((head) => head.textContent.toLowerCase());
    for (const line of page.querySelectorAll(".verdicts tbody tr")) {
      questions.forEach((question, at) => facts.set(`Verdict, ${line.cells[0].textContent}: ${question}`, [...line.cells[at + 1].childNodes]));
    }
  } catch { /* as above */ }
  if (!facts.size) headings.slice(1).forEach((heading, at) => facts.set(heading, [...row.element.cells[at + 1].cloneNode(true).childNodes]));
  return facts;
}

// A fact that differs says so in words.
export async function showComparison(place, make, rows, headings) {
  const found = await Promise.all(rows.map((row) => factsOf(row, headings)));
  const labels = new Set(found.flatMap((facts) => [...facts.keys()]));
  const body = make("tbody");
  for (const label of labels) {
    const cells = found.map((facts) => make("td", {}, ...(facts.get(label) ?? ["–"])));
    const differs = new Set(cells.map((cell) => cellText(cell).replace(/\s+/g, " "))).size > 1;
    const head = make("th", { scope: "row" }, label, ...(differs ? [" ", make("b", { className: "mark disputed" }, "differs")] : []));
    body.append(make("tr", { className: differs ? "differs" : "same" }, head, ...cells));
  }
  const caption = `${rows.map((row) => row.link.textContent).join(", ")} side by side`;
  const heads = rows.map((row) => make("th", { scope: "col" }, make("a", { href: row.link.href }, row.link.textContent)));
  const table = make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, make("td"), ...heads)), body);
  const only = make("input", { type: "checkbox", onchange: () => table.classList.toggle("differences") });
  place.replaceChildren(
    make("label", {}, only, "Differences only"),
    make("div", { className: "comparison", role: "region", tabIndex: 0, ariaLabel: caption }, table),
  );
}
