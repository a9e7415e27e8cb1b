// The browser's DuckDB in Node: runs statements one after another and says what each gave, a line of JSON each.
"use strict";

const Module = require("node:module");
const fs = require("node:fs");
const path = require("node:path");

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => (name === "apache-arrow" ? asked.arrow : resolve(name, ...rest));
const duckdb = require(path.join(asked.duckdb, "duckdb-node-blocking.cjs"));

function plain(value) {
  if (typeof value === "bigint") return value.toString();
  if (value && typeof value.toArray === "function") return [...value].map(plain);
  return value;
}

async function open() {
  const wasm = { mainModule: path.join(asked.duckdb, "duckdb-eh.wasm"), mainWorker: "" };
  const engine = await duckdb.createDuckDB({ mvp: wasm, eh: wasm }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await engine.instantiate(() => {});
  engine.open({ allowUnsignedExtensions: false });
  const connection = engine.connect();
  connection.query("SET autoinstall_known_extensions = false");
  connection.query("SET autoload_known_extensions = false");
  return connection;
}

function run(connection, sql) {
  try {
    const rows = connection.query(sql).toArray();
    return { rows: rows.map((row) => [...row].map(([, value]) => plain(value))) };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

open().then((connection) => {
  for (const [name, file] of Object.entries(asked.tables)) {
    connection.insertArrowFromIPCStream(fs.readFileSync(file), { name, create: true });
  }
  const said = asked.statements.map((sql) => JSON.stringify(run(connection, sql)));
  fs.writeSync(1, said.join("\n") + "\n");
  process.exit(0);
});
