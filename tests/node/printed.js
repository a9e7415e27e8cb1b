// What the frames of a page show when it is printed. Arguments: the browser and the address of the page.
const { chromium } = require('playwright-core')

;(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--disable-gpu', ...sandbox] })
  const page = await browser.newPage()
  await page.goto(process.argv[3])
  await page.emulateMedia({ media: 'print' })
  const told = []
  for (const each of await page.$$('iframe.cw-frame')) {
    const frame = await each.contentFrame()
    await frame.waitForFunction(() => document.body && document.body.innerText.includes('entries'))
    told.push(await each.isVisible() ? await frame.evaluate(() => document.body.innerText) : '')
  }
  if (process.argv[4]) await page.pdf({ path: process.argv[4] })
  console.log(JSON.stringify(told))
  await browser.close()
})()
