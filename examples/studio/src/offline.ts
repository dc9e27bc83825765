/** Keeps the page for when there is no network, where it is served by a server that may do so. */
export const stayOffline = (): void => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // The first picture comes first.
  addEventListener('load', () => {
    // A page that cannot be kept works while there is a network.
    navigator.serviceWorker.register('./service-worker.js').catch(() => undefined)
  })
}
