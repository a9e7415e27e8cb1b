// The worker in which Coursewright's own Python answers: what it is asked and what it says are texts.
let python

async function start ({ base, wheels }) {
  const packages = await Promise.all(wheels.map(async wheel => {
    const answer = await fetch(new URL(wheel, import.meta.url))
    if (!answer.ok) throw new Error(`${wheel}: ${answer.status}`)
    return answer.arrayBuffer()
  }))
  const { loadPyodide } = await import(new URL(`${base}pyodide.mjs`, import.meta.url))
  python = await loadPyodide({ indexURL: new URL(base, import.meta.url).href })
  for (const each of packages) python.unpackArchive(each, 'wheel')
}

onmessage = async ({ data }) => {
  try {
    if (data.start) await start(data.start)
    else postMessage({ number: data.number, said: python.pyimport(data.module).answer(data.asked) })
    if (data.start) postMessage({ ready: true })
  } catch (error) {
    const lines = String(error.message || error).trim().split('\n')
    postMessage({ number: data.number, error: lines.findLast(line => /^[\w.]+: /.test(line)) ?? lines.at(-1) }) // of a trace, what it says
  }
}
