// What readers do with the frame of a page, in Chromium: reads scenes by name from standard input, each with its steps,
// a list of [what, …], and prints what each step gave. A scene is one reader: what one step does the next one finds.
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

const colour = (page, selector, name) => page.$eval(selector, (one, name) => getComputedStyle(one)[name], name)

const doing = {
  open: async (page, address, width = 1280) => {
    await page.setViewportSize({ width, height: 800 })
    await page.goto(address)
  },
  media: (page, media) => page.emulateMedia(media),
  key: (page, name) => page.keyboard.press(name),
  focus: (page, selector) => page.focus(selector),
  click: (page, selector) => page.click(selector),
  style: colour,
  after: (page, selector) => page.$eval(selector, one => getComputedStyle(one, '::after').content),
  theme: page => page.evaluate(() => [document.documentElement.dataset.theme || '', document.querySelector('.theme :checked')?.value]),
  first: page => page.evaluate(() => window.first),
  focused: page => page.evaluate(() => document.activeElement.value || document.activeElement.textContent.trim()),
  text: (page, selector) => page.$$eval(selector, all => all.map(one => one.textContent.trim())),
  saying: async (page, selector, wanted) => { // once it does: some of what is said comes later, and goes again
    const found = await page.waitForFunction(([selector, wanted]) => {
      const texts = [...document.querySelectorAll(selector)].map(one => one.textContent.trim())
      return texts.includes(wanted) && texts
    }, [selector, wanted])
    return found.jsonValue()
  },
  shown: (page, selector) => page.$$eval(selector, all => all.map(one => one.checkVisibility())),
  box: (page, selector) => page.$eval(selector, one => { const box = one.getBoundingClientRect(); return [box.left, box.right].map(Math.round) }),
  paste: async page => {
    await page.evaluate(() => { document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' })) })
    await page.focus('#paste')
    await page.keyboard.press('Control+V')
    return page.$eval('#paste', one => one.value)
  },
  over: page => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}

;(async () => {
  const scenes = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const found = {}
  for (const [name, { steps, javaScriptEnabled = true }] of Object.entries(scenes)) {
    const context = await browser.newContext({ colorScheme: 'light', javaScriptEnabled })
    const page = await context.newPage()
    await page.addInitScript(() => { // the theme at the moment at which there is a body that could be drawn
      new MutationObserver((_, observer) => {
        if (!document.body) return
        window.first = document.documentElement.dataset.theme || ''
        observer.disconnect()
      }).observe(document, { childList: true, subtree: true })
    })
    found[name] = []
    for (const [what, ...given] of steps) found[name].push((await doing[what](page, ...given)) ?? null)
    await context.close()
  }
  await browser.close()
  console.log(JSON.stringify(found))
})()
