// A plain maximum flow over lists of edges, with nothing of a grid: paths of fewest edges, one after the other.

import type { Field } from '@conjugate/images'
import { pairsOf } from './fields.js'

interface Edge {
  readonly to: number
  room: number
  readonly back: number
}

/** The labels of a minimum cut with the fewest ones, by the algorithm of Edmonds and Karp (1972). */
export const plainMinimumCut = (field: Field, costs: ArrayLike<number>): Uint8Array => {
  const places = field.width * field.height
  const [source, sink] = [places, places + 1]
  const edges: Edge[][] = Array.from({ length: places + 2 }, () => [])
  const connect = (a: number, b: number, there: number, back: number): void => {
    edges[a]!.push({ to: b, room: there, back: edges[b]!.length })
    edges[b]!.push({ to: a, room: back, back: edges[a]!.length - 1 })
  }
  for (let n = 0; n < places; n++) {
    const units = Math.round(costs[n]! * 1024)
    if (units > 0) connect(source, n, units, 0)
    if (units < 0) connect(n, sink, -units, 0)
  }
  for (const [m, n, units] of pairsOf(field)) connect(m, n, units, units)
  for (;;) {
    const by: (Edge | undefined)[] = new Array(places + 2).fill(undefined)
    const queue = [source]
    for (let i = 0; i < queue.length && by[sink] === undefined; i++)
      for (const edge of edges[queue[i]!]!)
        if (edge.room > 0 && edge.to !== source && by[edge.to] === undefined) {
          by[edge.to] = edge
          queue.push(edge.to)
        }
    if (by[sink] === undefined) break
    const path: Edge[] = []
    for (let n = sink; n !== source; ) {
      const edge = by[n]!
      path.push(edge)
      n = edges[n]![edge.back]!.to
    }
    const units = Math.min(...path.map(edge => edge.room))
    for (const edge of path) {
      edge.room -= units
      edges[edge.to]![edge.back]!.room += units
    }
  }
  // Whoever still reaches the sink is labelled 1.
  const labels = new Uint8Array(places + 2)
  labels[sink] = 1
  const queue = [sink]
  for (let i = 0; i < queue.length; i++)
    for (const { to, back } of edges[queue[i]!]!) {
      const towards = edges[to]![back]!
      if (towards.room > 0 && labels[to] === 0) {
        labels[to] = 1
        queue.push(to)
      }
    }
  return labels.slice(0, places)
}
