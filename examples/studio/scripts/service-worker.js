// Keeps the files of the page. Their names change with what is in them, but for the page itself.
const cacheName = 'studio-__VERSION__'
const files = /** @type {readonly string[]} */ (JSON.parse('__FILES__'))
const worker = /** @type {any} */ (self)

worker.addEventListener('install', event => {
  event.waitUntil(caches.open(cacheName).then(cache => cache.addAll(files)))
})

worker.addEventListener('activate', event => {
  const removed = caches
    .keys()
    .then(names =>
      Promise.all(
        names.filter(name => name.startsWith('studio-') && name !== cacheName).map(name => caches.delete(name)),
      ),
    )
  event.waitUntil(removed.then(() => worker.clients.claim()))
})

const respond = async request => {
  // Servers that say that answers vary by origin give the same files to all.
  const kept = await caches.match(request.mode === 'navigate' ? './' : request, {
    ignoreVary: true,
    ignoreSearch: true,
  })
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) {
    const cache = await caches.open(cacheName)
    await cache.put(request, response.clone())
  }
  return response
}

worker.addEventListener('fetch', event => {
  const { request } = event
  if (request.method === 'GET' && new URL(request.url).origin === location.origin) event.respondWith(respond(request))
})
