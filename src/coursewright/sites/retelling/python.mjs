// Texts that SQL cannot tell: the engine finds the rows, and Coursewright's own Python tells them.

const plain = (value) => (value && typeof value.toArray === "function" ? [...value] : value);

// The texts of each row, in their order. Nothing of Python is loaded before the first is asked for.
export async function elsewhere(telling, rows, where) {
  if (!rows.length) return [];
  const { ask } = await import("../runtimes/ask.mjs");
  const { texts } = await ask(where, "coursewright.words.door.elsewhere", { telling, rows: rows.map((row) => row.map(plain)) });
  return texts;
}
