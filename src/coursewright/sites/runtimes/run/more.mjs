// Another variant of a question, when a reader asks for one: drawn here by Coursewright's own Python where its code runs in
// browsers, else one of those that the build has drawn. No variant is shown that is not, letter for letter, one that it drew.
import { ask } from './ask.mjs'

const MOST = 3 // variants in a row that are others here than in the build: then the code gives other numbers here
const known = new Map()

async function got (address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`)
  return answer.json()
}

async function byPython (about, [who, digest]) {
  const shown = await ask(about.python, 'coursewright.questions.drawing.elsewhere', { task: about.task, who })
  return shown.digest === digest ? [who, shown.html] : null
}

async function drawn (state, wanted) {
  const { variants } = state.about
  const left = variants.filter(([who]) => wanted ? who === wanted : !state.seen.has(who))
  for (const one of left.slice(0, MOST)) {
    const found = await byPython(state.about, one)
    if (found) return found
  }
  if (left.length) state.failed = true
  return null
}

async function kept (state, address, wanted) {
  state.kept ??= Array.isArray(state.about.kept) ? state.about.kept : await got(new URL(state.about.kept, address))
  return state.kept.find(([who]) => wanted ? who === wanted : !state.seen.has(who)) ?? null
}

// The next variant, or the one that is wanted: for whom it was drawn, and as HTML; null when there is none.
export async function more (address, wanted) {
  if (!known.has(address.href)) {
    const given = await got(address)
    known.set(address.href, { about: given.more ?? given, seen: new Set() })
  }
  const state = known.get(address.href)
  let found = null
  if (state.about.python && !state.failed) {
    try {
      found = await drawn(state, wanted)
    } catch { // its code needs what is not here: there are those that were kept
      state.failed = true
    }
  }
  if (!found && (state.failed || !state.about.python)) found = await kept(state, address, wanted)
  if (found) state.seen.add(found[0])
  return found
}
