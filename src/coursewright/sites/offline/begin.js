// Has the browser keep what is read of the site for when there is no network; where the site has no such worker, or has
// it no longer, and in a preview, what was kept goes. A folder, an old browser and a reader who allows no storage have
// the site as it is.
(() => {
  'use strict'
  const workers = navigator.serviceWorker
  const { src, dataset: { offline } } = document.currentScript
  const site = new URL('./', src).href
  const front = `coursewright-offline ${new URL(site).pathname} `

  async function keep () {
    const found = await workers.register(new URL(offline, location.href), { scope: site, updateViaCache: 'none' })
    const watch = () => found.installing?.addEventListener('statechange', () => setTimeout(push, 1000, found))
    push(found)
    watch()
    found.addEventListener('updatefound', watch)
    const { active } = await workers.ready
    const loaded = performance.getEntriesByType('resource').map(each => each.name)
    active.postMessage([location.href, ...loaded])
  }
  // Chromium leaves a new worker waiting if the old one is asked for something just when it goes.
  function push (found) {
    if (!found.waiting) return
    found.waiting.postMessage('go')
    setTimeout(push, 3000, found)
  }
  async function letGo () {
    const found = await workers.getRegistration(site)
    if (found?.scope === site) await found.unregister()
    // also when the worker is gone: until its last page was, it may have kept something again
    for (const name of await caches.keys()) if (name.startsWith(front)) await caches.delete(name)
  }
  if (!workers || !/^https?:$/.test(location.protocol)) return
  addEventListener('load', () => {
    const kept = offline && !window.coursewrightPreview
    ;(kept ? keep() : letGo()).catch(() => {}) // the reader allows no storage, or there is no room
  })
})()
