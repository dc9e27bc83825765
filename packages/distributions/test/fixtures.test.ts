import { innerProduct, normalInverseWishart, toNatural } from '@conjugate/distributions'
import { dot, solveLower } from '@conjugate/linalg'
import { fixtureNames, readFixture, right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { families, otherDistributions } from './support/families/index.js'
import type { DistributionCase } from './support/family-case.js'

type Value = number | string | null | ReadonlyArray<Value> | { readonly [key: string]: Value }

interface Case {
  readonly id: string
  readonly params: { readonly [key: string]: Value }
  readonly x: ReadonlyArray<never>
  readonly log_prob: ReadonlyArray<Value>
  readonly mean: Value
  readonly variance: Value
  readonly mode: Value
  readonly entropy: Value
  /** Absent at the limits of a family. */
  readonly natural?: {
    readonly eta: ReadonlyArray<Value>
    readonly A: number
    readonly expected_t: ReadonlyArray<Value>
  }
  /** Absent where there is no closed form. */
  readonly kl?: ReadonlyArray<{ readonly other: never; readonly value: number }>
  readonly cond?: number
}

/** All numbers of a nested value in order; infinities are strings in the files. */
const numbers = (value: Value): number[] => {
  if (value === null) return []
  if (typeof value === 'number') return [value]
  if (value === 'inf') return [Number.POSITIVE_INFINITY]
  if (value === '-inf') return [Number.NEGATIVE_INFINITY]
  if (typeof value === 'string') throw new Error(`not a number: ${value}`)
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(v => numbers(v as Value))
}

/** The README's factor on 1e-12: the condition number, and the degrees of freedom where they are large. */
const conditionFactor = ({ cond = 1, params }: Case): number => {
  const df = Number(params['df'] ?? params['nu0'] ?? 0)
  if (df >= 1e5) return Math.max(1, cond * df * 1e-4)
  return cond > 1e3 ? cond : 1
}

/** |actual - expected| <= 1e-12 factor max(1, |expected|, scale) + allowance, where `scale` is the largest summand that cancels. */
const expectClose = (actual: Value, expected: Value, factor: number, scale = 1, allowance = 0) => {
  const [a, e] = [numbers(actual), numbers(expected)]
  expect(a.length).toBe(e.length)
  for (const [i, v] of e.entries()) {
    if (!Number.isFinite(v)) expect(a[i]).toBe(v)
    else expect(Math.abs(a[i]! - v)).toBeLessThanOrEqual(1e-12 * factor * Math.max(1, Math.abs(v), scale) + allowance)
  }
}

/**
 * What of a variance exists is compared. What diverges is `null` or Infinity in the files, and no variance, or Infinity, here.
 */
const expectVariance = (actual: Value, expected: Value, factor: number) => {
  if (expected === null) expect(actual === null || numbers(actual).includes(Number.POSITIVE_INFINITY)).toBe(true)
  else if (typeof expected === 'object' && !Array.isArray(expected))
    for (const [key, part] of Object.entries(expected))
      expectVariance((actual as { readonly [key: string]: Value })[key]!, part, factor)
  else expectClose(actual, expected, factor)
}

/** The README's factor of the way back from eta, which a mean far from zero spoils: 1 + kappa m^2/(2 b), 1 + nu kappa m'Psi^-1 m. */
const wayBackFactor = ({ params }: Case): number => {
  const { mu0, kappa0, b, nu0, Sigma0 } = params as { readonly [key: string]: never }
  if (b !== undefined && kappa0 !== undefined) return 1 + (kappa0 * mu0! ** 2) / (2 * b)
  if (nu0 === undefined || kappa0 === undefined) return 1
  const { mean, covariance } = right(
    normalInverseWishart.make({ mean: mu0!, meanPrecision: kappa0, degreesOfFreedom: nu0, scale: Sigma0! }),
  )
  const residual = solveLower(mean)(covariance.cholesky)
  return 1 + nu0 * kappa0 * dot(residual)(residual)
}

/** The README's allowance for probabilities that sum to 1 up to rounding: n 2^-53. */
const allowanceOf = ({ params }: Case): number => (params['p'] === undefined ? 0 : Number(params['n'] ?? 0) * 2 ** -53)

const names = fixtureNames('distributions')
const byFixture = <R extends DistributionCase>(rows: ReadonlyArray<R>): ReadonlyMap<string, R> =>
  new Map(rows.flatMap(row => (row.fixture === undefined ? [] : [[row.fixture, row] as const])))

const known = byFixture([...families, ...otherDistributions])
const knownFamilies = byFixture(families)

// Where shapes are large, log-gamma terms of this size cancel in what is left.
const scaleOf = ({ natural }: Case): number => (Math.abs(natural?.A ?? 0) >= 1e5 ? Math.abs(natural!.A) : 1)

const orNull = <A>(option: O.Option<A>, f: (a: A) => unknown): Value =>
  O.isSome(option) ? (f(option.value) as Value) : null

describe.skipIf(names.length === 0)('distribution fixtures', () => {
  for (const name of names.filter(n => !known.has(n) && n !== 'special_functions'))
    test.skip(`${name}: the library has no such family yet`, () => {})

  describe.each(names.filter(n => known.has(n)))('%s', name => {
    const row = known.get(name)!
    const { cases } = readFixture<{ cases: ReadonlyArray<Case> }>(`distributions/${name}`)

    test.each(cases.map(c => [c.id, c] as const))('%s', (_, c) => {
      const family = knownFamilies.get(name)?.familyFromFixture?.(c.params as never) ?? row.family
      const p = right(row.fromFixture(c.params as never))
      const factor = conditionFactor(c)
      const allowance = allowanceOf(c)
      expectClose(
        c.x.map(x => family.logProb(p)(row.valueFromFixture(x))),
        c.log_prob,
        factor,
        scaleOf(c),
        allowance,
      )
      expectClose(orNull(family.mean(p), row.meanToFixture), c.mean, factor)
      expectVariance(row.secondMoment(p) as Value, c.variance, factor)
      if (!row.withoutModes) expectClose(orNull(family.mode(p), row.toFixture), c.mode, factor)
      if (c.entropy !== null) expectClose(family.entropy(p), c.entropy, factor, scaleOf(c), allowance)
    })
  })

  describe.each(names.filter(n => knownFamilies.has(n)))('exponential form of %s', name => {
    const row = knownFamilies.get(name)!
    const { cases } = readFixture<{ cases: ReadonlyArray<Case> }>(`distributions/${name}`)

    test.each(cases.map(c => [c.id, c] as const))('%s', (_, c) => {
      const family = row.familyFromFixture?.(c.params as never) ?? row.family
      const p = right(row.fromFixture(c.params as never))
      const [factor, scale, allowance] = [conditionFactor(c), scaleOf(c), allowanceOf(c)]
      const eta = family.natural(p)
      const expected = family.expectedStatistic(p)
      for (const { other, value } of c.kl ?? []) {
        const q = right(row.fromFixture(other))
        const summand = Math.max(scale, Math.abs(innerProduct(eta, expected)))
        expectClose(family.klDivergence(p)(q), value, factor, scale > 1 ? summand : 1, allowance)
      }
      if (c.natural === undefined) return
      expectClose(Array.from(eta), c.natural.eta, factor)
      expectClose(family.logNormaliser(p), c.natural.A, factor, 1, allowance)
      expectClose(Array.from(expected), c.natural.expected_t, factor)
      // Beyond this, float64 cannot hold in eta what it takes to tell the parameters.
      const backFactor = factor * wayBackFactor(c)
      if (1e-12 * backFactor >= 1) return
      const back = right(family.fromNatural(toNatural<never>(numbers(c.natural.eta))))
      expectClose(family.logNormaliser(back), c.natural.A, backFactor, 1, allowance)
      expectClose(Array.from(family.natural(back)), c.natural.eta, backFactor)
    })
  })
})
