// The browser's DuckDB in Node: runs statements one after another and says what each gave, a line of JSON each.
"use strict";

const Module = require("node:module");
const fs = require("node:fs");
const path = require("node:path");

function plain(value) {
  if (value === undefined) return null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value && typeof value.toArray === "function" ? [...value].map(plain) : value;
}

// What runs one statement and gives its rows; `tables` are files of Arrow's stream format. Nothing is fetched.
async function open({ duckdb: folder, arrow, tables }) {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...rest) => (name === "apache-arrow" ? arrow : resolve(name, ...rest));
  const duckdb = require(path.join(folder, "duckdb-node-blocking.cjs"));
  const wasm = { mainModule: path.join(folder, "duckdb-eh.wasm"), mainWorker: "" };
  const engine = await duckdb.createDuckDB({ mvp: wasm, eh: wasm }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await engine.instantiate(() => {});
  engine.open({});
  const connection = engine.connect();
  const query = (sql) => connection.query(sql).toArray().map((row) => [...row].map(([, value]) => plain(value)));
  query("SET autoinstall_known_extensions = false");
  query("SET autoload_known_extensions = false");
  for (const [name, file] of Object.entries(tables)) {
    connection.insertArrowFromIPCStream(fs.readFileSync(file), { name, create: true });
  }
  return query;
}

function answer(query, sql) {
  try {
    return { rows: query(sql) };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

async function main() {
  const asked = JSON.parse(fs.readFileSync(0, "utf8"));
  const query = await open(asked);
  for (const sql of asked.statements) fs.writeFileSync(1, `${JSON.stringify(answer(query, sql))}\n`); // each at once
  process.exit(0);
}

module.exports = { open };
if (require.main === module) main();
