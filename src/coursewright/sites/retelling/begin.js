// Loads what tells a page again; of a page that is opened as a file, which may load nothing, it says why it cannot.
"use strict";

(() => {
  if (location.protocol !== "file:") return import(new URL("page.mjs", document.currentScript.src));
  const said = document.createElement("p");
  said.className = "stays";
  if (!document.documentElement.lang.startsWith("en")) said.lang = "en";
  said.textContent = "Opened as a file, this page cannot be told for another choice; from any server it can, such as coursewright serve.";
  return document.querySelector("dl.parameters")?.after(said);
})();
