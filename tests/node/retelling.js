// A page that is told again where it is read: what a reader with a keyboard, with and without scripts, sees of it.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const [base, page, executablePath] = process.argv.slice(2);

async function told(tab) {
  return tab.evaluate(() => ({
    status: document.querySelector("form.retell [role=status]")?.textContent ?? null,
    blocks: [...document.querySelectorAll("[data-retold]")].map((block) => [...block.querySelectorAll("li, p:not(.table-scroll)")].map((one) => one.textContent)),
    cells: [...document.querySelectorAll("[data-retold] td")].map((one) => one.textContent),
    sorts: document.querySelectorAll("[data-retold] th button").length,
    downloads: document.querySelectorAll(".table-download").length,
    query: location.search,
    stays: [...document.querySelectorAll("p.stays")].map((one) => one.textContent),
    chosen: [...document.querySelectorAll("form.retell select")].map((select) => select.value),
  }));
}

async function audited(tab) {
  await tab.addScriptTag({ path: require.resolve("axe-core") });
  return tab.evaluate(async () => (await axe.run()).violations.map((one) => one.id));
}

const finished = (tab) =>
  tab.waitForFunction(() => /^(Told|This cannot)/.test(document.querySelector("form.retell [role=status]")?.textContent), null, { timeout: 120000 });

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const found = { refused: [], fetched: [], errors: [] };
  const open = async (options = {}) => {
    const context = await browser.newContext({ serviceWorkers: "block", ...options }); // whose requests no route sees
    await context.route("**/*", (route) => {
      const address = route.request().url();
      if (address.startsWith(base) || address.startsWith("blob:")) {
        found.fetched.push(address.slice(base.length));
        return route.continue();
      }
      found.refused.push(address);
      return route.abort();
    });
    const tab = await context.newPage();
    tab.on("pageerror", (error) => found.errors.push(String(error)));
    return tab;
  };
  const tab = await open();
  await tab.goto(base + page);
  await tab.waitForSelector("form.retell");
  found.before = [...found.fetched];
  found.built = await told(tab);
  // by keyboard alone
  await tab.focus("form.retell select");
  await tab.keyboard.press("End");
  await tab.waitForFunction(() => document.querySelectorAll("form.retell select")[1].options.length === 4);
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("End");
  await tab.keyboard.press("Tab");
  await tab.waitForLoadState("networkidle");
  found.chosen = found.fetched.filter((name) => !found.before.includes(name));
  await tab.keyboard.press("Enter");
  await finished(tab);
  found.other = await told(tab);
  found.axe = await audited(tab);
  await tab.goBack();
  await tab.waitForFunction((now) => document.querySelector("form.retell [role=status]").textContent !== now, found.other.status);
  await finished(tab);
  found.back = await told(tab);
  await tab.goForward();
  await finished(tab);
  found.forward = await told(tab);
  await tab.goto(`${base}${page}?year=2020&town=Bergen`);
  await finished(tab);
  found.missing = await told(tab);
  await tab.goto(`${base}${page}?year=2020&town=Paris`);
  await finished(tab);
  found.none = await told(tab);
  const plain = await open({ javaScriptEnabled: false });
  await plain.goto(base + page);
  found.plain = await plain.textContent("main");
  const broken = await open();
  await broken.route("**/*.wasm.gz", (route) => route.abort());
  await broken.goto(`${base}${page}?year=2020&town=Bergen`);
  await finished(broken);
  found.broken = await told(broken);
  await browser.close();
  fs.writeFileSync(1, JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
