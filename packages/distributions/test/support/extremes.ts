import {
  bernoulli,
  beta,
  binomial,
  categorical,
  diagonalNormal,
  dirichlet,
  type ExponentialFamily,
  exponential,
  gamma,
  geometric,
  inverseGamma,
  inverseWishart,
  isotropicNormal,
  isotropicNormalInverseGamma,
  multinomial,
  multivariateNormal,
  negativeBinomial,
  normal,
  normalInverseGamma,
  normalInverseWishart,
  poisson,
  type Validated,
  vonMisesFisher,
  wishart,
} from '@conjugate/distributions'
import { square, toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'

/** Members of one family with parameters at the ends of what is computed. */
export interface Extremes<P = never, X = never> {
  readonly family: ExponentialFamily<P, X, unknown, unknown>
  readonly members: ReadonlyArray<Extreme<P>>
}

interface Extreme<P> {
  readonly label: string
  readonly p: P
  /** False where numbers as small or great as its draws are no longer numbers of 64 bits. */
  readonly drawable: boolean
  /** False where E t(x) and eta, rounded to 64 bits, belong to other members as well: a mean of 1e8 beside a variance of 1. */
  readonly told: boolean
}

/** What rounding of E t(x) and of eta may be magnified by until a member is not told any more. */
const TOLD = 1e12

interface Known {
  readonly shape?: number
  readonly degreesOfFreedom?: number
  readonly scale?: unknown
}

const isDrawable = ({ shape = 1, degreesOfFreedom, scale }: Known): boolean =>
  shape >= 0.1 && (degreesOfFreedom === undefined || degreesOfFreedom >= (scale as unknown[]).length - 0.9)

const of = <P, X, A extends object, V, M>(
  family: ExponentialFamily<P, X, V, M>,
  make: (a: A) => Validated<P>,
  parameters: ReadonlyArray<A>,
  magnified: (a: A) => number = () => 1,
): Extremes =>
  ({
    family,
    members: parameters.map(a => ({
      label: text(a),
      p: right(make(a)),
      drawable: isDrawable(a),
      told: magnified(a) < TOLD,
    })),
  }) as unknown as Extremes

const text = (a: unknown): string => {
  const whole = JSON.stringify(a, (_, v) =>
    Array.isArray(v) && Array.isArray(v[0]) ? `${v.length} x ${v.length}, first ${v[0][0]}` : v,
  )
  return whole.length < 120 ? whole : `${whole.slice(0, 100)}...`
}

const sizes = [1e-8, 1e-3, 1, 1e3, 1e8]
const pairsOf = <A>(f: (a: number, b: number) => A): A[] => sizes.flatMap(a => sizes.map(b => f(a, b)))
const probabilities = [1e-8, 1e-3, 0.5, 1 - 1e-3, 1 - 1e-8]

/** Symmetric positive definite D x D with eigenvalues from 1 to 1/condition, by a Householder reflection. */
const conditioned = (dimension: number, condition: number, size = 1): number[][] => {
  const v = Array.from({ length: dimension }, (_, i) => Math.cos(1 + i))
  const norm = v.reduce((sum, x) => sum + x * x, 0)
  const reflection = (i: number, j: number) => (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / norm
  const entry = (i: number, j: number) => {
    let sum = 0
    for (let k = 0; k < dimension; k++)
      sum += reflection(i, k) * reflection(j, k) * condition ** (dimension > 1 ? -k / (dimension - 1) : 0)
    return size * sum
  }
  return toRows(square(dimension, (i, j) => (i <= j ? entry(i, j) : entry(j, i))))
}

const shapes = [
  { dimension: 1, condition: 1, size: 1e-8 },
  { dimension: 1, condition: 1, size: 1e8 },
  { dimension: 2, condition: 1e9, size: 1 },
  { dimension: 3, condition: 1e9, size: 1e-8 },
  { dimension: 3, condition: 1e3, size: 1e8 },
  { dimension: 64, condition: 1, size: 1 },
  { dimension: 64, condition: 1e6, size: 1 },
]
const matrices = shapes.map(({ dimension, condition, size }) => conditioned(dimension, condition, size))
const shapeOf = (scale: number[][]) => shapes[matrices.indexOf(scale)]!
const alternating = (dimension: number): number[] =>
  Array.from({ length: dimension }, (_, i) => (i % 2 === 0 ? 1e-8 : 1))
const simplex = (values: number[]): number[] => values.map(v => v / values.reduce((a, b) => a + b, 0))
const simplices = [[1 - 1e-8, 1e-8], [1e-8, 1e-3, 1 - 1e-8 - 1e-3], simplex(alternating(64))]
const firstAxis = (dimension: number): number[] => Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : 0))

/** A parameter of every matrix with degrees of freedom a little and far above what D takes. */
const withFreedom = <A>(f: (scale: number[][], degreesOfFreedom: number) => A): A[] =>
  matrices.flatMap(scale => [1e-3, 1, 1e8].map(excess => f(scale, scale.length - 1 + excess)))

export const extremes: ReadonlyArray<Extremes> = [
  of(
    bernoulli,
    bernoulli.make,
    probabilities.map(probability => ({ probability })),
  ),
  of(
    geometric,
    geometric.make,
    probabilities.map(probability => ({ probability })),
  ),
  ...[1, 1000, 1e8].map(n =>
    of(
      binomial(n),
      binomial(n).make,
      probabilities.map(probability => ({ probability })),
    ),
  ),
  ...sizes.map(r =>
    of(
      negativeBinomial(r),
      negativeBinomial(r).make,
      probabilities.map(probability => ({ probability })),
    ),
  ),
  ...simplices.map(probabilities =>
    of(categorical(probabilities.length), categorical(probabilities.length).make, [{ probabilities }]),
  ),
  ...simplices.slice(0, 2).map(probabilities => of(multinomial(20), multinomial(20).make, [{ probabilities }])),
  of(
    poisson,
    poisson.make,
    sizes.map(rate => ({ rate })),
  ),
  of(
    exponential,
    exponential.make,
    sizes.map(rate => ({ rate })),
  ),
  of(
    gamma,
    gamma.make,
    pairsOf((shape, rate) => ({ shape, rate })),
  ),
  of(
    inverseGamma,
    inverseGamma.make,
    pairsOf((shape, scale) => ({ shape, scale })),
  ),
  of(
    beta,
    beta.make,
    pairsOf((a, b) => ({ a, b })),
  ),
  of(
    dirichlet,
    dirichlet.make,
    [...pairsOf((a, b) => [a, b, 1]), alternating(64)].map(concentration => ({ concentration })),
  ),
  of(
    normal,
    normal.make,
    pairsOf((mean, variance) => ({ mean, variance })),
    ({ mean, variance }) => mean ** 2 / variance,
  ),
  of(
    diagonalNormal,
    diagonalNormal.make,
    pairsOf((a, b) => ({ mean: [a, 0], variances: [b, 1] })),
    ({ mean, variances }) => mean[0]! ** 2 / variances[0]!,
  ),
  of(
    isotropicNormal,
    isotropicNormal.make,
    pairsOf((a, variance) => ({ mean: [a, 0], variance })),
    ({ mean, variance }) => mean[0]! ** 2 / variance,
  ),
  of(
    normalInverseGamma,
    normalInverseGamma.make,
    pairsOf((shape, scale) => [1e-8, 1, 1e8].map(meanPrecision => ({ mean: 3, meanPrecision, shape, scale }))).flat(),
    ({ mean, meanPrecision, shape, scale }) => (meanPrecision * mean ** 2 * Math.max(1, shape)) / scale,
  ),
  of(
    isotropicNormalInverseGamma,
    isotropicNormalInverseGamma.make,
    pairsOf((shape, scale) => ({ mean: [3, 0], meanPrecision: 1, shape, scale })),
    ({ mean, meanPrecision, shape, scale }) => (meanPrecision * mean[0]! ** 2 * Math.max(1, shape)) / scale,
  ),
  of(
    vonMisesFisher,
    vonMisesFisher.make,
    [2, 3, 64].flatMap(d => sizes.map(concentration => ({ meanDirection: firstAxis(d), concentration }))),
  ),
  of(
    multivariateNormal,
    multivariateNormal.make,
    matrices.map(covariance => ({ mean: firstAxis(covariance.length), covariance })),
  ),
  of(
    wishart,
    wishart.make,
    withFreedom((scale, degreesOfFreedom) => ({ scale, degreesOfFreedom })),
    ({ scale, degreesOfFreedom }) => shapeOf(scale).condition * degreesOfFreedom,
  ),
  of(
    inverseWishart,
    inverseWishart.make,
    withFreedom((scale, degreesOfFreedom) => ({ scale, degreesOfFreedom })),
    ({ scale, degreesOfFreedom }) => shapeOf(scale).condition * degreesOfFreedom,
  ),
  of(
    normalInverseWishart,
    normalInverseWishart.make,
    withFreedom((scale, degreesOfFreedom) => ({
      scale,
      degreesOfFreedom,
      mean: firstAxis(scale.length),
      meanPrecision: 1,
    })),
    ({ scale, degreesOfFreedom }) => (shapeOf(scale).condition ** 2 * degreesOfFreedom) / shapeOf(scale).size,
  ),
]
