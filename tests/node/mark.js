// Reads [{parts, cloze, response, attempt}] from standard input and writes how the page marks each.
const { mark, markAll } = require('../../src/coursewright/questions/widget/marking.js')

function marked ({ parts, cloze, response, attempt }) {
  if (!cloze) return mark(parts[0], response, attempt)
  const all = markAll(parts, response || {}, Object.fromEntries(parts.map(part => [part.name, attempt])))
  return { fraction: all.fraction, note: all.blank ? 'blank' : '', feedback: all.marked.flatMap(one => one.feedback) }
}

const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(cases.map(marked)))
