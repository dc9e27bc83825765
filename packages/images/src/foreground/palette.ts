import { type MultivariateNormal, type Random, random } from '@conjugate/distributions'
import { run } from '@conjugate/em'
import type { Executor } from '@conjugate/executors'
import {
  type FitError,
  gaussianMixture,
  initialParameters,
  type MixtureParameters,
  onRows,
  type RowStart,
} from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type CountedRows, priorFor } from './prior.js'
import { splitRows } from './split.js'

/** Gaussians that all labels of a picture share. */
export interface Atoms {
  readonly count: number
  readonly parameters: MixtureParameters<MultivariateNormal>
  /** U x K: the probabilities of the atoms given each row. */
  readonly responsibilities: Float64Array
}

const STEPS = 15

/** No atom is impossible under a label. */
const LEAST = 1e-9

/** The groups that rows are split into, as a start. */
const splitStart = (rows: CountedRows, count: number): RowStart => {
  const groups = splitRows(rows, rows.counts, count)
  const data = new Float64Array(rows.rows * count)
  for (let u = 0; u < rows.rows; u++) data[u * count + groups[u]!] = rows.counts[u]!
  return { _tag: 'responsibilities', responsibilities: { rows: rows.rows, columns: count, data } }
}

/** Finds atoms by MAP-EM from the groups of the rows, or from clusters of k-means that are drawn. */
export const atomsOf =
  (executor: Executor, rows: CountedRows, count: number, draws?: Random): TaskEither<FitError, Atoms> =>
  async () => {
    const mixture = gaussianMixture({ components: count, concentration: 1, prior: priorFor(rows, count) })
    if (E.isLeft(mixture)) return mixture
    const bound = await onRows(mixture, rows, executor, { rowWeights: rows.counts })()
    if (E.isLeft(bound)) return bound
    try {
      const from: RowStart = draws ? { _tag: 'k-means' } : splitStart(rows, count)
      const start = await initialParameters(mixture, rows, from, draws ?? random(0))()
      if (E.isLeft(start)) return start
      const found = await run<MixtureParameters<MultivariateNormal>, unknown>({ iterations: STEPS })(
        bound.right.iterations(start.right),
      )()
      if (E.isLeft(found)) return found
      const { parameters } = found.right.last
      const responsibilities = await bound.right.responsibilities(parameters)()
      return E.isLeft(responsibilities)
        ? responsibilities
        : E.right({ count, parameters, responsibilities: responsibilities.right.data as Float64Array })
    } finally {
      bound.right.dispose()
    }
  }

/** What a weight is over that of the whole picture, of which an atom may have no part at all. */
const ratioOf = (weight: number, whole: number): number => (whole > 0 ? weight / whole : 0)

/** The weights of atoms under one label, from how often its pixels have each colour: EM with the atoms as they are. */
const weightsUnder = (
  { count, parameters, responsibilities }: Atoms,
  tally: ArrayLike<number>,
  label: number,
  steps: number,
  pseudo: number,
): Float64Array => {
  let weights = Float64Array.from(parameters.weights)
  const [ratios, terms] = [new Float64Array(count), new Float64Array(count)]
  for (let step = 0; step < steps; step++) {
    const sums = Float64Array.from(parameters.weights, w => LEAST + pseudo * w)
    for (let k = 0; k < count; k++) ratios[k] = ratioOf(weights[k]!, parameters.weights[k]!)
    for (let u = 0, at = 0; at < responsibilities.length; u++, at += count) {
      const times = tally[2 * u + label]!
      if (times === 0) continue
      let sum = 0
      for (let k = 0; k < count; k++) sum += terms[k] = ratios[k]! * responsibilities[at + k]!
      if (sum > 0) for (let k = 0; k < count; k++) sums[k]! += (times * terms[k]!) / sum
    }
    const total = sums.reduce((a, b) => a + b, 0)
    weights = sums.map(s => s / total)
  }
  return weights
}

/**
 * log p(colour | label) - log p(colour) of each of U colours under both labels, U x 2, where labels differ in nothing but the
 * weights of the atoms. `pseudo` pixels of the whole picture count under each label as well.
 */
export const atomLogs = (atoms: Atoms, tally: Float64Array, steps: number, pseudo = 0): Float64Array => {
  const { count, parameters, responsibilities } = atoms
  const logs = new Float64Array(tally.length)
  for (const label of [0, 1]) {
    const weights = weightsUnder(atoms, tally, label, steps, pseudo)
    const ratios = weights.map((w, k) => ratioOf(w, parameters.weights[k]!))
    for (let u = 0, at = 0; at < responsibilities.length; u++, at += count) {
      let sum = 0
      for (let k = 0; k < count; k++) sum += ratios[k]! * responsibilities[at + k]!
      logs[2 * u + label] = Math.log(sum)
    }
  }
  return logs
}
