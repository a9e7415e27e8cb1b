// Has the browser keep what is read of the site for when there is no network; where the site has no such worker, or has
// it no longer, and in a preview, what was kept goes. A folder, an old browser and a reader who allows no storage have
// the site as it is.
(() => {
  'use strict'
  const workers = navigator.serviceWorker
  const { src, dataset: { offline } } = document.currentScript
  const site = new URL('./', src).href
  const front = `coursewright-offline ${new URL(site).pathname} `

  // Tells a worker what the page is made of, as soon as it can keep it: also one that waits, since the page may be of its
  // edition.
  function tell (worker) {
    const say = () => {
      const loaded = performance.getEntriesByType('resource').map(each => each.name)
      if (/^(installed|activated)$/.test(worker.state)) worker.postMessage([location.href, ...loaded])
    }
    worker.addEventListener('statechange', say)
    say()
  }
  async function keep () {
    const found = await workers.register(new URL(offline, location.href), { scope: site, updateViaCache: 'none' })
    found.addEventListener('updatefound', () => tell(found.installing))
    ;[found.installing, found.waiting, found.active].filter(Boolean).forEach(tell)
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
