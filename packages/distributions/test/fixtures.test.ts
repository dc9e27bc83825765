import { innerProduct, toNatural } from '@conjugate/distributions'
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

/** |actual - expected| <= 1e-12 factor max(1, |expected|, scale), where `scale` is the largest summand that cancels. */
const expectClose = (actual: Value, expected: Value, factor: number, scale = 1) => {
  const [a, e] = [numbers(actual), numbers(expected)]
  expect(a.length).toBe(e.length)
  for (const [i, v] of e.entries()) {
    if (!Number.isFinite(v)) expect(a[i]).toBe(v)
    else expect(Math.abs(a[i]! - v) / Math.max(1, Math.abs(v), scale)).toBeLessThanOrEqual(1e-12 * factor)
  }
}

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
      expectClose(
        c.x.map(x => family.logProb(p)(row.valueFromFixture(x))),
        c.log_prob,
        factor,
        scaleOf(c),
      )
      expectClose(orNull(family.mean(p), row.meanToFixture), c.mean, factor)
      expectClose(row.secondMoment(p) as Value, c.variance, factor)
      if (!row.withoutModes) expectClose(orNull(family.mode(p), row.toFixture), c.mode, factor)
      if (c.entropy !== null) expectClose(family.entropy(p), c.entropy, factor, scaleOf(c))
    })
  })

  describe.each(names.filter(n => knownFamilies.has(n)))('exponential form of %s', name => {
    const row = knownFamilies.get(name)!
    const { cases } = readFixture<{ cases: ReadonlyArray<Case> }>(`distributions/${name}`)

    test.each(cases.map(c => [c.id, c] as const))('%s', (_, c) => {
      const family = row.familyFromFixture?.(c.params as never) ?? row.family
      const p = right(row.fromFixture(c.params as never))
      const [factor, scale] = [conditionFactor(c), scaleOf(c)]
      const eta = family.natural(p)
      const expected = family.expectedStatistic(p)
      for (const { other, value } of c.kl ?? []) {
        const q = right(row.fromFixture(other))
        const summand = Math.max(scale, Math.abs(innerProduct(eta, expected)))
        expectClose(family.klDivergence(p)(q), value, factor, scale > 1 ? summand : 1)
      }
      if (c.natural === undefined) return
      expectClose(Array.from(eta), c.natural.eta, factor)
      expectClose(family.logNormaliser(p), c.natural.A, factor)
      expectClose(Array.from(expected), c.natural.expected_t, factor)
      // Beyond this, float64 cannot hold in eta what it takes to tell the parameters.
      if (1e-12 * factor >= 1) return
      const back = right(family.fromNatural(toNatural<never>(numbers(c.natural.eta))))
      expectClose(family.logNormaliser(back), c.natural.A, factor)
      expectClose(Array.from(family.natural(back)), c.natural.eta, factor)
    })
  })
})
