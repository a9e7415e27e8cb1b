// What a reader has seen of the site, kept for when there is no network. Pages come from the network when it is there.
// All else comes from what is kept, and nothing is kept that is not, by its hash, of the one edition that this worker
// belongs to: `offline.json` lists it. The worker of a new edition keeps that whole, and waits until no page is open that
// this one serves: browsers see to it. Pages of the new one that come until then go through, with all that they ask for.
'use strict'
const EDITION = 'EDITION'
const LOST = 'LOST'
const PATIENCE = 5000 // milliseconds after which a page that is kept is shown, though the network may still bring it
const site = new URL('./', self.location).href
const FRONT = `coursewright-offline ${new URL(site).pathname} ` // several courses may stand on one host
const MINE = FRONT + EDITION
const SAME = /^runtimes\/[^/]+-[\da-f]{8}\/|^retelling\/[^/]+\.gz$/ // whose names say what is in them: all editions have the same
const BOUND = /\.(m?js|css|json|py|R|wasm|gz|zip|whl|data)$/ // files that are of no use beside those of another edition

const keyOf = path => site + path.split('/').map(encodeURIComponent).join('/')
const LIST = keyOf('offline.json')
const OTHERS = keyOf('offline.clients')
function pathOf (address) {
  const { origin, pathname } = new URL(address)
  if (!(origin + pathname).startsWith(site)) return null
  const path = (origin + pathname).slice(site.length)
  try {
    return decodeURIComponent(path === '' || path.endsWith('/') ? `${path}index.html` : path)
  } catch { return null }
}

// What is kept of an edition, and the hashes of its files.
async function edition (name) {
  const cache = await caches.open(name)
  const list = await cache.match(LIST)
  return { cache, files: list ? (await list.json()).files : {} }
}
let opened = null
async function mine () {
  opened ??= edition(MINE)
  opened.catch(() => { opened = null })
  return opened
}
const all = async () => (await caches.keys()).filter(name => name.startsWith(FRONT))
const earlier = names => names.slice(0, Math.max(0, names.indexOf(MINE))) // as they were begun

// A response with this content, as often as it is needed.
function again (response, body) {
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length']) headers.delete(name)
  return new Response(body, { headers })
}
async function hash (body) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return [...digest.subarray(0, 8)].map(each => each.toString(16).padStart(2, '0')).join('')
}

// The content of what the network gave, if it is of this edition; null if it is not.
async function checked (own, path, response) {
  const body = await response.arrayBuffer()
  return await hash(body) === own.files[path] ? body : null
}
// Where there is no room it is not kept.
const put = (own, path, response, body) => own.cache.put(keyOf(path), again(response, body)).catch(() => {})
async function kept (own, path, response) {
  const body = await checked(own, path, response)
  if (body) await put(own, path, response, body)
  return body !== null
}
// The same for a reader, who has it before it is kept; null if it is not of this edition.
async function read (event, own, path, response) {
  const body = await checked(own, path, response.clone())
  if (!body) return null
  event.waitUntil(put(own, path, response, body))
  return again(response, body)
}

async function fetched (own, path) {
  if (!Object.hasOwn(own.files, path) || await own.cache.match(keyOf(path))) return true
  const response = await fetch(keyOf(path), { cache: 'no-cache' })
  return response.ok && kept(own, path, response)
}

// An edition comes whole or not at all: its shell, and what was kept of those before, anew where it has changed. One that
// is published again, and that is still there, is whole.
async function install () {
  if (await (await caches.open(MINE)).match(LIST)) return
  await caches.delete(MINE) // of which something may have been left
  const cache = await caches.open(MINE)
  try {
    const list = await fetch(LIST, { cache: 'no-cache' })
    const { edition: named, ahead, files } = await list.clone().json()
    if (named !== EDITION) throw new Error('another edition is being published')
    const wanted = new Set(ahead)
    for (const name of earlier(await all())) await take({ cache, files }, await edition(name), wanted)
    const came = await Promise.all([...wanted].map(path => fetched({ cache, files }, path)))
    if (!came.every(Boolean)) throw new Error('files are of another edition')
    await cache.put(LIST, list)
  } catch (error) {
    await caches.delete(MINE)
    throw error
  }
}
// What was kept of an earlier edition, where it is the same in this one; what is not is `wanted`.
async function take (own, old, wanted) {
  for (const request of await old.cache.keys()) {
    const path = pathOf(request.url)
    if (!Object.hasOwn(own.files, path)) continue
    if (own.files[path] === old.files[path]) await own.cache.put(request, await old.cache.match(request))
    else if (!path.startsWith('runtimes/')) wanted.add(path) // which is large, and comes when it is used
  }
}

// Nobody reads what was before; that of an edition which is on its way stays. Pages that had no worker may have been made
// by an edition before this one, but for the first.
async function activate () {
  const names = await all()
  const { installing, waiting } = self.registration
  const gone = installing || waiting ? earlier(names) : names.filter(name => name !== MINE)
  await Promise.all(gone.map(name => caches.delete(name)))
  if (!gone.length) await self.clients.claim()
}

// The clients that are of another edition, which have to be known after a pause as well.
let others = null
async function strangers () {
  others ??= mine().then(({ cache }) => cache.match(OTHERS)).then(async found => new Set(found ? await found.json() : []))
  others.catch(() => { others = null })
  return others
}
async function pass (event) {
  const ids = await strangers()
  ids.add(event.resultingClientId)
  const { cache } = await mine()
  event.waitUntil(cache.put(OTHERS, new Response(JSON.stringify([...ids]))).catch(() => {}))
}

async function page (event, path) {
  const own = await mine()
  if (!Object.hasOwn(own.files, path)) return fetch(event.request).catch(() => lost())
  const held = await own.cache.match(keyOf(path))
  const asked = fetch(event.request)
  asked.catch(() => {})
  const late = held && new Promise(resolve => setTimeout(resolve, PATIENCE, null))
  const response = await Promise.race([asked, ...(held ? [late] : [])]).catch(() => null)
  if (!response || response.status >= 500) return held || response || lost()
  if (!response.ok || response.redirected) return response
  const found = await read(event, own, path, response)
  if (found) return found
  await pass(event)
  self.registration.update().catch(() => {})
  return response
}

async function file (event, path) {
  if ((await strangers()).has(event.clientId)) {
    if (event.resultingClientId) await pass(event) // a worker of that page
    return fetch(event.request)
  }
  const own = await mine()
  const held = await own.cache.match(keyOf(path))
  if (held) return held
  const response = await fetch(event.request)
  if (!response.ok || !Object.hasOwn(own.files, path)) return response
  if (SAME.test(path)) { // which a page may work on while it comes
    event.waitUntil(kept(own, path, response.clone()))
    return response
  }
  const found = await read(event, own, path, response)
  if (found) return found
  self.registration.update().catch(() => {})
  return BOUND.test(path) ? new Response('', { status: 409, statusText: 'of another edition of this site' }) : response
}

const lost = () => new Response(LOST, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } })

self.addEventListener('install', event => event.waitUntil(install()))
self.addEventListener('activate', event => event.waitUntil(activate()))
self.addEventListener('fetch', event => {
  const { request } = event
  const path = pathOf(request.url)
  if (request.method !== 'GET' || request.headers.has('range') || path === null) return
  if (/^offline\.js(on)?$/.test(path)) return
  event.respondWith(request.mode === 'navigate' ? page(event, path) : file(event, path))
})
// What a page has loaded without this worker: before it was there, or while it waits.
async function keep (client, addresses) {
  if ((await strangers()).has(client)) return
  const own = await mine()
  const paths = addresses.map(pathOf).filter(path => path !== null)
  await Promise.all(paths.map(path => fetched(own, path).catch(() => {})))
}
self.addEventListener('message', event => event.waitUntil(keep(event.source.id, event.data)))
