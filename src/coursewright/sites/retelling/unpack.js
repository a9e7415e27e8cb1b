// What a site sends packed by gzip, unpacked as it comes: for the page, and for the worker of its database.
"use strict";

// The bytes of an answer as a stream. Some servers say that a file is packed, and the browser has unpacked it already.
globalThis.unpacked = async (answer) => {
  const reader = answer.body.getReader();
  const { value: first = new Uint8Array() } = await reader.read();
  const whole = new ReadableStream({
    start: (into) => into.enqueue(first),
    pull: async (into) => {
      const { done, value } = await reader.read();
      return done ? into.close() : into.enqueue(value);
    },
  });
  return first[0] === 0x1f && first[1] === 0x8b ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
};
