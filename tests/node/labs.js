// JupyterLab or Notebook, opened by other scripts.
const { chromium } = require('playwright-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

// Prints what `look` finds in each of the addresses, opened one after another in a window of that height.
exports.each = async (executablePath, addresses, height, look) => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args: [...flags, ...sandbox] })
  const found = []
  for (const address of addresses) {
    const page = await browser.newPage({ viewport: { width: 1200, height } })
    page.setDefaultTimeout(90000)
    await page.goto(address)
    found.push(await look(page))
    await page.close()
  }
  console.log(JSON.stringify(found))
  await browser.close()
}
