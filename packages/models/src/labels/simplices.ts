import { dirichlet, type InvalidParameter, type Random } from '@conjugate/distributions'
import { digamma, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { softmaxAt } from './draws.js'
import { type Probabilities, probabilitiesOf } from './probabilities.js'

/**
 * Rows of K probabilities each, with a Dirichlet prior on every row, laid end to end. A concentration of 0 is a structural
 * zero: that probability is 0 under the prior, and stays 0 in modes, posteriors, draws and coordinates.
 */
export interface Simplices {
  /** The means of the priors. */
  readonly mean: Float64Array
  /** The number of coordinates: one for each probability that is no structural zero. */
  readonly size: number
  /**
   * The mode of the posterior given counts. A row without counts whose prior has no mode stays as it is, and is even where
   * nothing is said of that. Errors: no mode.
   */
  readonly mode: (counts: Float64Array, current?: Vector) => E.Either<InvalidParameter, Float64Array>
  readonly logPrior: (probabilities: Vector) => number
  /** The concentrations of the posterior given counts. */
  readonly update: (counts: Float64Array) => Float64Array
  /** Minus the divergence of Dirichlets of these concentrations from the priors. */
  readonly minusDivergence: (concentration: Vector) => number
  /** E log p under Dirichlets of these concentrations; -Infinity for structural zeros. */
  readonly expectedLogs: (concentration: Vector) => Float64Array
  /** Draws probabilities from the posterior given counts. */
  readonly draw: (counts: Float64Array) => (random: Random) => Float64Array
  /** Logarithms of what is no structural zero. */
  readonly toVector: (positive: Vector) => Float64Array
  readonly toProbabilities: (vector: Float64Array) => Float64Array
  readonly toConcentration: (vector: Float64Array) => Float64Array
}

/** One row: where it is, and the columns that are no structural zeros. */
interface Row extends Probabilities {
  readonly places: ReadonlyArray<number>
  readonly prior: Float64Array
}

export const simplices = (concentration: Float64Array, columns: number): Simplices => {
  const rows = Array.from({ length: concentration.length / columns }, (_, r): Row => {
    const places = Array.from({ length: columns }, (_, k) => r * columns + k).filter(i => concentration[i] !== 0)
    const prior = tabulate(places.length, i => concentration[places[i]!]!)
    return { places, prior, ...probabilitiesOf({ concentration: prior }) }
  })
  const free = rows.flatMap(row => row.places)
  const pick = ({ places }: Row, v: Vector): Float64Array => tabulate(places.length, i => v[places[i]!]!)
  const byRow = (zero: number, of: (row: Row) => ArrayLike<number>): Float64Array => {
    const all = new Float64Array(concentration.length).fill(zero)
    for (const row of rows) {
      const values = of(row)
      for (const [i, place] of row.places.entries()) all[place] = values[i]!
    }
    return all
  }
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)
  // A single possibility has no density: it is certain.
  const isOpen = ({ places }: Row): boolean => places.length > 1
  const posterior = (row: Row, counts: Float64Array): Float64Array =>
    tabulate(row.places.length, i => row.prior[i]! + counts[row.places[i]!]!)
  const unpack = (vector: Float64Array, zero: number): Float64Array => {
    const all = new Float64Array(concentration.length).fill(zero)
    for (const [i, place] of free.entries()) all[place] = vector[i]!
    return all
  }
  return {
    mean: byRow(0, row => {
      const total = row.prior.reduce((a, b) => a + b, 0)
      return row.prior.map(a => a / total)
    }),
    size: free.length,
    mode: (counts, current) => {
      const all = new Float64Array(concentration.length)
      for (const row of rows) {
        const even = new Float64Array(row.places.length).fill(1 / row.places.length)
        const found = row.maximize(pick(row, counts), current ? pick(row, current) : even)
        if (E.isLeft(found)) return found
        for (const [i, place] of row.places.entries()) all[place] = found.right[i]!
      }
      return E.right(all)
    },
    logPrior: p => sum(row => (isOpen(row) ? row.logPrior(pick(row, p)) : 0)),
    update: counts => byRow(0, row => posterior(row, counts)),
    minusDivergence: c =>
      sum(row =>
        isOpen(row) ? -dirichlet.klDivergence({ concentration: pick(row, c) })({ concentration: row.prior }) : 0,
      ),
    expectedLogs: c =>
      byRow(Number.NEGATIVE_INFINITY, row => {
        const own = pick(row, c)
        const ofSum = digamma(own.reduce((a, b) => a + b, 0))
        return own.map(a => digamma(a) - ofSum)
      }),
    draw: counts => random =>
      byRow(0, row =>
        isOpen(row) ? dirichlet.sample({ concentration: posterior(row, counts) })(random) : Float64Array.of(1),
      ),
    toVector: v => tabulate(free.length, i => Math.log(v[free[i]!]!)),
    toProbabilities: v => {
      const all = unpack(v, Number.NEGATIVE_INFINITY)
      for (let r = 0; r < rows.length; r++) softmaxAt(all, r * columns, columns)
      return all
    },
    toConcentration: v => unpack(v.map(Math.exp), 0),
  }
}
