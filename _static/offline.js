// From a folder browsers load no modules: the build also writes them as one plain script.
if (location.protocol === "file:") {
  const script = document.createElement("script");
  script.src = new URL("explorer-offline.js", document.currentScript.src);
  document.head.append(script);
}
