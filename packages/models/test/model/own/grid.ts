// A label model of somebody else's: an image's labels, of which neighbours like to be the same.

import { whole } from '@conjugate/em/schema'
import type { BoundLabels, LabelModel, LabelTypes } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

type Field = { readonly field: Float64Array; readonly interaction: Float64Array }

/** p(z) in proportion to exp(sum_n field[z_n] + interaction * number of neighbours that are alike). */
export interface GridLabels extends LabelTypes {
  readonly labels: Field
  readonly posterior: Field
  readonly counts: Field
  readonly structure: { readonly width: number }
  readonly traits: 'exchangeable' | 'gibbs' | 'variational'
}

const neighboursOf = (n: number, rows: number, width: number): ReadonlyArray<number> =>
  [n % width > 0 ? n - 1 : -1, n % width < width - 1 ? n + 1 : -1, n - width, n + width < rows ? n + width : -1].filter(
    m => m >= 0,
  )

const softmax = (logs: Float64Array): Float64Array => {
  const highest = Math.max(...logs)
  const e = logs.map(v => Math.exp(v - highest))
  const sum = e.reduce((a, b) => a + b, 0)
  return e.map(v => v / sum)
}

/** Sweeps of an E-step. */
const SWEEPS = 3

const bound = (k: number, labels: Field, rows: number, width: number): BoundLabels<GridLabels> => {
  const neighbours = Array.from({ length: rows }, (_, n) => neighboursOf(n, rows, width))
  /** What the others say of one pixel, as logarithms. */
  const local = ({ field, interaction }: Field, logs: Float64Array, q: Float64Array, n: number): Float64Array =>
    Float64Array.from({ length: k }, (_, j) => {
      const alike = neighbours[n]!.reduce((sum, m) => sum + q[m * k + j]!, 0)
      return field[j]! + logs[n * k + j]! + interaction[0]! * alike
    })
  const counts = (q: Float64Array): Field => {
    const [field, pairs] = [new Float64Array(k), new Float64Array(1)]
    for (let n = 0; n < rows; n++)
      for (let j = 0; j < k; j++) {
        field[j]! += q[n * k + j]!
        // Each pair once.
        for (const m of neighbours[n]!) if (m > n) pairs[0]! += q[n * k + j]! * q[m * k + j]!
      }
    return { field, interaction: pairs }
  }
  const oneHot = (z: Int32Array): Float64Array =>
    Float64Array.from({ length: rows * k }, (_, i) => (z[Math.floor(i / k)] === i % k ? 1 : 0))
  const fresh = (potentials: Field, logs: Float64Array): Float64Array => {
    const none = new Float64Array(rows * k)
    return Float64Array.from(
      Array.from({ length: rows }, (_, n) => Array.from(softmax(local(potentials, logs, none, n)))).flat(),
    )
  }
  const infer: BoundLabels<GridLabels>['infer'] = (potentials, logs, carry) => {
    const q = carry?.slice() ?? fresh(potentials, logs)
    // One pixel after the other: all at once may fall.
    for (let sweep = 0; sweep < SWEEPS; sweep++)
      for (let n = 0; n < rows; n++) q.set(softmax(local(potentials, logs, q, n)), n * k)
    const found = counts(q)
    let free = potentials.interaction[0]! * found.interaction[0]!
    for (let i = 0; i < q.length; i++)
      if (q[i]! > 0) free += q[i]! * (potentials.field[i % k]! + logs[i]! - Math.log(q[i]!))
    return { responsibilities: q, counts: found, logLikelihoods: Float64Array.of(free), carry: q }
  }
  return {
    infer,
    decode: (potentials, logs) => {
      const { responsibilities: q } = infer(potentials, logs)
      return Int32Array.from({ length: rows }, (_, n) => {
        const row = Array.from(q.subarray(n * k, (n + 1) * k))
        return row.indexOf(Math.max(...row))
      })
    },
    sample: (potentials, logs, random, previous) => {
      const q = previous ? oneHot(previous) : fresh(potentials, logs)
      return Int32Array.from({ length: rows }, (_, n) => {
        let [rest, drawn] = [random.uniform(), 0]
        for (const [j, p] of softmax(local(potentials, logs, q, n)).entries()) {
          if (rest >= 0) drawn = j
          rest -= p
        }
        for (let j = 0; j < k; j++) q[n * k + j] = j === drawn ? 1 : 0
        return drawn
      })
    },
    count: z => counts(oneHot(z)),
    // Nothing of it is learnt: its normaliser is not known.
    initial: labels,
    maximize: () => E.right(labels),
    logPrior: () => 0,
    size: 0,
    coordinates: { toVector: () => new Float64Array(0), fromVector: () => E.right(labels) },
    potentials: ({ field, interaction }) => ({ field, interaction }),
    permute: order => p => ({ ...p, field: p.field.map((_, j) => p.field[order[j]!]!) }),
    check: () => E.right(labels),
  }
}

/** Labels of an image whose width comes with its pixels. */
export const grid = (field: ReadonlyArray<number>, interaction: number): LabelModel<GridLabels> => {
  const labels = { field: Float64Array.from(field), interaction: Float64Array.of(interaction) }
  const bind: LabelModel<GridLabels>['bind'] = (rows, { width }) =>
    width > 0 && rows % width === 0
      ? TE.right(bound(field.length, labels, rows, width))
      : TE.left({ _tag: 'InvalidOption', option: 'width', expected: `a divisor of ${rows}`, received: String(width) })
  return {
    name: 'grid',
    definition: { field, interaction },
    states: field.length,
    kind: 'bound',
    freeParameters: 0,
    structure: { width: whole(1) },
    bind,
  }
}
