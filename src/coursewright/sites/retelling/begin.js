// Loads what tells a page again; of a page that is opened as a file, which may load nothing, it says why it cannot.
"use strict";

(() => {
  if (location.protocol !== "file:") return import(new URL("page.mjs", document.currentScript.src));
  const { words, spoken } = 'SAID';
  const said = Object.assign(document.createElement("p"), { className: "stays", ...spoken, textContent: words.file });
  return document.querySelector("dl.parameters")?.after(said);
})();
