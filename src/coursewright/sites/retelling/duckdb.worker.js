// The worker of the browser's DuckDB: its engine is packed, and is unpacked and compiled while it comes.
"use strict";

importScripts("unpack.js");
const fetched = self.fetch;
self.fetch = async (asked, options) => {
  const answer = await fetched(asked, options);
  if (!String(asked.url ?? asked).endsWith(".wasm.gz")) return answer;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return new Response(await unpacked(answer), { headers: { "content-type": "application/wasm" } });
};
// Where the engine does not come, DuckDB says nothing.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  postMessage({ stopped: String(event.reason) });
});
importScripts("duckdb-browser-eh.worker.js");
