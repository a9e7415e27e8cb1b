// What self-marking pages say, and in what language. Arguments: the browser and the pages' addresses. Every question is
// left blank once, then given up. Prints for each page {texts: [[text, language, direction]], first: labels at first,
// audits, over: how far it is wider than a phone, problems}, as JSON.
const { chromium } = require('playwright-core')
const axe = require('axe-core')

const texts = () => {
  const found = []
  for (const root of document.querySelectorAll('.cw-question:not([hidden]), [data-coursewright-total]')) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { parentElement } = node
      if (!node.data.trim() || parentElement.closest('script, style, [hidden], math, svg')) continue
      found.push([node.data.trim(), parentElement.closest('[lang]').lang, getComputedStyle(parentElement).direction])
    }
    for (const each of root.querySelectorAll('[aria-label]')) {
      found.push([each.getAttribute('aria-label'), each.closest('[lang]').lang, getComputedStyle(each).direction])
    }
  }
  return found
}

;(async () => {
  const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--no-sandbox', '--disable-gpu'] })
  const seen = []
  for (const address of process.argv.slice(3)) {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 } })
    const problems = []
    page.on('pageerror', error => problems.push(String(error)))
    await page.goto(address)
    const audit = async () => {
      await page.evaluate(axe.source)
      const result = await page.evaluate(() => window.axe.run({ preload: false }))
      return result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' ')}`)
    }
    const all = await page.evaluate(texts)
    const audits = [await audit()]
    await page.evaluate(() => document.querySelectorAll('.cw-question form').forEach(form => form.requestSubmit()))
    all.push(...await page.evaluate(texts))
    await page.evaluate(() => document.querySelector('.cw-move').click())
    all.push(...await page.evaluate(texts))
    await page.evaluate(() => document.querySelector('.cw-order > :last-child .cw-move:last-child').click())
    all.push(...await page.evaluate(texts))
    await page.evaluate(() => document.querySelectorAll('.cw-move').forEach(button => button.click()))
    all.push(...await page.evaluate(texts))
    await page.evaluate(() => document.querySelectorAll('.cw-question form').forEach(form => {
      for (const field of form.querySelectorAll('input[type=text], textarea')) field.value = 'wrong 7'
      for (const one of form.querySelectorAll('select')) one.selectedIndex = 1
      for (const one of form.querySelectorAll('input[type=radio], input[type=checkbox]')) one.checked = true
      form.requestSubmit()
    }))
    all.push(...await page.evaluate(texts))
    await page.evaluate(() => document.querySelectorAll('.cw-question form').forEach(form => {
      const quit = [...form.querySelectorAll('.cw-buttons button')][2]
      if (!quit.hidden) quit.click()
    }))
    all.push(...await page.evaluate(texts))
    audits.push(await audit())
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    seen.push({ texts: all, audits, over, problems, direction: await page.evaluate(() => document.dir) })
    await page.close()
  }
  await browser.close()
  console.log(JSON.stringify(seen))
})().catch(error => { console.error(error); process.exit(1) })
