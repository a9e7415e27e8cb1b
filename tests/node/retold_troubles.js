// Pages told again where something is wrong: reads a list of visits from standard input, says what a reader sees of each.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const [base, executablePath] = process.argv.slice(2);

const LOST = {
  WebAssembly: "delete globalThis.WebAssembly",
  storage: `for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
    Object.defineProperty(globalThis, name, { get() { throw new DOMException("no", "SecurityError"); } });
  }
  History.prototype.pushState = () => { throw new DOMException("no", "SecurityError"); };`,
};

async function picked(tab, picks) {
  for (const [name, value] of picks) await tab.selectOption(`form.retell select[name=${name}]`, value);
  await tab.click("form.retell button");
}

async function visited(browser, { page, lost, missing, picks = [] }) {
  const context = await browser.newContext({ serviceWorkers: "block" }); // it would refuse what the test has changed
  if (lost) await context.addInitScript(LOST[lost]);
  if (missing) await context.route(missing, (route) => route.fulfill({ status: 404 }));
  const tab = await context.newPage();
  const errors = [];
  tab.on("pageerror", (error) => errors.push(String(error)));
  await tab.goto(base + page);
  for (const each of picks) await picked(tab, each); // one right after another
  const status = "form.retell [role=status]";
  await tab.waitForFunction((at) => /\.$/.test(document.querySelector(at)?.textContent), status, { timeout: 120000 });
  const found = await tab.evaluate(() => ({
    status: document.querySelector("form.retell [role=status]").textContent,
    texts: [...document.querySelectorAll("[data-retold] :is(li, p)")].map((one) => one.textContent),
    query: location.search,
    chosen: [...document.querySelectorAll("form.retell select")].map((select) => select.value),
  }));
  await context.close();
  return { ...found, errors };
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const found = [];
  for (const visit of JSON.parse(fs.readFileSync(0, "utf8"))) found.push(await visited(browser, visit));
  await browser.close();
  fs.writeFileSync(1, JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
