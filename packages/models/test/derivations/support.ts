import { multivariateNormal, normalInverseWishart, type Random, random } from '@conjugate/distributions'
import { type Executor, javascript, wasm } from '@conjugate/executors'
import { type Matrix, toRows } from '@conjugate/linalg'
import { gaussianMixture, gaussianMixtureParameters, onRows, statisticsOf } from '@conjugate/models'
import { readFixture, right, rightOf } from '@conjugate/testing'
import { expect } from 'vitest'
import { combine, type Numbers, type Rows, range, square, sum } from './plain.js'
import type { Component, Hyper, Theta } from './reference.js'

/** |actual - expected| <= tolerance max(1, |expected|, scale), entry by entry. */
export const expectClose = (
  actual: number | Iterable<number>,
  expected: number | Iterable<number>,
  tolerance: number,
  scale = 1,
): void => {
  const [a, e] = [actual, expected].map(v => (typeof v === 'number' ? [v] : Array.from(v))) as [number[], number[]]
  expect(a.length).toBe(e.length)
  const largest = e.reduce((m, v) => Math.max(m, Math.abs(v)), Math.max(1, scale))
  for (const [i, v] of e.entries()) expect(Math.abs(a[i]! - v) / largest).toBeLessThanOrEqual(tolerance)
}

export const matrixOf = (rows: Rows): Matrix => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
})

export const niw = (h: Hyper) => right(normalInverseWishart.make(h))
export const normal = (c: Component) => right(multivariateNormal.make(c))

/** Library objects as plain numbers. */
export const hyperOf = (p: ReturnType<typeof niw>): Hyper => ({
  mean: Array.from(p.mean),
  meanPrecision: p.meanPrecision,
  degreesOfFreedom: p.covariance.degreesOfFreedom,
  scale: toRows(p.covariance.scale),
})
export const componentOf = (p: ReturnType<typeof normal>): Component => ({
  mean: Array.from(p.mean),
  covariance: toRows(p.covariance),
})
export const numbersOf = (value: Hyper | Component): number[] =>
  Object.values(value).flatMap(v => (Array.isArray(v) ? v.flat() : [v]))

/** Random inputs of every kind the claims are about. */
export const draws = (stream: Random) => {
  const vector = (d: number, spread = 1): number[] => range(d).map(() => spread * stream.normal())
  const spd = (d: number, factor = 1): number[][] => {
    const identity = range(d).map(i => range(d).map(j => (i === j ? 0.1 : 0)))
    const outers = range(d + 2).map(() => [factor / (d + 2), square(vector(d))] as const)
    return combine([factor, identity], ...outers)
  }
  const simplex = (k: number): number[] => {
    const gammas = range(k).map(() => stream.gamma(1))
    return gammas.map(g => g / sum(gammas))
  }
  const component = (d: number): Component => ({ mean: vector(d), covariance: spd(d) })
  return {
    vector,
    spd,
    simplex,
    component,
    hyper: (d: number): Hyper => ({
      mean: vector(d),
      meanPrecision: 0.05 + stream.gamma(2),
      degreesOfFreedom: d - 0.95 + stream.gamma(2),
      scale: spd(d),
    }),
    theta: (d: number, k: number): Theta => ({ weights: simplex(k), components: range(k).map(() => component(d)) }),
    /** Rows that are spread and off the origin. */
    rows: (n: number, d: number): number[][] => range(n).map(() => vector(d, 2).map(v => v + 1)),
    /** Rows of probabilities that are nobody's posterior. */
    responsibilities: (n: number, k: number): number[][] => range(n).map(() => simplex(k)),
    concentration: (k: number): number[] => range(k).map(() => 0.05 + stream.gamma(2)),
    integer: stream.integer,
    uniform: stream.uniform,
  }
}

export const modelOf = (h: Hyper, alpha: Numbers) =>
  right(gaussianMixture({ components: alpha.length, concentration: alpha, prior: h }))

/** A data set, a prior, parameters and a q, which have nothing to do with each other. */
export const randomCase = (d: number, k: number, n: number, seed = 0) => {
  const { hyper, concentration, theta, rows, responsibilities } = draws(random(1000 * d + 100 * k + n, seed))
  const plain = {
    hyper: hyper(d),
    alpha: concentration(k),
    theta: theta(d, k),
    rows: rows(n, d),
    q: responsibilities(n, k),
  }
  const model = modelOf(plain.hyper, plain.alpha)
  const parameters = right(gaussianMixtureParameters(model, plain.theta))
  return { ...plain, d, k, n, model, parameters }
}

/** D = 1 to 4 and K = 1 to 3, with so few rows that all labellings can be listed. */
export const smallCases = () => [1, 2, 3, 4].flatMap(d => [1, 2, 3].map(k => randomCase(d, k, k === 3 ? 6 : 8)))

/** The executors that are there on every machine. */
export const executors = async (): Promise<ReadonlyArray<Executor>> => [javascript, await rightOf(wasm)]

/** The E-step side of a mixture on rows, on each executor. */
export const bound = async (model: ReturnType<typeof modelOf>, rows: Rows, rowWeights?: Numbers) =>
  Promise.all(
    (await executors()).map(executor => rightOf(onRows(model, matrixOf(rows), executor, rowWeights && { rowWeights }))),
  )

export interface DistributionFixture<P, X> {
  readonly cases: ReadonlyArray<{
    readonly params: P
    readonly x: ReadonlyArray<X>
    readonly log_prob: ReadonlyArray<number | string>
    readonly mode: unknown
    readonly natural: { readonly eta: ReadonlyArray<number | Numbers | Rows>; readonly A: number }
    readonly cond?: number
  }>
  readonly conjugate: ReadonlyArray<{
    readonly prior: P
    readonly data: ReadonlyArray<Numbers>
    readonly weights?: Numbers
    readonly log_marginal_likelihood?: number
  }>
}

/** The cases of `distributions/<name>.json` that are not so near singular that nothing could be told from them. */
export const distributionFixture = <P, X>(name: string): DistributionFixture<P, X> => {
  const { cases, conjugate } = readFixture<DistributionFixture<P, X>>(`distributions/${name}`)
  return { cases: cases.filter(c => (c.cond ?? 1) < 1e9), conjugate }
}

export interface NiwParams {
  readonly mu0: Numbers
  readonly kappa0: number
  readonly nu0: number
  readonly Sigma0: Rows
}

export const hyperOfFixture = (p: NiwParams): Hyper => ({
  mean: p.mu0,
  meanPrecision: p.kappa0,
  degreesOfFreedom: p.nu0,
  scale: p.Sigma0,
})

/** What an E-step would gather from responsibilities (N x K). */
export const gathered = (model: ReturnType<typeof modelOf>, rows: Rows, q: Rows) =>
  rightOf(statisticsOf(model, matrixOf(rows), matrixOf(q)))
