// The recipe form: combine what the build worked out for each ingredient. No licence rule is known here: the worst answer
// counts, reasons and duties add up, and pairs of licences that exclude each other come from the build.
"use strict";

function combine(ingredients, choice) {
  const base = ingredients.bases.find((one) => one.id === choice.base);
  const data = choice.data.map((id) => ingredients.data.find((one) => one.id === id)).filter(Boolean);
  const parts = [...(base ? [base] : []), ...data].map((one) => ({ name: one.name, ...one.parts[choice.question] }));
  const rank = (answer) => ingredients.order.indexOf(answer);
  let answer = parts.reduce((worst, part) => (rank(part.answer) < rank(worst) ? part.answer : worst), "not-released");
  const excluded = new Map();
  if (choice.merge && choice.question === "redistribution") {
    const known = new Set(ingredients.excluded.map((pair) => pair.join("\n")));
    data.forEach((first, index) => data.slice(index + 1).forEach((second) => first.shareAlike.forEach((one) => second.shareAlike.forEach((other) => {
      const key = [one, other].sort().join("\n");
      if (known.has(key)) excluded.set(key, key.split("\n"));
    }))));
    if (excluded.size) answer = "no";
  }
  const all = (name) => [...new Set(parts.flatMap((part) => part[name]))].sort();
  return { answer, parts, excluded: [...excluded.values()].sort(), requires: all("requires"), restricts: all("restricts"), scope: all("scope") };
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function start(form) {
  const ingredients = JSON.parse(document.querySelector(".recipe-ingredients").textContent);
  const output = form.querySelector(".recipe-answer");
  const words = (text) => text.replaceAll("-", " ");

  const read = () => {
    const given = new FormData(form);
    return { base: given.get("base") || "", data: given.getAll("data"), question: given.get("question"), merge: given.get("merge") === "yes" };
  };

  const show = () => {
    const choice = read();
    const address = new URLSearchParams();
    if (choice.base) address.set("base", choice.base);
    choice.data.forEach((id) => address.append("data", id));
    address.set("question", choice.question);
    if (choice.merge) address.set("merge", "yes");
    history.replaceState(null, "", `#${address}`);
    output.replaceChildren();
    if (!choice.base && !choice.data.length) return output.append(element("p", "Choose a base model, data sets, or both."));
    const found = combine(ingredients, choice);
    const head = element("p", `${ingredients.questions[choice.question]} `);
    head.append(element("b", words(found.answer), found.answer));
    output.append(head);
    found.excluded.forEach(([one, other]) => output.append(element("p", `${one} and ${other} are share-alike licences that exclude each other: one work cannot be made of both.`)));
    const list = element("ul");
    found.parts.forEach((part) => {
      const item = element("li", `${part.name}: `);
      item.append(element("b", words(part.answer), part.answer));
      const reasons = element("ul");
      part.reasons.forEach((reason) => reasons.append(element("li", reason)));
      item.append(reasons);
      list.append(item);
    });
    output.append(list);
    if (found.scope.length) output.append(element("p", `Other models that are meant: ${found.scope.map((word) => ingredients.scopes[word]).join(" ")}`));
    if (found.restricts.length) output.append(element("p", `Limits: ${found.restricts.map(words).join(", ")}`));
    if (found.requires.length) output.append(element("p", `Duties: ${found.requires.map(words).join(", ")}`));
    const link = element("a", "Link to this recipe");
    link.href = location.href;
    output.append(link);
  };

  const saved = new URLSearchParams(location.hash.slice(1));
  const [wantedBase] = (saved.get("base") || "").split("/"); // the command takes a size too; the form knows whole models
  form.elements.base.value = ingredients.bases.some((one) => one.id === wantedBase) ? wantedBase : "";
  const wanted = new Set(saved.getAll("data"));
  form.querySelectorAll('[name="data"]').forEach((box) => { box.checked = wanted.has(box.value); });
  const questions = [...form.querySelectorAll('[name="question"]')];
  (questions.find((one) => one.value === saved.get("question")) || questions[0]).checked = true;
  form.elements.merge.checked = saved.get("merge") === "yes";
  document.querySelector(".recipe-without-scripts").hidden = true;
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}

document.querySelectorAll("form.recipe").forEach(start);
