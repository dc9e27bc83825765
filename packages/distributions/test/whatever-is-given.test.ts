import {
  describeInvalidParameter,
  gamma,
  gammaPoissonPrior,
  type InvalidParameter,
  logMarginalLikelihood,
  logPredictive,
  logProbOfExponentialForm,
  maximumLikelihood,
  multivariateNormal,
  normal,
  poisson,
  random,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { families } from './support/families/index.js'
import { pairs } from './support/pairs.js'

const detached = Float64Array.of(1, 2)
structuredClone(detached, { transfer: [detached.buffer] })

const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('not for you')
    },
    has: () => true,
  },
)

const things: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  'a text': '2',
  true: true,
  'a BigInt': 3n,
  'a large BigInt': 2n ** 60n,
  'a symbol': Symbol('x'),
  'a function': () => 1,
  'an object': {},
  'an object without a prototype': Object.create(null),
  'a list of nothing': [],
  'a list of symbols': [Symbol('x'), Symbol('y'), Symbol('z')],
  'a list of null': [null, null, null, null],
  'a list of objects': [{}, {}, {}],
  'a Date': new Date(0),
  'a Map': new Map(),
  'memory that has moved away': detached,
  'a proxy that throws': throwing,
  'a Promise': Promise.resolve(1),
  'an Either': E.right({}),
  'a length': { length: 3 },
}

const names = ['make', 'member', 'fromNatural', 'fromExpectedStatistic'] as const

/** An error that a person can read. */
const expectError = (what: string, result: unknown): void => {
  const { _tag, left } = result as { readonly _tag: string; readonly left: InvalidParameter }
  expect.soft(_tag, what).toBe('Left')
  if (_tag === 'Left') expect.soft(describeInvalidParameter(left), what).not.toMatch(/\bundefined\b|\n|.{400}/)
}

/** The same object with one of its own parts replaced. */
const partsReplaced = (p: object, by: unknown): ReadonlyArray<readonly [string, object]> =>
  Object.keys(p).map(key => [key, { ...p, [key]: by }])

describe.each(Object.entries(things).map(([name, thing]) => ({ name, thing })))('$name', ({ name, thing }) => {
  test.each(families.map(c => [c.family.name, c] as const))('makes no %s', (_, { family, members }) => {
    const checks = family as never as Record<(typeof names)[number], (a: unknown) => unknown>
    for (const check of names) if (checks[check]) expectError(`${check}(${name})`, checks[check](thing))
    // A part of a member may be a BigInt, or a list of none where there are as many as one likes.
    if (checks.make && name !== 'a BigInt')
      for (const [part, p] of partsReplaced(members[0] as unknown as object, thing))
        if (part !== 'count' && part !== 'cholesky') expectError(`make with ${part}`, checks.make(p))
  })

  test.each(families.map(c => [c.family.name, c] as const))('is no value of %s', (_, { family, members }) => {
    const { logProb, support } = family as never as {
      readonly logProb: (p: unknown) => (x: unknown) => number
      readonly support?: { readonly _tag: string }
    }
    const log = logProb(members[0])(thing)
    // A BigInt may stand for a number.
    if (support?._tag === 'Number' && name !== 'a BigInt') expect(log).toBe(Number.NEGATIVE_INFINITY)
    else expect(typeof log).toBe('number')
    expect(typeof logProbOfExponentialForm(family as never)(members[0] as never)(thing as never)).toBe('number')
  })

  test.each(pairs.map(p => [p.name, p] as const))(
    'is no prior of %s',
    (_, { prior, hyperparameters, observations }) => {
      const pair = prior as never as {
        readonly observe: (q: unknown) => (x: unknown, weight: number) => unknown
        readonly update: (s: unknown) => (q: unknown) => unknown
        readonly jointMode: (q: unknown) => unknown
        readonly posteriorMode?: (s: unknown) => (q: unknown) => unknown
      }
      const s = pair.observe(hyperparameters)(observations[0], 1)
      expectError('update', pair.update(s)(thing))
      expectError('jointMode', pair.jointMode(thing))
      if (pair.posteriorMode) expectError('posteriorMode', pair.posteriorMode(s)(thing))
      expectError('logMarginalLikelihood', logMarginalLikelihood(pair as never)(thing as never)(observations as never))
    },
  )

  test('is no data', () => {
    expectError('maximumLikelihood', maximumLikelihood(poisson)([thing] as never))
    if (name !== 'a BigInt')
      expectError('maximumLikelihood with weights', maximumLikelihood(normal)([1, 2], [1, thing] as never))
    expectError('maximumLikelihood of vectors', maximumLikelihood(multivariateNormal)([[1, 2], thing] as never))
  })
})

test('what only holds a member says so', () => {
  const q = gamma.make({ shape: 2, rate: 1 })
  const messages = [
    gamma.make(q as never),
    gammaPoissonPrior.update({ weight: 1, sum: 2 })(q as never),
    gammaPoissonPrior.jointMode(Promise.resolve(right(q)) as never),
    logPredictive(gammaPoissonPrior)(q as never)(3),
  ].map(result => (E.isLeft(result) ? describeInvalidParameter(result.left) : ''))
  expect(messages).toEqual([
    'Gamma: parameters is an Either (Right), which has to be unwrapped first, expected an object with all of them',
    "Gamma: prior is an Either (Right), which has to be unwrapped first, expected a member made by the Gamma's make",
    "Gamma: prior is a Promise, which has to be awaited first, expected a member made by the Gamma's make",
    'Gamma: prior is an Either (Right), which has to be unwrapped first, expected a member of the family and observations of it',
  ])
})

test('a vector with an entry that is no number is impossible', () => {
  const p = right(
    multivariateNormal.make({
      mean: [0, 0],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    }),
  )
  for (const entry of [null, '', '1', true, [], undefined])
    expect(multivariateNormal.logProb(p)([0, entry] as never)).toBe(Number.NEGATIVE_INFINITY)
})

test('every family of numbers or vectors says what its values are', () => {
  for (const { family } of families) {
    const { name, support } = family as { readonly name: string; readonly support?: unknown }
    if (!/ishart|InverseGamma\b.+|NormalInverse|IsotropicNormalInverse/.test(name))
      expect.soft(support, name).toBeDefined()
  }
})

describe('seeds', () => {
  const draws = (seed: unknown, stream?: unknown): string => {
    const source = random(seed as number, stream as number)
    return [source.uniform(), source.uniform(), source.normal()].join()
  }

  test('each whole number has a stream of its own, and so has each number of a stream', () => {
    const seeds = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33 + 1, -1, -2, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53]
    const streams = [0, 1, 2 ** 32 + 1, -1]
    const all = seeds.flatMap(seed => streams.map(stream => draws(seed, stream)))
    expect(new Set(all).size).toBe(seeds.length * streams.length)
    expect(draws(2 ** 32 + 1)).toBe(draws(2 ** 32 + 1))
  })

  test('what is no whole number takes no other stream', () => {
    const odd = [1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, '1', 1n, null, undefined, Symbol('x'), {}, throwing]
    const all = [...odd, 0, 1, 2].map(seed => draws(seed))
    expect(new Set(all).size).toBe(all.length)
  })

  test('small seeds give what they always gave', () => {
    expect([random(7).uniform(), random(7, 3).uniform()]).toEqual([0.42144113064532285, 0.7565007906444766])
  })
})
