// What a reader has seen of the site, kept for when there is no network. Pages come from the network when it is there.
// All else comes from what is kept, and nothing is kept that is not, by its hash, of the one edition that this worker
// belongs to: `offline.json` lists it. What of a newer edition comes along goes through unkept, and calls its worker.
'use strict'
const EDITION = 'EDITION'
const LOST = 'LOST'
const PATIENCE = 5000 // milliseconds after which a page that is kept is shown, though the network may still bring it
const site = new URL('./', self.location).href
const FRONT = `coursewright-offline ${new URL(site).pathname} ` // several courses may stand on one host
const MINE = FRONT + EDITION
const BOUND = /\.(m?js|css|json|py|R|wasm|gz|zip|whl|data)$/ // files that are of no use beside those of another edition
const editions = new Map()
let before = null // which clients are of another edition: of which earlier one, or of NEWER
const NEWER = ''

const keyOf = path => site + path.split('/').map(encodeURIComponent).join('/')
function pathOf (address) {
  const { origin, pathname } = new URL(address)
  if (!(origin + pathname).startsWith(site)) return null
  const path = (origin + pathname).slice(site.length)
  try {
    return decodeURIComponent(path === '' || path.endsWith('/') ? `${path}index.html` : path)
  } catch { return null }
}

async function edition (name) {
  if (!editions.has(name)) {
    const cache = await caches.open(name)
    const list = await cache.match(keyOf('offline.json'))
    editions.set(name, { name, cache, files: list ? (await list.json()).files : {} })
  }
  return editions.get(name)
}
// What is kept of earlier editions: what came after this one is being installed.
async function others () {
  const names = (await caches.keys()).filter(name => name.startsWith(FRONT))
  return names.slice(0, Math.max(0, names.indexOf(MINE)))
}

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

// What the network gave, kept if it is of this edition; null if it is not. Where there is no room it is not kept.
async function kept (own, path, response) {
  const body = await response.arrayBuffer()
  if (await hash(body) !== own.files[path]) return null
  await own.cache.put(keyOf(path), again(response, body)).catch(() => {})
  return again(response, body)
}

async function fetched (own, path) {
  if (!Object.hasOwn(own.files, path) || await own.cache.match(keyOf(path))) return true
  const response = await fetch(keyOf(path), { cache: 'no-cache' })
  return response.ok && await kept(own, path, response) !== null
}

// A new edition comes whole or not at all: its shell, and what was kept of the one before, anew where it has changed.
async function install () {
  await caches.delete(MINE) // of which the last one may have left something, or which is published again
  const cache = await caches.open(MINE)
  try {
    const list = await fetch(keyOf('offline.json'), { cache: 'no-cache' })
    const { edition: named, ahead, files } = await list.clone().json()
    if (named !== EDITION) throw new Error('another edition is being published')
    const own = { cache, files }
    const wanted = new Set(ahead)
    for (const name of await others()) {
      const old = await edition(name)
      for (const request of await old.cache.keys()) {
        const path = pathOf(request.url)
        if (!Object.hasOwn(files, path)) continue
        if (files[path] === old.files[path]) await cache.put(request, await old.cache.match(request))
        else if (!path.startsWith('runtimes/')) wanted.add(path) // which is large, and comes when it is used
      }
    }
    const all = await Promise.all([...wanted].map(path => fetched(own, path)))
    if (!all.every(Boolean)) throw new Error('files are of another edition')
    await cache.put(keyOf('offline.json'), list)
  } catch (error) {
    await caches.delete(MINE)
    throw error
  }
  await self.skipWaiting()
}

// Those who read an earlier edition go on reading it: what they ask for comes out of what is kept of it.
const BEFORE = keyOf('offline.clients')
async function earlier () {
  if (!before) {
    const found = await (await edition(MINE)).cache.match(BEFORE)
    before = new Map(found ? await found.json() : [])
  }
  return before
}
async function note () {
  await (await edition(MINE)).cache.put(BEFORE, new Response(JSON.stringify([...before]))).catch(() => {})
}
async function of (event, name) {
  (await earlier()).set(event.resultingClientId, name)
  await note()
}
async function activate () {
  const old = await others()
  const was = new Map()
  for (const name of old) {
    const found = await (await caches.open(name)).match(BEFORE)
    for (const [client, own] of found ? await found.json() : []) was.set(client, own)
  }
  const last = old[old.length - 1]
  before = new Map()
  if (last) {
    for (const { id } of await self.clients.matchAll({ includeUncontrolled: true, type: 'all' })) {
      if (was.get(id) !== NEWER) before.set(id, was.get(id) || last)
    }
  }
  await note()
  await tidy()
  await self.clients.claim()
}
async function tidy () {
  const read = new Set()
  for (const [client, name] of await earlier()) {
    if (await self.clients.get(client)) read.add(name)
    else before.delete(client)
  }
  for (const name of await others()) {
    if (read.has(name)) continue
    editions.delete(name)
    await caches.delete(name)
  }
}

async function page (event, path) {
  const own = await edition(MINE)
  if (!Object.hasOwn(own.files, path)) return fetch(event.request).catch(() => lost())
  const held = await own.cache.match(keyOf(path))
  const asked = fetch(event.request)
  asked.catch(() => {})
  const late = held && new Promise(resolve => setTimeout(resolve, PATIENCE, null))
  const response = await Promise.race([asked, ...(held ? [late] : [])]).catch(() => null)
  if (!response || response.status >= 500) return held || response || lost()
  if (!response.ok || response.redirected) return response
  const found = await kept(own, path, response.clone())
  if (found) return found
  await of(event, NEWER)
  self.registration.update().catch(() => {})
  return response
}

async function file (event, path) {
  const was = (await earlier()).get(event.clientId)
  if (was !== undefined && event.resultingClientId) await of(event, was) // a worker of that page
  if (was === NEWER) return fetch(event.request)
  const own = await edition(was || MINE)
  const held = await own.cache.match(keyOf(path))
  if (held) return held
  const response = await fetch(event.request)
  if (!response.ok || !Object.hasOwn(own.files, path)) return response
  const found = await kept(own, path, response.clone())
  if (found) return found
  if (!was) self.registration.update().catch(() => {})
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
// What a page had loaded before this worker saw it.
self.addEventListener('message', event => {
  if (event.data === 'go') return event.waitUntil(self.skipWaiting())
  const paths = event.data.map(pathOf).filter(path => path !== null)
  event.waitUntil((async () => {
    if (!(await earlier()).has(event.source.id)) {
      const own = await edition(MINE)
      await Promise.all(paths.map(path => fetched(own, path).catch(() => {})))
    }
    await tidy()
  })())
})
