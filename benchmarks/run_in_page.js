// How long the first answer takes, in Chromium: reads [{address, ask}] from standard input, in pairs that follow each
// other, and prints the milliseconds of each. `ask` is what is pressed; without, the page answers by itself.
const { chromium } = require('../tests/node/node_modules/playwright-core')

;(async () => {
  const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--disable-gpu', ...sandbox] })
  const took = []
  for (const { address, ask } of asked) {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(address)
    const begun = Date.now()
    await page.locator('button').filter({ hasText: ask }).last().click()
    await page.waitForFunction(() => document.querySelector('.readers')?.textContent.includes('42'), null, { timeout: 120000 })
    took.push(Date.now() - begun)
    await context.close()
  }
  await browser.close()
  console.log(JSON.stringify(took))
})()
