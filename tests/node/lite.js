// A notebook in JupyterLite, in Chromium: runs all its cells, then a cell again for each text that is given, with that
// text in its place. Reads [{address, again: [[cell, text], …]}]; prints what stood below each cell of code after the
// first run, below the changed ones then, and what would have left this machine.
const { chromium } = require('playwright-core')
const fs = require('fs')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']
const LONG = { timeout: 120000 }

const settled = page => page.waitForFunction(() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(each => each.textContent)
  return prompts.some(each => /\d/.test(each)) && !prompts.some(each => each.includes('*'))
}, null, LONG)  // a cell that fails ends the run: those below it are not run then

const below = cell => cell.locator('.jp-OutputArea-output').evaluateAll(all => all.map(each => each.innerText.trim()).join('\n'))

async function visit (browser, { address, again }) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } })
  const outside = []
  await context.route(() => true, (route, request) => {
    const url = new URL(request.url())
    if (!/^https?:$/.test(url.protocol) || url.hostname === '127.0.0.1') return route.continue()
    outside.push(request.url())
    return route.abort()
  })
  const page = await context.newPage()
  page.setDefaultTimeout(LONG.timeout)
  await page.goto(address)
  const cells = page.locator('.jp-Notebook .jp-CodeCell')
  await cells.first().waitFor()
  await page.waitForFunction(() => /Pyodide/.test(document.querySelector('.jp-Toolbar-kernelName')?.textContent), null, LONG)
  await page.getByText('Pyodide) | Idle').waitFor()  // a kernel that is not there yet would run nothing
  await page.locator('.lm-MenuBar-itemLabel', { hasText: /^Run$/ }).click()
  await page.locator('.lm-Menu-itemLabel', { hasText: /^Run All Cells$/ }).click()
  await settled(page)
  const first = []
  for (const cell of await cells.all()) first.push(await below(cell))
  const then = []
  for (const [number, text] of again) {
    const cell = cells.nth(number)
    const before = await cell.locator('.jp-InputPrompt').textContent()
    await cell.locator('.cm-content').click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(text)
    await page.keyboard.press('Control+Enter')
    await page.waitForFunction(([number, before]) => { // its number is that of the run
      const now = document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[number].textContent
      return now !== before && /\d/.test(now)
    }, [number, before], LONG)
    then.push(await below(cell))
  }
  await context.close()
  return { first, then, outside }
}

(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = []
  for (const each of JSON.parse(fs.readFileSync(0, 'utf8'))) found.push(await visit(browser, each))
  console.log(JSON.stringify(found))
  await browser.close()
})()
