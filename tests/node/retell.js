// Facts of many moments, found and told by retell.mjs in the browser's DuckDB: from JSON on standard input to JSON.
"use strict";

const fs = require("node:fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const { open } = require(asked.engine);

async function main() {
  const run = await open(asked);
  const query = async (sql) => run(sql);
  const retell = await import(asked.script);
  for (const sql of asked.prelude) await query(sql);
  const told = [];
  for (const moment of asked.moments) {
    await retell.choose(query, moment);
    await retell.settle(query, asked.told);
    told.push(await retell.facts(query, asked.told, { limit: Infinity, least: -Infinity }));
  }
  const hashed = asked.keys.map(([text, kind]) => String(retell.keyHash(text, kind)));
  fs.writeFileSync(1, JSON.stringify({ told, hashed }));
  process.exit(0);
}

main();
