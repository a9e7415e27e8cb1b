// Tables written by table.mjs from what the browser's DuckDB gives: from JSON on standard input to their HTML.
"use strict";

const fs = require("node:fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const { open } = require(asked.engine);

async function main() {
  const run = await open(asked);
  const query = async (sql) => run(sql);
  const { retable } = await import(asked.script);
  const written = [];
  for (const { rule, told } of asked.rules) {
    written.push(await retable(query, rule, told).catch((error) => `error: ${error.message}`));
  }
  fs.writeFileSync(1, JSON.stringify(written));
  process.exit(0);
}

main();
