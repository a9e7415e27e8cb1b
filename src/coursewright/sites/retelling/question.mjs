// A question for what a reader chose: the variants that the build drew for that, and where further ones are.

import { Untold } from "./retell.mjs";

const at = (path) => new URL(`../runtimes/${path}`, import.meta.url);

// The question for these values of the parameters, or null where the one of the page holds, or there is none.
export async function asked({ fields, files }, chosen) {
  const file = files[JSON.stringify(fields.map((name) => String(chosen[name])))];
  if (!file) return null;
  const address = at(`questions/${file}`);
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) throw new Untold("missing");
  const { html } = await answer.json();
  if (!html) return null;
  const place = document.createElement("div");
  Object.assign(place.dataset, { more: address.href, by: at("more.mjs").href });
  place.innerHTML = html;
  return [place];
}
