// A page in which files of the reader's stand in the place of its tables: does what each step says and prints, after
// each, what the reader sees; beside it pages as they were built. Reads JSON from standard input.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const { base, page, executablePath, steps, built, init } = JSON.parse(fs.readFileSync(0, "utf8"));

// What the page says: without the form, and without what hangs on how it was come by.
function content() {
  const main = document.querySelector("main").cloneNode(true);
  const scripts = ["form.retell", ".own", "nav.run", "dl.parameters", "script", ".table-scroll", ".table-filter", ".table-download", "p.stays"];
  for (const one of main.querySelectorAll(scripts.join(", "))) one.remove();
  for (const one of main.querySelectorAll("[data-retold], [data-stays], [data-held]")) one.replaceWith(...one.childNodes);
  for (const one of main.querySelectorAll("[tabindex], [aria-describedby]")) {
    one.removeAttribute("tabindex");
    one.removeAttribute("aria-describedby");
  }
  for (const button of main.querySelectorAll("th > button")) button.replaceWith(...button.childNodes);
  main.normalize();
  return `${document.title}\n${main.innerHTML.replace(/<!--.*?-->/g, "").replace(/\s*\n\s*/g, "")}`;
}

const seen = (tab) =>
  tab.evaluate(() => ({
    says: [...document.querySelectorAll(".own [role=status] > p")].map((one) => one.textContent),
    problems: [...document.querySelectorAll(".own .problems li")].map((one) => one.textContent),
    status: document.querySelector("form.retell [role=status]").textContent,
    chosen: [...document.querySelectorAll("form.retell select")].map((one) => one.value),
    stays: [...document.querySelectorAll("p.stays")].map((one) => one.textContent),
    focus: document.activeElement.textContent.trim() || document.activeElement.localName,
  }));

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ serviceWorkers: "block" });
  const [fetched, outside, errors, sent] = [[], [], [], []];
  await context.route("**/*", (route) => {
    const request = route.request();
    if (request.method() !== "GET" || request.postData()) sent.push(request.url());
    if (request.url().startsWith(base) || request.url().startsWith("blob:")) {
      fetched.push(request.url().slice(base.length));
      return route.continue();
    }
    outside.push(request.url());
    return route.abort();
  });
  const tab = await context.newPage();
  tab.on("pageerror", (error) => errors.push(String(error)));
  if (init) await tab.addInitScript(init);
  await tab.goto(base + page);
  await tab.waitForSelector(".own summary");
  const before = [...fetched];
  await tab.focus(".own summary");
  await tab.keyboard.press("Enter");
  await tab.waitForSelector(".own input");
  const opened = fetched.filter((name) => !before.includes(name));
  const found = [];
  const settled = (text) => tab.waitForFunction((was) => {
    const said = document.querySelector(".own [role=status] > p")?.textContent ?? "";
    return said && said !== was && !said.endsWith("…");
  }, text, { timeout: 120000 });
  for (const step of steps) {
    await tab.evaluate(() => document.querySelector(".own [role=status]").replaceChildren());
    if (step.file) {
      await tab.setInputFiles(".own input", step.file);
      await settled("");
    } else if (step.back) {
      await tab.focus(".own button:not([hidden])");
      await tab.keyboard.press("Enter");
      await settled("");
    } else {
      for (const [name, value] of step.choose) await tab.selectOption(`form.retell select[name=${name}]`, value);
      await tab.evaluate(() => (document.querySelector("form.retell [role=status]").textContent = ""));
      await tab.click("form.retell button");
      await tab.waitForFunction(() => /\.$/.test(document.querySelector("form.retell [role=status]").textContent), null, { timeout: 120000 });
    }
    found.push({ ...(await seen(tab)), page: await tab.evaluate(content) });
  }
  await tab.addScriptTag({ path: require.resolve("axe-core") });
  const axe = await tab.evaluate(async () => (await axe.run()).violations.map((one) => one.id));
  const plain = await browser.newPage();
  await plain.route("**/*.js", (route) => route.abort());
  const pages = [];
  for (const name of built) {
    await plain.goto(base + name);
    pages.push(await plain.evaluate(content));
  }
  await browser.close();
  const whole = JSON.stringify({ before, opened, found, pages, outside, sent, errors, axe, fetched });
  await new Promise((done) => process.stdout.write(whole, done)); // more than a pipe holds
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
