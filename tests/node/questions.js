// Plays a self-marking page by keyboard alone. Arguments: the browser, the page's address, the address of a notebook's
// output, that of a page with two variants, and of one with a text to read; on standard input [{title, kind, parts, right, wrong}]. Prints what was seen, as JSON.
const { chromium } = require('playwright-core')
const axe = require('axe-core')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']
const plans = JSON.parse(require('fs').readFileSync(0, 'utf8'))

// Presses Tab until the element in focus is in the question and fits the selector; `nth` counts from 0.
async function tabTo (page, title, selector, nth = 0) {
  for (let presses = 0; presses < 600; presses++) {
    const there = await page.evaluate(([title, selector, nth]) => {
      const now = document.activeElement
      const section = now.closest('.cw-question')
      if (!section || section.querySelector('.cw-title').textContent !== title) return false
      return now.matches(selector) && [...section.querySelectorAll(selector)].filter(one => one.offsetParent)[nth] === now
    }, [title, selector, nth])
    if (there) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way by keyboard to ${selector} ${nth} of "${title}"`)
}

async function type (page, text) {
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}

async function radio (page, title, name, option) {
  for (let presses = 0; presses < 600; presses++) {
    const there = await page.evaluate(name => document.activeElement.name === name, name)
    if (there) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Space')
  for (let step = 0; step < 10; step++) {
    if (await page.evaluate(option => Number(document.activeElement.value) === option && document.activeElement.checked, option)) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`no way by keyboard to option ${option} of "${title}"`)
}

async function choose (page, option) {
  await page.keyboard.press('Home')
  for (let step = 0; step <= option; step++) await page.keyboard.press('ArrowDown')
}

// Moves items up until they stand in the order that is wanted.
async function arrange (page, plan, wanted) {
  const { title } = plan
  const texts = await page.evaluate(title => {
    const section = [...document.querySelectorAll('.cw-question')].find(one => one.querySelector('.cw-title').textContent === title)
    return [...section.querySelectorAll('.cw-order .cw-prompt')].map(one => one.textContent)
  }, title)
  plan.items ||= texts // as they stood at first
  const now = texts.map(text => plan.items.indexOf(text))
  for (let place = 0; place < wanted.length; place++) {
    for (let at = now.indexOf(wanted[place]); at > place; at--) {
      await tabTo(page, title, '[aria-label="Move up"]', at)
      await page.keyboard.press('Enter')
      now.splice(at - 1, 0, now.splice(at, 1)[0])
    }
  }
}

async function answer (page, plan, part, response, place) {
  const { title } = plan
  if (part.kind === 'choice') {
    const found = await page.evaluate(([title, place]) => {
      const section = [...document.querySelectorAll('.cw-question')].find(one => one.querySelector('.cw-title').textContent === title)
      const all = [...section.querySelectorAll('.cw-text input[type=text], .cw-text select, .cw-text fieldset, .cw-fields fieldset')]
      const one = all[place]
      return one.matches('select') ? { select: all.filter(each => each.matches('select')).indexOf(one) } : { name: one.querySelector('input').name }
    }, [title, place])
    if (found.name) return radio(page, title, found.name, response)
    await tabTo(page, title, 'select', found.select)
    return choose(page, response)
  }
  if (part.kind === 'choices') {
    for (let option = 0; option < part.options; option++) {
      await tabTo(page, title, 'input[type=checkbox]', option)
      const checked = await page.evaluate(() => document.activeElement.checked)
      if (checked !== response.includes(option)) await page.keyboard.press('Space')
    }
    return
  }
  if (part.kind === 'match') {
    for (const [prompt, option] of response.entries()) {
      await tabTo(page, title, 'select', prompt)
      await choose(page, option)
    }
    return
  }
  if (part.kind === 'order') return arrange(page, plan, response)
  const texts = plan.parts.slice(0, place).filter(one => ['number', 'text', 'formula'].includes(one.kind)).length
  await tabTo(page, title, part.kind === 'essay' || part.kind === 'code' ? 'textarea' : 'input[type=text]', texts)
  await type(page, response)
}

async function fill (page, plan, responses) {
  for (const [place, part] of plan.parts.entries()) await answer(page, plan, part, responses[place], place)
}

const press = async (page, title, label) => {
  const found = await page.evaluate(([title, label]) => {
    const section = [...document.querySelectorAll('.cw-question')].find(one => one.querySelector('.cw-title').textContent === title)
    return [...section.querySelectorAll('.cw-buttons button')].filter(one => one.offsetParent).map(one => one.textContent).indexOf(label)
  }, [title, label])
  if (found < 0) throw new Error(`no button ${label} in "${title}"`)
  await tabTo(page, title, '.cw-buttons button', found)
  await page.keyboard.press('Enter')
}

const seen = (page, title) => page.evaluate(title => {
  const section = [...document.querySelectorAll('.cw-question')].find(one => one.querySelector('.cw-title').textContent === title)
  const words = element => element.innerText.replace(/\s+/g, ' ').trim()
  const focus = document.activeElement
  return {
    status: words(section.querySelector('.cw-status')),
    state: words(section.querySelector('.cw-state')),
    buttons: [...section.querySelectorAll('.cw-buttons button')].filter(one => one.offsetParent).map(words),
    focus: focus.matches('.cw-status') ? 'status' : focus.matches('button') ? words(focus) : focus.tagName.toLowerCase(),
    within: section.contains(focus)
  }
}, title)

async function blankThenRight (page, plan) {
  const steps = []
  await press(page, plan.title, plan.check)
  steps.push(await seen(page, plan.title))
  await fill(page, plan, plan.right)
  await press(page, plan.title, plan.check)
  steps.push(await seen(page, plan.title))
  return steps
}

async function wrongToTheEnd (page, plan) {
  const steps = []
  for (let attempt = 0; attempt < plan.tries; attempt++) {
    await fill(page, plan, plan.wrong)
    await press(page, plan.title, plan.check)
    steps.push(await seen(page, plan.title))
    if (attempt + 1 < plan.tries) await page.keyboard.press('Enter') // the focus is on "Try again"
  }
  return steps
}

async function wrongThenRight (page, plan) {
  await fill(page, plan, plan.wrong)
  await press(page, plan.title, plan.check)
  await press(page, plan.title, 'Try again')
  await fill(page, plan, plan.right)
  await press(page, plan.title, plan.check)
  return [await seen(page, plan.title)]
}

async function givenUp (page, plan) {
  await press(page, plan.title, 'Give up')
  return [await seen(page, plan.title)]
}

async function audit (page) {
  await page.evaluate(axe.source)
  const result = await page.evaluate(() => window.axe.run({ preload: false }))
  return result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(' ')}`)
}

(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const problems = []
  const found = { problems, played: {}, totals: {}, audits: {} }
  const open = async (address, colorScheme, more = {}) => {
    const page = await browser.newPage({ colorScheme, viewport: { width: 900, height: 900 }, ...more })
    page.on('console', message => { if (message.type() === 'error') problems.push(message.text()) })
    page.on('pageerror', error => problems.push(String(error)))
    page.on('request', request => { if (!/^(file|data):/.test(request.url())) problems.push(request.url()) })
    await page.goto(address)
    return page
  }
  const flows = { blankThenRight, wrongToTheEnd, wrongThenRight, givenUp }
  for (const [name, flow] of Object.entries(flows)) {
    const scheme = name === 'wrongToTheEnd' ? 'dark' : 'light'
    const page = await open(process.argv[3], scheme)
    found.audits[`${name} before`] = await audit(page)
    found.played[name] = {}
    for (const plan of plans) {
      if (name !== 'givenUp' && name !== 'blankThenRight' && !plan.wrong) continue
      if (name === 'wrongThenRight' && plan.tries < 2) continue
      found.played[name][plan.title] = await flow(page, plan)
    }
    found.totals[name] = await page.evaluate(() => document.querySelector('[data-coursewright-total]').textContent)
    found.audits[`${name} after`] = await audit(page)
    await page.close()
  }
  found.widths = {}
  for (const [name, address] of [['quiz', process.argv[3]], ['reading', process.argv[6]]]) {
    for (const width of [360, 900]) {
      for (const scheme of ['light', 'dark']) {
        const page = await open(address, scheme, { viewport: { width, height: 740 } })
        found.widths[`${name} ${width}`] = await page.evaluate(() => document.documentElement.scrollWidth)
        found.audits[`${name} ${width} ${scheme}`] = await audit(page)
        await page.close()
      }
    }
  }
  const bare = await open(process.argv[3], 'light', { javaScriptEnabled: false })
  found.bare = await bare.locator('main').innerText()
  await bare.close()
  const notebook = await open(process.argv[4], 'light')
  await notebook.waitForTimeout(300)
  found.notebook = await notebook.evaluate(() => [...document.querySelectorAll('iframe')].map(frame => ({
    forms: frame.contentDocument.querySelectorAll('form').length,
    text: !frame.previousElementSibling.hidden,
    fits: Math.abs(frame.clientHeight - frame.contentDocument.documentElement.scrollHeight) <= 1
  })))
  const two = await open(process.argv[5], 'light')
  const titles = () => two.evaluate(() => [...document.querySelectorAll('.cw-title')].filter(one => one.offsetParent).map(one => one.textContent))
  found.two = { before: await titles() }
  await press(two, 'The number question', 'Give up')
  found.two.offered = (await seen(two, 'The number question')).buttons
  await press(two, 'The number question', 'Another variant')
  found.two.after = await titles()
  found.two.focus = await two.evaluate(() => document.activeElement.tagName.toLowerCase())
  found.two.total = await two.evaluate(() => document.querySelector('[data-coursewright-total]').textContent.split(/[.;]/)[0])
  await browser.close()
  console.log(JSON.stringify(found))
})().catch(error => { console.error(error); process.exit(1) })
