// Plays QTI 3 items in Chromium with qti-components: reads JSON from the standard input, a list of { xml, responses },
// acts on the page as a learner would, and prints for each response the outcomes and the feedback that is shown.
const { chromium } = require('playwright-core')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']
const engine = join(__dirname, 'node_modules/@citolab/qti-components/cdn/index.global.js')

async function play ({ xml, response }) {
  const settled = async () => { for (let n = 0; n < 4; n++) await new Promise(resolve => setTimeout(resolve, 0)) }
  const until = async find => {
    for (let n = 0; n < 500; n++) {
      const found = find()
      if (found) return found
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    throw new Error(`never there: ${find}`)
  }
  const container = document.createElement('item-container')
  container.itemXML = xml
  document.body.replaceChildren(container)
  const item = await until(() => container.shadowRoot.querySelector('qti-assessment-item'))
  await item.updateComplete
  await settled()

  const write = (interaction, text, selector) => {
    const input = interaction.shadowRoot.querySelector(selector)
    input.value = text
    input.dispatchEvent(new Event('change'))
  }
  const act = {
    'qti-text-entry-interaction': (interaction, text) => write(interaction, text, 'input'),
    'qti-extended-text-interaction': (interaction, text) => write(interaction, text, 'textarea'),
    'qti-choice-interaction': (interaction, chosen) => {
      for (const name of [chosen].flat()) interaction.querySelector(`[identifier="${name}"]`).click()
    },
    'qti-inline-choice-interaction': (interaction, chosen) => {
      interaction.shadowRoot.querySelector('button').click()
      interaction.querySelector(`[identifier="${chosen}"]`).click()
    },
    'qti-match-interaction': (interaction, pairs) => {
      for (const pair of pairs) interaction.shadowRoot.querySelector(`input[value="${pair}"]`).click()
    },
    'qti-order-interaction': (interaction, items) => { interaction.response = items; interaction.saveResponse() }
  }
  for (const [name, given] of Object.entries(response)) {
    const interaction = item.querySelector(`[response-identifier="${name}"]`)
    act[interaction.localName](interaction, given)
    await settled()
  }
  item.processResponse()
  await settled()
  const shown = [...item.querySelectorAll('qti-modal-feedback')].filter(one => one.showStatus === 'on')
  const outcomes = item.variables.filter(one => one.type === 'outcome').map(one => [one.identifier, one.value])
  const responses = item.variables.filter(one => one.type === 'response').map(one => [one.identifier, one.value])
  return {
    outcomes: Object.fromEntries(outcomes),
    responses: Object.fromEntries(responses),
    said: shown.map(one => one.textContent.trim()),
    text: item.querySelector('qti-item-body').textContent
  }
}

(async () => {
  const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: process.argv[2], args: [...flags, ...sandbox] })
  const page = await browser.newPage()
  const errors = []
  page.on('pageerror', error => errors.push(String(error)))
  page.on('console', message => { if (message.type() === 'error') errors.push(message.text()) })
  await page.route('**/*', route => route.abort())
  await page.setContent('<!doctype html><title>QTI</title>')
  await page.addScriptTag({ path: engine })
  const played = []
  for (const { xml, responses } of JSON.parse(readFileSync(0, 'utf8'))) {
    for (const response of responses) {
      errors.length = 0
      const result = await page.evaluate(play, { xml, response })
      played.push({ ...result, errors: [...errors] })
    }
  }
  await browser.close()
  console.log(JSON.stringify(played))
})()
