// Another page, chosen: what a reader with a keyboard, with and without scripts, sees of it in a folder.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const [base, executablePath] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const found = { errors: [] };
  const context = await browser.newContext();
  const tab = await context.newPage();
  const loaded = [];
  tab.on("request", (request) => loaded.push(request.url()));
  tab.on("pageerror", (error) => found.errors.push(String(error)));
  await tab.goto(`${base}/races/1950-2.html`);
  found.before = loaded.filter((address) => address.includes("/choose/"));
  // by keyboard alone: the summary, the season, the race, the button
  await tab.focus(".choose summary");
  await tab.keyboard.press("Enter");
  await tab.waitForSelector(".choose form");
  found.fields = await tab.$$eval(".choose label", (labels) => labels.map((label) => label.firstChild.textContent));
  found.chosen = await tab.$$eval(".choose select", (fields) => fields.map((one) => one.selectedOptions[0].textContent));
  await tab.addScriptTag({ path: require.resolve("axe-core") });
  found.axe = await tab.evaluate(async () => (await axe.run()).violations.map((one) => one.id));
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("End");
  found.offered = await tab.$$eval(".choose label:last-of-type option", (list) => list.map((one) => one.textContent));
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("Home");
  await tab.keyboard.press("Tab");
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press("Enter")]);
  found.opened = await tab.textContent("h1");
  found.all = await tab.textContent(".choose a");
  await tab.goto(`${base}/index.html`);
  await tab.click(".choose summary");
  await tab.waitForSelector(".choose form");
  found.front = await tab.$$eval(".choose option", (list) => list.map((one) => one.textContent));
  const broken = await browser.newContext();
  await broken.route("**/choose/**", (route) => route.abort());
  const lost = await broken.newPage();
  await lost.goto(`${base}/races/1950-2.html`);
  await lost.click(".choose summary");
  await lost.waitForFunction(() => document.querySelector(".choose [role=status]").textContent);
  found.missing = await lost.textContent(".choose [role=status]");
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${base}/races/1950-2.html`);
  found.plain = await plain.textContent("p.choose");
  await browser.close();
  fs.writeFileSync(1, JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
