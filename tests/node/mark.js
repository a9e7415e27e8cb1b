// Reads {parts: [parts], given: [{of, cloze, response, attempt}]} from standard input, where `of` is the number of the
// parts, and writes how the page marks each response.
const { mark, markAll } = require('../../src/coursewright/questions/widget/marking.js')

function marked ({ parts, cloze, response, attempt }) {
  if (!cloze) return mark(parts[0], response, attempt)
  const all = markAll(parts, response || {}, Object.fromEntries(parts.map(part => [part.name, attempt])))
  return { fraction: all.fraction, note: all.blank ? 'blank' : '', feedback: all.marked.flatMap(one => one.feedback) }
}

const { parts, given } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(given.map(one => marked({ ...one, parts: parts[one.of] }))))
