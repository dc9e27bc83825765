import {
  type Dirichlet,
  dirichlet,
  type ExponentialFamily,
  type InverseWishart,
  inverseWishart,
  type MultivariateNormal,
  multivariateNormal,
  type NormalInverseWishart,
  normalInverseWishart,
  type Validated,
} from '@conjugate/distributions'
import { identity, type Matrix, toRows, type Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'

type Json = Record<string, never>

/** All that the suites have to be told about a family. A new family is a new row of {@link families}. */
export interface FamilyCase<P = never, X = never> {
  readonly fixture: string
  readonly family: ExponentialFamily<P, X, unknown>
  /** Members to try every law on; the first two have one dimension. */
  readonly members: ReadonlyArray<P>
  /** A value and its moments as numbers end to end. */
  readonly coordinates: (x: X) => ReadonlyArray<number>
  /** The value a fraction `t` of the way from `a` to `b`. */
  readonly between: (a: X, b: X, t: number) => X
  /** Values of no density. */
  readonly outside: ReadonlyArray<X>
  /** Density over the unit cube: value and log Jacobian of a map from (0, 1)^n onto the support; absent above n = 3. */
  readonly unitCube?: {
    readonly dimension: number
    readonly member: P
    readonly at: (u: ReadonlyArray<number>) => { readonly x: X; readonly logJacobian: number }
  }
  readonly fromFixture: (params: Json) => Validated<P>
  readonly valueFromFixture: (x: never) => X
  /** Mean, mode and the second moment of the fixture, in the fixture's shape. */
  readonly secondMoment: (p: P) => unknown
  readonly toFixture: (x: X) => unknown
}

const mix = (a: Vector, b: Vector, t: number): Vector => Float64Array.from(a, (v, i) => v + t * (b[i]! - v))

const mixMatrix = (a: Matrix, b: Matrix, t: number): Matrix => ({ ...a, data: mix(a.data, b.data, t) })

const lower = (m: Matrix): number[] => toRows(m).flatMap((row, i) => row.slice(0, i + 1))

const matrixOf = (rows: ReadonlyArray<ReadonlyArray<number>>): Matrix => ({
  rows: rows.length,
  columns: rows.length,
  data: Float64Array.from(rows.flat()),
})

/** (0, 1) onto the real line and onto the positive half-line. */
const logit = (u: number): { x: number; logJacobian: number } => ({
  x: 4 * Math.log(u / (1 - u)),
  logJacobian: Math.log(4) - Math.log(u) - Math.log1p(-u),
})
const halfLine = (u: number): { x: number; logJacobian: number } => {
  const { x, logJacobian } = logit(u)
  return { x: Math.exp(x), logJacobian: logJacobian + x }
}

const full3 = [
  [2.5, 0.3, -0.4],
  [0.3, 1.2, 0.5],
  [-0.4, 0.5, 0.9],
]
const full2 = [
  [2, 0.6],
  [0.6, 1],
]

const multivariateNormalCase: FamilyCase<MultivariateNormal, Vector> = {
  fixture: 'multivariate_normal',
  family: multivariateNormal,
  members: [
    { mean: [1, -2, 0.5], covariance: full3 },
    { mean: [0.2, -1, 0], covariance: identity(3) },
    { mean: [0], covariance: [[2]] },
    { mean: [3, 4], covariance: full2 },
  ].map(p => right(multivariateNormal.make(p))),
  coordinates: x => Array.from(x),
  between: mix,
  outside: [],
  unitCube: {
    dimension: 2,
    member: right(multivariateNormal.make({ mean: [0.5, -1], covariance: full2 })),
    at: u => {
      const parts = u.map(logit)
      return { x: parts.map(p => p.x), logJacobian: parts.reduce((sum, p) => sum + p.logJacobian, 0) }
    },
  },
  fromFixture: ({ loc, covariance }) => multivariateNormal.make({ mean: loc!, covariance: covariance! }),
  valueFromFixture: (x: number[]) => x,
  secondMoment: p => toRows(multivariateNormal.covariance(p)),
  toFixture: x => Array.from(x),
}

const inverseWishartCase: FamilyCase<InverseWishart, Matrix> = {
  fixture: 'inverse_wishart',
  family: inverseWishart,
  members: [
    { degreesOfFreedom: 13, scale: full3 },
    { degreesOfFreedom: 11, scale: identity(3) },
    { degreesOfFreedom: 5.5, scale: [[3]] },
    { degreesOfFreedom: 7, scale: full2 },
  ].map(p => right(inverseWishart.make(p))),
  coordinates: lower,
  between: mixMatrix,
  outside: [matrixOf([[-1]]), matrixOf([[0]])],
  unitCube: {
    dimension: 3,
    member: right(
      inverseWishart.make({
        degreesOfFreedom: 9,
        scale: [
          [3, 1],
          [1, 4],
        ],
      }),
    ),
    // Standard deviations and a correlation: X = S R S, |dX| = 4 s1^2 s2^2 |ds1 ds2 dr|.
    at: ([u, v, w]) => {
      const a = halfLine(u!)
      const b = halfLine(v!)
      const r = 2 * w! - 1
      const off = a.x * b.x * r
      return {
        x: matrixOf([
          [a.x * a.x, off],
          [off, b.x * b.x],
        ]),
        logJacobian: a.logJacobian + b.logJacobian + 2 * Math.log(a.x * b.x) + Math.log(8),
      }
    },
  },
  fromFixture: ({ df, scale_matrix }) => inverseWishart.make({ degreesOfFreedom: df!, scale: scale_matrix! }),
  valueFromFixture: matrixOf,
  secondMoment: p => pipe(inverseWishart.variance(p), O.map(toRows), O.toNullable),
  toFixture: toRows,
}

const dirichletCase: FamilyCase<Dirichlet, Vector> = {
  fixture: 'dirichlet',
  family: dirichlet,
  members: [
    [2, 3, 4.5],
    [3, 1.4, 2],
    [1.5, 7],
    [1.2, 1.1, 3, 9, 1.7],
  ].map(c => right(dirichlet.make({ concentration: c }))),
  coordinates: x => Array.from(x).slice(0, -1),
  between: mix,
  outside: [
    [0.5, 0.6],
    [-0.1, 1.1],
  ],
  unitCube: {
    dimension: 2,
    member: right(dirichlet.make({ concentration: [2, 3.5, 4] })),
    at: ([u, v]) => ({ x: [u!, (1 - u!) * v!, (1 - u!) * (1 - v!)], logJacobian: Math.log1p(-u!) }),
  },
  fromFixture: ({ alpha }) => dirichlet.make({ concentration: alpha! }),
  valueFromFixture: (x: number[]) => x,
  secondMoment: p => toRows(dirichlet.covariance(p)),
  toFixture: x => Array.from(x),
}

const normalInverseWishartCase: FamilyCase<NormalInverseWishart, MultivariateNormal> = {
  fixture: 'normal_inverse_wishart',
  family: normalInverseWishart,
  members: [
    { mean: [1, -2, 0.5], meanPrecision: 1.7, degreesOfFreedom: 14, scale: full3 },
    { mean: [0, 0.1, 1], meanPrecision: 0.6, degreesOfFreedom: 15, scale: identity(3) },
    { mean: [0.2], meanPrecision: 0.4, degreesOfFreedom: 9, scale: [[2]] },
    { mean: [3, 4], meanPrecision: 2, degreesOfFreedom: 12, scale: full2 },
  ].map(p => right(normalInverseWishart.make(p))),
  coordinates: x => [...Array.from(x.mean), ...lower(x.covariance)],
  between: (a, b, t) =>
    right(
      multivariateNormal.make({
        mean: Array.from(mix(a.mean, b.mean, t)),
        covariance: mixMatrix(a.covariance, b.covariance, t),
      }),
    ),
  outside: [],
  unitCube: {
    dimension: 2,
    member: right(normalInverseWishart.make({ mean: [1], meanPrecision: 2, degreesOfFreedom: 5, scale: [[3]] })),
    at: ([u, v]) => {
      const mu = logit(u!)
      const sigma = halfLine(v!)
      return {
        x: right(multivariateNormal.make({ mean: [mu.x], covariance: [[sigma.x]] })),
        logJacobian: mu.logJacobian + sigma.logJacobian,
      }
    },
  },
  fromFixture: ({ mu0, kappa0, nu0, Sigma0 }) =>
    normalInverseWishart.make({ mean: mu0!, meanPrecision: kappa0!, degreesOfFreedom: nu0!, scale: Sigma0! }),
  valueFromFixture: (x: { mu: number[]; Sigma: number[][] }) =>
    right(multivariateNormal.make({ mean: x.mu, covariance: x.Sigma })),
  secondMoment: p => {
    const expected = normalInverseWishart.mean(p)
    const variance = normalInverseWishart.variance(p)
    if (expected._tag === 'None' || variance._tag === 'None') return null
    const mu = toRows(expected.value.covariance).map(row => row.map(v => v / p.meanPrecision))
    return { mu, Sigma: toRows(variance.value.covariance) }
  },
  toFixture: x => ({ mu: Array.from(x.mean), Sigma: toRows(x.covariance) }),
}

export const families: ReadonlyArray<FamilyCase> = [
  multivariateNormalCase,
  inverseWishartCase,
  dirichletCase,
  normalInverseWishartCase,
] as ReadonlyArray<unknown> as ReadonlyArray<FamilyCase>
