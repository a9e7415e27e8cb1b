// Pages told again for what is in their addresses, each beside the same page as it was built for that: from JSON on
// standard input, a list of pairs of addresses, to a list of pairs of the HTML of their contents.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const { base, pairs, executablePath } = JSON.parse(fs.readFileSync(0, "utf8"));

// What the page says: without the form, and without what hangs on how it was come by.
function content() {
  const main = document.querySelector("main").cloneNode(true);
  const scripts = ["form.retell", "nav.run", "dl.parameters", "script", ".table-scroll", ".table-filter", ".table-download"];
  for (const one of main.querySelectorAll(scripts.join(", "))) one.remove();
  for (const one of main.querySelectorAll("[data-retold], [data-stays], [data-held]")) one.replaceWith(...one.childNodes);
  for (const one of main.querySelectorAll("[tabindex], [aria-describedby]")) {
    one.removeAttribute("tabindex");
    one.removeAttribute("aria-describedby");
  }
  for (const button of main.querySelectorAll("th > button")) button.replaceWith(...button.childNodes);
  for (const figure of main.querySelectorAll("figure")) {
    const picture = figure.querySelector("svg"); // drawn by another library: what it says is the same
    if (picture) figure.replaceChildren(picture.getAttribute("aria-label"), ...figure.querySelectorAll("figcaption"));
  }
  const title = document.title;
  main.normalize();
  return `${title}\n${main.innerHTML.replace(/<!--.*?-->/g, "").replace(/\s*\n\s*/g, "")}`;
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const refused = [];
  const context = await browser.newContext();
  const plain = await browser.newContext({ javaScriptEnabled: true });
  for (const one of [context, plain]) {
    await one.route("**/*", (route) => {
      const address = route.request().url();
      if (address.startsWith(base) || address.startsWith("blob:")) return route.continue();
      refused.push(address);
      return route.abort();
    });
  }
  await plain.route("**/*.js", (route) => route.abort());
  const [tab, other] = [await context.newPage(), await plain.newPage()];
  const errors = [];
  tab.on("pageerror", (error) => errors.push(String(error)));
  const status = "form.retell [role=status]";
  const [found, fetched] = [[], []];
  tab.on("request", (request) => fetched.push(request.url()));
  let early = null; // of what draws charts
  for (const [again, built] of pairs) {
    const [path, query] = again.split("?");
    if (!tab.url().startsWith(base + path)) await tab.goto(base + path);
    await tab.waitForSelector("form.retell");
    early ??= fetched.filter((name) => /plot-|chart/.test(name));
    await tab.evaluate((search) => {
      history.pushState(null, "", search);
      document.querySelector("form.retell [role=status]").textContent = "";
      dispatchEvent(new PopStateEvent("popstate"));
    }, `?${query}`);
    await tab.waitForFunction((at) => /^(Told|This cannot)/.test(document.querySelector(at)?.textContent), status, { timeout: 120000 });
    await other.goto(base + built);
    found.push([await tab.textContent(status), await tab.evaluate(content), await other.evaluate(content)]);
  }
  await browser.close();
  await new Promise((done) => process.stdout.write(JSON.stringify({ found, refused, errors, early }), done)); // more than a pipe holds
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
