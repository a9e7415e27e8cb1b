// A page at an address with a choice, told again once: the texts of its blocks, and if asked for, what was fetched.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const [address, executablePath, more] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const tab = await browser.newPage();
  const fetched = [];
  tab.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  tab.context().on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await tab.goto(address);
  const status = "form.retell [role=status]";
  await tab.waitForFunction((at) => /^(Told|This cannot)/.test(document.querySelector(at)?.textContent), status, { timeout: 120000 });
  const said = await tab.textContent(status);
  if (!said.startsWith("Told")) throw new Error(said);
  const told = await tab.evaluate(() =>
    [...document.querySelectorAll("[data-retold]")].map((block) => [...block.querySelectorAll("li, p")].map((one) => one.textContent)),
  );
  await browser.close();
  fs.writeFileSync(1, JSON.stringify(more ? { told, fetched: [...new Set(fetched)] } : told));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
