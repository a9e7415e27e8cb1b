// Texts that SQL cannot tell: the engine finds the rows, and Coursewright's own Python tells them.

const plain = (value) => (value && typeof value.toArray === "function" ? [...value] : value);

// A text for each row, in their order. Nothing of Python is loaded before the first is asked for.
export async function elsewhere(query, told, where) {
  const rows = (await query(told.rows)).map((row) => row.map(plain));
  const { ask } = await import("../runtimes/ask.mjs");
  const { texts } = await ask(where, "coursewright.words.elsewhere", { telling: told.telling, rows });
  return texts.map(([text]) => text);
}
