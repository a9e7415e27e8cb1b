// The browser's DuckDB in a worker, with the tables of a page. One that does not answer in time is stopped for good.

import "./unpack.js";
import { Untold } from "./retell.mjs";

export const at = (name) => new URL(name, import.meta.url).href;

export function loaded(address) {
  return new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.onload = done;
    script.onerror = () => failed(new Untold("missing"));
    document.head.append(script);
  });
}

export async function bytes(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) throw new Untold("missing");
  return new Uint8Array(await new Response(await unpacked(answer)).arrayBuffer());
}

function plain(value) {
  if (value === undefined) return null;
  return typeof value === "bigint" ? Number(value) : value;
}

// What asks the engine, in the order of the questions, and waits for each answer at most so many seconds.
function asking(connection, worker, seconds, failed) {
  const waiting = new Set();
  let timer = null;
  const watch = () => {
    clearTimeout(timer);
    if (waiting.size) timer = setTimeout(stop, 1000 * seconds);
  };
  function stop() {
    worker.terminate();
    for (const refuse of waiting) refuse(new Untold("slow", { seconds }));
  }
  return async (sql) => {
    let refuse = null;
    const late = new Promise((_, no) => (refuse = no));
    late.catch(() => {});
    waiting.add(refuse);
    if (waiting.size === 1) watch();
    try {
      const rows = await Promise.race([connection.query(sql), failed, late]);
      return rows.toArray().map((row) => [...row].map(([, value]) => plain(value)));
    } catch (error) {
      throw error instanceof Untold ? error : new Untold("refused", { error: String(error.message).split("\n")[0] });
    } finally {
      waiting.delete(refuse);
      watch();
    }
  };
}

// What fails when the worker does.
function failing(worker) {
  const failed = new Promise((_, no) => {
    worker.addEventListener("error", () => no(new Untold("no_start")));
    worker.addEventListener("message", (event) => {
      if (!event.data?.stopped) return;
      event.stopImmediatePropagation(); // it is none of DuckDB's
      no(new Untold("no_start"));
    });
  });
  failed.catch(() => {}); // it may come when nobody waits for it
  return failed;
}

async function begun(told, files, worker) {
  const failed = failing(worker);
  const ahead = Object.assign(document.createElement("link"), { rel: "modulepreload", href: at("duckdb-browser.mjs") });
  document.head.append(ahead); // it needs Arrow to begin, and not to come
  if (!globalThis.Arrow) await loaded(at("arrow.js"));
  const duckdb = await import("./duckdb-browser.mjs").catch(() => { throw new Untold("missing"); });
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await Promise.race([database.instantiate(at(told.engine)), failed]);
  await database.open({});
  const connection = await database.connect();
  const query = asking(connection, worker, told.seconds, failed);
  const alone = ["SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false"];
  const prepared = query([...alone, ...told.prelude].join(";\n"));
  prepared.catch(() => {}); // which is met below
  const inserted = (await files).map(([name, content]) => connection.insertArrowFromIPCStream(content, { name, create: true }));
  await Promise.all([prepared, ...inserted]);
  query.put = (name, columns, lines) => put(connection, query, name, columns, lines);
  return query;
}

// A table of texts in the engine, called `c0` and so on, each row with its line.
async function put(connection, query, name, columns, lines) {
  const { Int32, Table, Utf8, tableToIPC, vectorFromArray } = globalThis.Arrow;
  const named = columns.map((texts, at) => [`c${at}`, vectorFromArray(texts, new Utf8())]);
  const rows = new Table({ line: vectorFromArray(lines, new Int32()), ...Object.fromEntries(named) });
  await query(`DROP TABLE IF EXISTS ${name}`);
  await connection.insertArrowFromIPCStream(tableToIPC(rows, "stream"), { name, create: true });
}

// What asks the engine, over the tables of a page. Raises Untold, with what is to be said.
export async function open(told) {
  for (const name of ["WebAssembly", "Worker", "DecompressionStream"]) {
    if (!(name in globalThis)) throw new Untold("no_part", { name });
  }
  const worker = new Worker(`${at("duckdb.worker.js")}?${told.engine}`); // which begins with what takes longest
  const files = Promise.all(Object.entries(told.tables).map(async ([name, file]) => [name, await bytes(at(file))]));
  files.catch(() => {});
  try {
    return await begun(told, files, worker);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
