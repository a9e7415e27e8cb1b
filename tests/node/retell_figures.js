// What charts show, in words, by shown.mjs and the browser's DuckDB: from JSON on standard input to texts, or null where
// none is drawn.
"use strict";

const fs = require("node:fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const { open } = require(asked.engine);

async function main() {
  const query = await open(asked);
  const { shown } = await import(asked.script);
  const { filled } = await import(asked.script.replace("shown.mjs", "table.mjs"));
  const texts = asked.rules.map((rule) => {
    const said = Object.fromEntries(Object.entries(rule.said).map(([name, pieces]) => [name, filled(pieces, { year: "2018" })]));
    try {
      return shown(rule, query(rule.rows), said).alt;
    } catch (error) {
      return error.said ? null : String(error.stack);
    }
  });
  fs.writeFileSync(1, JSON.stringify(texts));
  process.exit(0);
}

main();
