import {
  type Columns,
  describeInvalidParameter,
  type MultivariateNormal,
  type MultivariateNormalMixture,
  type MultivariateStudentT,
  multivariateNormal,
  multivariateNormalColumns,
  multivariateNormalMixture,
  multivariateStudentT,
  multivariateStudentTColumns,
  random,
  type Validated,
} from '@conjugate/distributions'
import { square, type Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { expectNear } from './support/estimates.js'

const stream = random(11)

/** A covariance of D columns that are in different units. */
const covarianceOf = (d: number) => {
  const roots = square(d, () => stream.normal())
  const at = (i: number, j: number) =>
    Array.from({ length: d }, (_, k) => roots.data[i * d + k]! * roots.data[j * d + k]!).reduce((a, b) => a + b, 0)
  const units = Array.from({ length: d }, (_, i) => 10 ** (i - 2))
  return square(d, (i, j) => units[i]! * units[j]! * (at(i, j) + (i === j ? 0.5 : 0)))
}

const normalOf = (d: number) =>
  right(
    multivariateNormal.make({ mean: Array.from({ length: d }, () => stream.normal()), covariance: covarianceOf(d) }),
  )

const studentTOf = (d: number) => {
  const { mean, covariance } = normalOf(d)
  return right(multivariateStudentT.make({ degreesOfFreedom: 3.5, location: mean, scale: covariance }))
}

const mixtureOf = (d: number) =>
  right(
    multivariateNormalMixture.make({ weights: [0.2, 0.5, 0.3], components: [normalOf(d), normalOf(d), normalOf(d)] }),
  )

interface Row<P> {
  readonly of: (d: number) => P
  readonly columns: Columns<P>
  readonly logProb: (p: P) => (x: Vector) => number
  readonly sample: (p: P) => (stream: ReturnType<typeof random>) => Vector
}

/** The table of all distributions that can say what their columns say of each other. */
const rows = {
  'multivariate normal': {
    ...multivariateNormal,
    of: normalOf,
    columns: multivariateNormalColumns,
  } as Row<MultivariateNormal>,
  'multivariate t': {
    ...multivariateStudentT,
    of: studentTOf,
    columns: multivariateStudentTColumns,
  } as Row<MultivariateStudentT>,
  mixture: {
    ...multivariateNormalMixture,
    of: mixtureOf,
    columns: multivariateNormalMixture,
  } as Row<MultivariateNormalMixture>,
} as unknown as Record<string, Row<never>>

const subsets = (d: number) =>
  Array.from({ length: 2 ** d }, (_, bits) => Array.from({ length: d }, (_, i) => i).filter(i => (bits >> i) & 1))

describe.each(Object.entries(rows))('%s', (_, { of, columns, logProb, sample }) => {
  test.each([2, 3, 5])('is the marginal of some columns times the conditional of the others, of %d', d => {
    const p = of(d)
    const x = sample(p)(stream)
    for (const given of subsets(d).filter(some => some.length > 0 && some.length < d)) {
      const others = Array.from({ length: d }, (_, i) => i).filter(i => !given.includes(i))
      const marginal = right(columns.marginal(p)(given))
      const conditional = right(columns.conditional(p)(Object.fromEntries(given.map(i => [i, x[i]!]))))
      expectNear(
        logProb(marginal)(given.map(i => x[i]!)) + logProb(conditional)(others.map(i => x[i]!)),
        logProb(p)(x),
        1e-10,
      )
    }
  })

  test('of all columns, and given none, is itself; columns are in the order asked for', () => {
    const p = of(3)
    const x = sample(p)(stream)
    expectNear(logProb(right(columns.marginal(p)([0, 1, 2])))(x), logProb(p)(x), 1e-12)
    expectNear(logProb(right(columns.conditional(p)({})))(x), logProb(p)(x), 1e-12)
    expectNear(logProb(right(columns.marginal(p)([2, 0, 1])))([x[2]!, x[0]!, x[1]!]), logProb(p)(x), 1e-10)
  })

  test('conditionals follow each other', () => {
    const p = of(4)
    const x = sample(p)(stream)
    const atOnce = right(columns.conditional(p)({ 1: x[1]!, 3: x[3]! }))
    const inTurn = right(columns.conditional(right(columns.conditional(p)({ 3: x[3]! })))({ 1: x[1]! }))
    expectNear(logProb(inTurn)([x[0]!, x[2]!]), logProb(atOnce)([x[0]!, x[2]!]), 1e-10)
  })

  test('what is no column, no value or no parameter is an error', () => {
    const p = of(2)
    const says = (found: Validated<unknown>) => (E.isLeft(found) ? describeInvalidParameter(found.left) : 'no error')
    const marginal = columns.marginal(p) as (columns: unknown) => Validated<never>
    const conditional = columns.conditional(p) as (given: unknown) => Validated<never>
    expect(says(marginal([0, 2]))).toMatch(/: columns\[1\] is 2, expected a column from 0 to 1$/)
    expect(says(marginal([1, 1]))).toMatch(/: columns\[1\] is 1, expected a column once$/)
    for (const columns of [[], 3, null, {}, 'x', [-1], [0.5], [Number.NaN], ['height']])
      expect(says(marginal(columns))).toMatch(/: columns.* expected/)
    expect(says(conditional({ 2: 1 }))).toMatch(/expected a column from 0 to 1$/)
    expect(says(conditional({ 0: 1, 1: 2 }))).toMatch(/: given is 2 of 2, expected fewer columns than all$/)
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined, '1', {}])
      expect(says(conditional({ 1: value }))).toMatch(/expected a finite number$/)
    for (const given of [null, undefined, 3, [1, 2]])
      expect(says(conditional(given))).toMatch(/expected an object of columns and their values$/)
    for (const nothing of [{}, null, { mean: [Number.NaN] }]) {
      expect(says(columns.marginal(nothing as never)([0]))).toMatch(/ is .*, expected /)
      expect(says(columns.conditional(nothing as never)({ 0: 1 }))).toMatch(/ is .*, expected /)
    }
  })
})

describe('values', () => {
  test('of a normal, by hand', () => {
    const p = right(
      multivariateNormal.make({
        mean: [0, 0],
        covariance: [
          [2, 1],
          [1, 3],
        ],
      }),
    )
    const { mean, covariance } = right(multivariateNormalColumns.conditional(p)({ 1: 1.5 }))
    expectNear(mean[0]!, 0.5, 1e-15)
    expectNear(covariance.data[0]!, 5 / 3, 1e-15)
    const marginal = right(multivariateNormalColumns.marginal(p)([1]))
    expect([...marginal.mean, ...marginal.covariance.data]).toEqual([0, 3])
  })

  test('of a t: as many degrees of freedom more as values, and a scale that grows with their distance', () => {
    const p = right(
      multivariateStudentT.make({
        degreesOfFreedom: 4,
        location: [0, 0],
        scale: [
          [2, 1],
          [1, 3],
        ],
      }),
    )
    const { degreesOfFreedom, location, scale } = right(multivariateStudentTColumns.conditional(p)({ 1: 1.5 }))
    expect(degreesOfFreedom).toBe(5)
    expectNear(location[0]!, 0.5, 1e-15)
    expectNear(scale.data[0]!, ((4 + 0.75) / 5) * (5 / 3), 1e-15)
  })
})

describe('mixtures of normals', () => {
  const unit = [
    [1, 0.5],
    [0.5, 1],
  ]
  const p = right(
    multivariateNormalMixture.make({
      weights: [0.25, 0.75],
      components: [
        [0, 0],
        [4, 2],
      ].map(mean => right(multivariateNormal.make({ mean, covariance: unit }))),
      columns: ['speed', 'load'],
    }),
  )

  test('have the moments of their draws', () => {
    expect([...multivariateNormalMixture.mean(p)]).toEqual([3, 1.5])
    // Within components, and 0.25 * 0.75 times the products of the distance between them.
    expect([...multivariateNormalMixture.covariance(p).data]).toEqual([4, 2, 2, 1.75])
    const draws = Array.from({ length: 20000 }, () => multivariateNormalMixture.sample(p)(stream))
    for (const i of [0, 1])
      expectNear(draws.reduce((sum, x) => sum + x[i]!, 0) / draws.length, multivariateNormalMixture.mean(p)[i]!, 0.05)
  })

  test('keep the names of what is left', () => {
    expect(right(multivariateNormalMixture.marginal(p)(['load'])).columns).toEqual(['load'])
    const { columns, components } = right(multivariateNormalMixture.conditional(p)({ load: 3 }))
    expect(columns).toEqual(['speed'])
    expect(components.map(({ mean }) => mean[0])).toEqual([1.5, 4.5])
    const wrong = multivariateNormalMixture.conditional(p)({ loud: 3 })
    expect(E.isLeft(wrong) && describeInvalidParameter(wrong.left)).toContain('expected one of speed, load')
  })

  test('weigh components by the densities of what is given, however far it is from all of them', () => {
    // (x - 2)^2 / 2 less x^2 / 2, against log 3.
    const weightsAt = (x: number) => right(multivariateNormalMixture.conditional(p)({ load: x })).weights
    const near = 1 / (1 + 3 * Math.exp(2 * 1 - 2))
    expectNear(weightsAt(1)[0]!, near, 1e-15)
    expect([...weightsAt(1e6)]).toEqual([0, 1])
    expect([...weightsAt(-1e6)]).toEqual([1, 0])
    expect(weightsAt(-20)[1]! / (3 * Math.exp(-42))).toBeCloseTo(1, 12)
    const beyond = multivariateNormalMixture.conditional(p)({ load: 1e200 })
    expect(E.isLeft(beyond) && describeInvalidParameter(beyond.left)).toContain(
      'expected values with a density in float64',
    )
    expectNear(
      multivariateNormalMixture.logProb(p)([1e5, -1e5]),
      Math.log(0.75) -
        Math.log(2 * Math.PI) -
        0.5 * Math.log(0.75) -
        0.5 * ((99996 ** 2 + 99996 * 100002 + 100002 ** 2) / 0.75),
      1e-3,
    )
  })

  test('with noise, whose density has no marginals, or with other columns do not exist', () => {
    const says = (parameters: unknown) => {
      const made = multivariateNormalMixture.make(parameters as never)
      return E.isLeft(made) ? describeInvalidParameter(made.left) : 'no error'
    }
    const { components } = p
    expect(says({ weights: [0.2, 0.7, 0.1], components })).toContain('weights is 3 numbers, expected 2 numbers')
    expect(says({ weights: [0.2, 0.7], components })).toContain('expected probabilities that sum to 1')
    const single = right(multivariateNormal.make({ mean: [0], covariance: [[1]] }))
    expect(says({ weights: [0.2, 0.8], components: [components[0], single] })).toContain(
      'components[1].mean is 1 numbers',
    )
    expect(says({ weights: [1], components: [{ mean: [0], covariance: [[-1]] }] })).toContain(
      'components[0].covariance',
    )
    expect(says({ ...p, columns: ['speed'] })).toContain('expected 2 names')
    for (const nothing of [null, undefined, 3, {}, { weights: [], components: [] }, { weights: [1] }])
      expect(says(nothing)).toMatch(/ is .*, expected /)
  })
})
