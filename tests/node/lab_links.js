// Links inside notebooks, in JupyterLab or Notebook: clicks each link of the first text that leads into the notebook,
// and prints where what it leads to is on the screen. Arguments: the browser, and the addresses of the notebooks.
const { each } = require('./labs.js')

each(process.argv[2], process.argv.slice(3), 600, async page => {
  await page.waitForSelector('.jp-MarkdownCell a[href="#sold"]')
  const links = page.locator('.jp-MarkdownCell p a[href^="#"]')
  const tops = {}
  for (let number = 0; number < await links.count(); number++) {
    const words = await links.nth(number).innerText()
    await links.nth(number).click()
    // a heading says the words of its link, and a table has them in its caption
    const place = page.locator('.jp-Notebook :is(h1, h2, caption)').filter({ hasText: words }).last()
    await page.waitForTimeout(400)
    const box = await place.boundingBox()
    tops[words] = Boolean(box && box.y > 0 && box.y < 600)
  }
  return tops
})
