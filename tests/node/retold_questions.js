// The questions of a page that is told again, for one choice after another: from JSON on standard input to what they ask.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const { address, executablePath, choices } = JSON.parse(fs.readFileSync(0, "utf8"));

const state = (tab) =>
  tab.evaluate(() => ({
    texts: [...document.querySelectorAll(".cw-set")].map((set) => set.querySelector(".cw-question:not([hidden]) .cw-text").textContent.trim()),
    stays: [...document.querySelectorAll("p.stays")].map((one) => one.nextElementSibling.querySelector("[data-question]").dataset.question),
  }));

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ serviceWorkers: "block" });
  await context.route("**/pyodide*/**", (route) => route.abort());
  const tab = await context.newPage();
  const [fetched, errors] = [[], []];
  tab.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  tab.on("pageerror", (error) => errors.push(String(error)));
  await tab.goto(address, { waitUntil: "networkidle" });
  const before = [...fetched];
  const states = [await state(tab)];
  for (const choice of choices) {
    await tab.selectOption("form.retell select", choice);
    await tab.click("form.retell button");
    await tab.waitForFunction(
      (wanted) => {
        const said = document.querySelector("form.retell [role=status]").textContent;
        return said.startsWith("This cannot") || said.includes(`${wanted}.`);
      },
      choice,
      { timeout: 120000 },
    );
    const found = await state(tab);
    if (choice === choices[0]) {
      const set = tab.locator(".cw-set").first();
      await set.locator(".cw-question:not([hidden])").getByRole("button", { name: "Another variant" }).click();
      await set.locator(".cw-quiet").first().waitFor();
      found.which = await set.locator(".cw-question:not([hidden]) p.cw-quiet").first().textContent();
      found.more = (await state(tab)).texts[0];
    }
    states.push(found);
  }
  await browser.close();
  fs.writeFileSync(1, JSON.stringify({ states, fetched, before, errors }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
