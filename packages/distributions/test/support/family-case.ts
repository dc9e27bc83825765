import type { ExponentialFamily, Validated } from '@conjugate/distributions'
import {
  type Discrete,
  type DistributionCase as DistributionLawsCase,
  type FamilyCase as FamilyLawsCase,
  ofNumbers as numbersOfLaws,
} from '@conjugate/distributions/laws'
import { type Matrix, toRows, type Vector } from '@conjugate/linalg'

/** Parameters of a fixture's case, which each row knows. */
export type Json = Record<string, never>

/** All that the suites have to be told about a distribution. */
export interface DistributionCase<P = never, X = never, V = never, M = never> extends DistributionLawsCase<P, X, V, M> {
  /** The fixture's name; absent where there is none. */
  readonly fixture?: string
  readonly fromFixture: (params: Json) => Validated<P>
  readonly valueFromFixture: (x: never) => X
  /** The second moment of the fixture, a mode and a mean in the fixture's shape. */
  readonly secondMoment: (p: P) => unknown
  readonly toFixture: (x: X) => unknown
  readonly meanToFixture: (mean: M) => unknown
  /** Set where the fixture leaves the mode out. */
  readonly withoutModes?: boolean
}

/** A distribution that is an exponential family. A new family is a new file in `families`. */
export interface FamilyCase<P = never, X = never, V = never, M = never>
  extends Omit<DistributionCase<P, X, V, M>, 'family'>,
    FamilyLawsCase<P, X, V, M> {
  /** The family of a case, where a known count makes it another one. */
  readonly familyFromFixture?: (params: Json) => ExponentialFamily<P, X, V, M>
}

/** A row of the table, in which families of all types stand together. */
export const row = <P, X, V, M>(c: FamilyCase<P, X, V, M>): FamilyCase => c as unknown as FamilyCase

/** A row of the table of distributions that are no exponential families. */
export const distributionRow = <P, X, V, M>(c: DistributionCase<P, X, V, M>): DistributionCase =>
  c as unknown as DistributionCase

/** What rows of families of numbers share. */
export const ofNumbers = {
  ...numbersOfLaws,
  valueFromFixture: (x: number): number => x,
  toFixture: (x: number): number => x,
  meanToFixture: (mean: number): number => mean,
}

/** What rows of families of vectors share. */
export const ofVectors = {
  coordinates: (x: Vector): number[] => Array.from(x),
  meanCoordinates: (mean: Vector): number[] => Array.from(mean),
  varianceCoordinates: (variance: Vector): number[] => Array.from(variance),
  valueFromFixture: (x: number[]): Vector => x,
  toFixture: (x: Vector): number[] => Array.from(x),
  meanToFixture: (mean: Vector): number[] => Array.from(mean),
}

const lower = (m: Matrix): number[] => toRows(m).flatMap((entries, i) => entries.slice(0, i + 1))

export const matrixOf = (rows: ReadonlyArray<ReadonlyArray<number>>): Matrix => ({
  rows: rows.length,
  columns: rows.length,
  data: Float64Array.from(rows.flat()),
})

/** What rows of families of symmetric matrices share. */
export const ofMatrices = {
  coordinates: lower,
  meanCoordinates: lower,
  varianceCoordinates: lower,
  valueFromFixture: matrixOf,
  toFixture: toRows,
  meanToFixture: toRows,
}

export const mixNumbers = (a: number, b: number, t: number): number => a + t * (b - a)

export const mix = (a: Vector, b: Vector, t: number): Vector => Float64Array.from(a, (v, i) => mixNumbers(v, b[i]!, t))

export const mixMatrix = (a: Matrix, b: Matrix, t: number): Matrix => ({ ...a, data: mix(a.data, b.data, t) })

/** Families of counts: 0, ..., bound of the member, with one more and one fewer as neighbours. */
export const countsUpTo = <P>(bound: (p: P) => number): Discrete<P, number> => ({
  _tag: 'Discrete',
  values: p => Array.from({ length: bound(p) + 1 }, (_, x) => x),
  neighbours: x => [x - 1, x + 1],
})

interface Mapped {
  readonly x: number
  readonly logJacobian: number
}

/** (0, 1) onto the real line and onto the positive half-line. */
export const line = (u: number): Mapped => ({
  x: 4 * Math.log(u / (1 - u)),
  logJacobian: Math.log(4) - Math.log(u) - Math.log1p(-u),
})
export const halfLine = (u: number): Mapped => {
  const { x, logJacobian } = line(u)
  return { x: Math.exp(x), logJacobian: logJacobian + x }
}

/** Symmetric positive definite 2 x 2 matrices from standard deviations and a correlation: X = S R S. */
export const positiveDefinite = (u: ReadonlyArray<number>): { readonly x: Matrix; readonly logJacobian: number } => {
  const [a, b] = [halfLine(u[0]!), halfLine(u[1]!)]
  const off = a.x * b.x * (2 * u[2]! - 1)
  return {
    x: matrixOf([
      [a.x * a.x, off],
      [off, b.x * b.x],
    ]),
    logJacobian: a.logJacobian + b.logJacobian + 2 * Math.log(a.x * b.x) + Math.log(8),
  }
}

export const full3 = [
  [2.5, 0.3, -0.4],
  [0.3, 1.2, 0.5],
  [-0.4, 0.5, 0.9],
]
export const full2 = [
  [2, 0.6],
  [0.6, 1],
]
