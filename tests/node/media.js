// What pages show and play, in Chromium that reaches nothing outside: prints, for each address, the sounds with their
// lengths, the pictures with their words, the frames with their heights, and what went wrong.
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

const sounds = page => page.$$eval('audio', all => Promise.all(all.map(one => new Promise(resolve => {
  const tell = () => resolve({ name: one.getAttribute('aria-label'), seconds: one.duration, error: one.error && one.error.message })
  if (one.error || one.readyState > 0) tell()
  else { one.onloadedmetadata = one.onerror = tell; one.load() }
}))))

const pictures = page => page.$$eval('img, svg[role=img]', all => all.map(one => ({
  words: one.alt || one.getAttribute('aria-label') || '', drawn: one.tagName === 'IMG' ? one.naturalWidth > 0 : one.clientWidth > 0
})))

const frames = async page => {
  const found = []
  for (const one of await page.$$('iframe')) {
    const inside = await one.contentFrame()
    await inside.waitForLoadState()
    found.push({ title: await one.getAttribute('title'), height: (await one.boundingBox()).height, text: await inside.evaluate(() => document.body.innerText),
      content: await inside.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height)),
      reaches: await inside.evaluate(() => { try { return Boolean(parent.document) } catch { return false } }) })
  }
  return found
}

;(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const page = await browser.newPage()
  const said = []
  const outside = []
  page.on('console', message => message.type() === 'error' && said.push(message.text()))
  page.on('pageerror', error => said.push(String(error)))
  await page.route(/^(https?|wss?):/, route => { outside.push(route.request().url()); return route.abort() })
  const found = []
  for (const address of process.argv.slice(3)) {
    said.length = outside.length = 0
    await page.goto(address)
    const answered = []
    for (const one of await page.$$('iframe')) { // every question that can be answered by a number or a text is, with 42
      const inside = await one.contentFrame()
      const field = await inside.$('input[type=text], input[type=number], input:not([type])')
      if (!field) continue
      await field.fill('42')
      await inside.click('button')
      answered.push(await inside.evaluate(() => document.body.innerText))
    }
    await page.waitForTimeout(200) // frames tell how tall they are with the next picture that is drawn
    found.push({ sounds: await sounds(page), pictures: await pictures(page), frames: await frames(page), answered, said: [...said], outside: [...outside] })
  }
  await browser.close()
  console.log(JSON.stringify(found))
})()
