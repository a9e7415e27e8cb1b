// Further variants of the questions of a page, as a reader asks for them: reads {address, executablePath, refuse} and in which
// blocks it is to be pressed, and prints what each question then shows, what was fetched and what axe finds.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");
const { address, executablePath, press, refuse } = JSON.parse(fs.readFileSync(0, "utf8"));

const shown = (tab) =>
  tab.evaluate(() =>
    [...document.querySelectorAll("[data-more]")].map((block) => {
      const section = block.querySelector(".cw-question:not([hidden])");
      return {
        which: section.querySelector(".cw-title + .cw-quiet")?.textContent ?? "",
        text: section.querySelector(".cw-text").textContent.trim(),
        said: [...section.querySelectorAll(".cw-buttons [role=status]")].map((one) => one.textContent).join(""),
        data: section.querySelector("script")?.textContent ?? "",
      };
    }),
  );

async function pressed(tab, at) {
  const section = tab.locator("[data-more]").nth(at).locator(".cw-question:not([hidden])");
  const button = section.getByRole("button", { name: "Another variant" });
  const before = (await shown(tab))[at];
  await button.focus();
  await tab.keyboard.press("Enter");
  await tab.waitForFunction(
    ([at, before]) => {
      const section = document.querySelectorAll("[data-more]")[at].querySelector(".cw-question:not([hidden])");
      const said = [...section.querySelectorAll(".cw-buttons [role=status]")].at(-1)?.textContent ?? "";
      return section.querySelector("script").textContent !== before.data || (said && !/^Drawing/.test(said));
    },
    [at, before],
    { timeout: 120000 },
  );
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const found = { errors: [], outside: [], fetched: [], states: [] };
  const context = await browser.newContext();
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    const ours = url.origin === new URL(address).origin || url.protocol === "blob:";
    (ours ? found.fetched : found.outside).push(url.pathname);
    return ours && !(refuse && url.pathname.includes(refuse)) ? route.continue() : route.abort();
  });
  const tab = await context.newPage();
  tab.on("pageerror", (error) => found.errors.push(String(error)));
  await tab.goto(address);
  found.before = [...found.fetched];
  found.states.push(await shown(tab));
  for (const at of press) {
    await pressed(tab, at);
    found.states.push(await shown(tab));
  }
  found.search = await tab.evaluate(() => location.search);
  found.focus = await tab.evaluate(() => document.activeElement.tagName);
  await tab.addScriptTag({ path: require.resolve("axe-core") });
  found.axe = await tab.evaluate(async () => (await axe.run()).violations.map((one) => one.id));
  await tab.reload();
  const wanted = [...new URLSearchParams(found.search)].length;
  await tab.waitForFunction((wanted) => document.querySelectorAll(".cw-title + .cw-quiet").length >= wanted, wanted, { timeout: 120000 });
  found.again = await shown(tab);
  await browser.close();
  fs.writeFileSync(1, JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
