import { signal } from '@preact/signals'

export const parts = ['photos', 'tables'] as const

export type Route = (typeof parts)[number]

const current = (): Route => parts.find(part => location.hash === `#${part}`) ?? 'photos'

/** The part that the address names. */
export const route = signal<Route>(current())

/** The parts that have been opened: each stays as it was left. */
export const visited = signal<ReadonlySet<Route>>(new Set([route.value]))

addEventListener('hashchange', () => {
  route.value = current()
  visited.value = new Set([...visited.value, route.value])
})
