// The worker of the browser's DuckDB. Its engine is packed, and is unpacked and compiled while it comes, before anybody
// asks for it: its name is what the address of this worker says.
"use strict";

importScripts("unpack.js");
const engine = fetch(location.search.slice(1)).then(async (answer) => {
  if (!answer.ok) throw new Error(`${answer.status}`);
  const headers = { "content-type": "application/wasm" };
  return WebAssembly.compileStreaming(new Response(await unpacked(answer), { headers }));
});
// Where the engine does not come, DuckDB says nothing.
engine.catch((reason) => postMessage({ stopped: String(reason) }));
const fetched = self.fetch;
self.fetch = (asked, options) => (/\.wasm\.gz$/.test(asked.url ?? asked) ? Promise.resolve(new Response()) : fetched(asked, options));
WebAssembly.instantiateStreaming = async (_, imports) => {
  const module = await engine;
  return { module, instance: await WebAssembly.instantiate(module, imports) };
};
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  postMessage({ stopped: String(event.reason) });
});
importScripts("duckdb-browser-eh.worker.js");
