import { cholesky, invertLower, type Matrix, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { QuadraticDensities } from '../contract/executor.js'
import { covariancesOf, marginalOf } from './marginals.js'
import { cellsAt, type Pattern, patternsOf } from './patterns.js'
import { addExpected, noSums, stretched } from './sums.js'

/** Sums of the rows of a pattern about the places of its columns. */
interface PatternSums extends Pattern {
  readonly weight: number
  readonly sum: Float64Array
  readonly outer: Float64Array
}

/** Steps of EM, each of which takes no rows; they are enough for a prior. */
const STEPS = 50

const sumsOf = (rows: Matrix, weights: Vector | undefined, places: Vector): ReadonlyArray<PatternSums> =>
  patternsOf(rows, rows.columns).map(({ indices, there, missing }) => {
    const o = there.length
    const { data } = cellsAt(rows, indices, [...there])
    const [sum, outer] = [new Float64Array(o), new Float64Array(o * o)]
    let weight = 0
    for (let n = 0; n < indices.length; n++) {
      const w = weights?.[indices[n]!] ?? 1
      weight += w
      for (let i = 0; i < o; i++) {
        const deviation = data[n * o + i]! - places[there[i]!]!
        sum[i]! += w * deviation
        for (let j = 0; j < o; j++) outer[i * o + j]! += w * deviation * (data[n * o + j]! - places[there[j]!]!)
      }
    }
    return { there, missing, weight, sum, outer }
  })

/** The same about places that are `by` further. */
const moved = ({ there, weight, sum, outer }: PatternSums, by: Vector) => {
  const o = there.length
  const at = (i: number): number => by[there[i]!]!
  return {
    weight: [weight],
    sum: sum.map((s, i) => s - weight * at(i)),
    outer: outer.map((product, cell) => {
      const [i, j] = [Math.floor(cell / o), cell % o]
      return product - at(i) * sum[j]! - at(j) * sum[i]! + weight * at(i) * at(j)
    }),
  }
}

/**
 * The mean and the covariance of one normal by maximum likelihood, of rows (N x D) of which cells may be missing, NaN, at random; every
 * row has a cell, and every column. It is what EM has come to in fifty steps, from columns that are independent.
 * Source: Little and Rubin, Statistical Analysis with Missing Data, 3rd ed. (2019), section 11.2.
 */
export const incompleteMoments = (
  rows: Matrix,
  weights: Vector | undefined,
): { readonly mean: Float64Array; readonly covariance: Float64Array } => {
  const { columns, data } = rows
  const places = new Float64Array(columns)
  for (let i = 0; i < columns; i++) {
    let total = 0
    for (let n = 0; n < rows.rows; n++) {
      const [x, w] = [data[n * columns + i]!, weights?.[n] ?? 1]
      if (Number.isNaN(x) || !(w > 0)) continue
      total += w
      places[i]! += (w / total) * (x - places[i]!)
    }
  }
  const patterns = sumsOf(rows, weights, places)
  const shift = new Float64Array(columns)
  let covariance = new Float64Array(columns * columns)
  for (let step = 0; step <= STEPS; step++) {
    const factor = cholesky({ rows: columns, columns, data: covariance })
    const isKnown = step > 0 && E.isRight(factor)
    if (step > 0 && !isKnown) break
    const densities: QuadraticDensities = {
      _tag: 'Quadratic',
      components: 1,
      columns,
      mean: shift,
      whitening: isKnown ? (invertLower(factor.right).data as Float64Array) : new Float64Array(columns * columns),
      logConstant: new Float64Array(1),
    }
    const known = covariancesOf(densities)
    const marginals = E.traverseArray((pattern: PatternSums) => marginalOf(densities, known, pattern))(patterns)
    // Collinear columns come to have no factor: what was found last is as near to them as float64 can tell.
    if (E.isLeft(marginals)) break
    const all = noSums(1, columns)
    for (const [i, pattern] of patterns.entries())
      addExpected(all, columns, pattern, moved(pattern, shift), marginals.right[i]!.fillings)
    const { weight, sum, outer } = stretched(all, columns)
    const total = weight[0]!
    covariance = outer.map((product, cell) => {
      const [i, j] = [Math.floor(cell / columns), cell % columns]
      return product / total - (sum[i]! / total) * (sum[j]! / total)
    })
    for (let i = 0; i < columns; i++) shift[i]! += sum[i]! / total
  }
  return { mean: shift.map((s, i) => s + places[i]!), covariance }
}
