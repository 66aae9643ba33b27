// A button that copies a citation; downloading it works without.
for (const text of navigator.clipboard ? document.querySelectorAll("pre.citation") : []) {
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy the BibTeX of ${text.dataset.what}`);
  said.setAttribute("role", "status");
  button.addEventListener("click", () => navigator.clipboard.writeText(text.textContent).then(() => { said.textContent = " copied"; }, () => { said.textContent = " not copied"; }));
  text.nextElementSibling.append(" ", button, said);
}
