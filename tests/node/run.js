// Runs the cells of pages in Chromium as a reader does: reads [{address, steps, scheme, width, storage}] from standard
// input, and prints what each step gave, errors, what would have left this machine and what was loaded of the runtimes.
// A step is [what to do, what with …]; a cell is named by its number among those with buttons.
const { chromium } = require('playwright-core')
const axe = require('axe-core')
const fs = require('fs')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']
const LONG = { timeout: 120000 }

const seen = async part => await part.isVisible() ? part.innerText() : ''

const steps = {
  click: (page, cell, name) => page.locator('.cell .run-bar').nth(cell).getByRole('button', { name, exact: true }).click(),
  until: async (page, cell, words) => {
    await page.waitForFunction(([cell, words]) => new RegExp(words).test(document.querySelectorAll('.cell .run-status')[cell].textContent), [cell, words], LONG)
    return page.locator('.cell .run-status').nth(cell).textContent()
  },
  status: (page, cell) => page.locator('.cell .run-status').nth(cell).textContent(),
  buttons: (page, cell) => page.locator('.cell .run-bar').nth(cell).locator('button').evaluateAll(all => all.filter(one => !one.hidden).map(one => one.textContent)),
  readers: (page, cell) => seen(page.locator('.readers').nth(cell)),
  authors: (page, cell) => seen(page.locator('.authors').nth(cell)),
  html: (page, cell) => page.locator('.readers').nth(cell).innerHTML(),
  frame: (page, cell) => page.locator('.readers').nth(cell).frameLocator('iframe').locator('body').innerText(),
  ink: (page, cell) => page.locator('.readers').nth(cell).locator('img').evaluate(async image => {
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight })
    canvas.getContext('2d').drawImage(image, 0, 0)
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return data.some((value, index) => index % 4 < 3 && value < 100)
  }),
  write: async (page, cell, text) => {
    const field = page.locator('.run-editor textarea').nth(cell)
    await field.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(text)
  },
  written: (page, cell) => page.locator('.run-editor textarea').nth(cell).inputValue(),
  code: (page, cell) => page.locator('.cell[data-cell]').nth(cell).locator('pre code').first().textContent(),
  wait: async (page, words) => {
    await page.waitForFunction(words => new RegExp(words).test(document.querySelector('main')?.innerText ?? ''), words, LONG)
  },
  keys: async (page, ...keys) => { for (const key of keys) await page.keyboard.press(key) },
  focused: page => page.evaluate(() => document.activeElement.textContent || document.activeElement.tagName),
  focus: (page, selector) => page.locator(selector).first().focus(),
  notes: page => page.locator('.run-note').allTextContents(),
  text: (page, selector) => page.locator(selector).allTextContents(),
  count: (page, selector) => page.locator(selector).count(),
  press: (page, selector) => page.locator(selector).first().click(),
  goto: (page, address) => page.goto(address).then(() => null),
  reload: page => page.reload().then(() => null),
  evaluate: (page, code) => page.evaluate(code),
  choose: (page, selector, path) => page.locator(selector).setInputFiles(path),
  download: async (page, selector) => {
    const [got] = await Promise.all([page.waitForEvent('download'), page.locator(selector).first().click()])
    return { name: got.suggestedFilename(), text: fs.readFileSync(await got.path(), 'utf8') }
  },
  accept: (page, yes) => { page.once('dialog', dialog => yes ? dialog.accept() : dialog.dismiss()) },
  over: page => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  picture: (page, path) => page.screenshot({ path, fullPage: true }).then(() => null),
  audit: async page => {
    await page.evaluate(axe.source)
    const result = await page.evaluate(() => window.axe.run({ preload: false }))
    return result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' ')}`)
  }
}

;(async () => {
  const asked = JSON.parse(fs.readFileSync(0, 'utf8'))
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const all = []
  for (const { address, steps: wanted, scheme, width, before } of asked) {
    const context = await browser.newContext({ colorScheme: scheme || 'light', viewport: { width: width || 1280, height: 900 }, serviceWorkers: 'block' })
    const found = { gave: [], errors: [], outside: [], loaded: [] }
    const open = async () => {
      const page = await context.newPage()
      page.setDefaultTimeout(15000)
    page.setDefaultTimeout(15000)
      await page.route(/.*/, route => {
        const url = route.request().url()
        if (/^(file:|data:|blob:|http:\/\/127\.0\.0\.1)/.test(url)) return route.continue()
        found.outside.push(url)
        return route.abort()
      })
      if (before) await page.addInitScript(before)
      page.on('pageerror', error => found.errors.push(String(error)))
      page.on('request', request => { if (/\/runtimes\//.test(request.url())) found.loaded.push(request.url().replace(/.*\/runtimes\//, '')) })
      return page
    }
    let page = await open()
    const tabs = [page]
    await page.goto(address)
    for (const [step, ...what] of wanted) {
      if (step === 'tab') { // another tab of the same browser
        page = await open()
        tabs.push(page)
        await page.goto(what[0])
        found.gave.push(null)
      } else if (step === 'turn') {
        page = tabs[what[0]]
        await page.bringToFront()
        found.gave.push(null)
      } else if (step === 'loaded') found.gave.push([...found.loaded])
      else found.gave.push((await steps[step](page, ...what)) ?? null)
    }
    await context.close()
    all.push(found)
  }
  await browser.close()
  console.log(JSON.stringify(all))
})()
