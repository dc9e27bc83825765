import { multinomial } from '@conjugate/distributions'
import { toRows, type Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type FamilyCase, ofVectors, row } from '../family-case.js'

const COUNT = 12
const family = multinomial(COUNT)

/** All ways to place `count` draws in `categories`. */
export const outcomes = (categories: number, count: number): number[][] =>
  categories === 1
    ? [[count]]
    : Array.from({ length: count + 1 }, (_, first) => first).flatMap(first =>
        outcomes(categories - 1, count - first).map(rest => [first, ...rest]),
      )

/** One draw moved from a category to another. */
export const oneMoved = (x: Vector): number[][] => {
  const counts = Array.from(x)
  return counts.flatMap((_, from) =>
    counts.map((_to, to) => counts.map((v, k) => v + (k === to ? 1 : 0) - (k === from ? 1 : 0))),
  )
}

export const multinomialCase: FamilyCase = row({
  ...ofVectors,
  fixture: 'multinomial',
  family,
  members: [
    [0.1, 0.22, 0.68],
    [0.33, 0.25, 0.42],
    [0.1, 0.05, 0.6, 0.25],
  ].map(probabilities => right(family.make({ probabilities }))),
  outside: [
    [COUNT, 1, 0],
    [COUNT + 1, -1, 0],
    [0.5, COUNT - 0.5, 0],
  ],
  unnatural: [[0, 0, Number.POSITIVE_INFINITY]],
  support: {
    _tag: 'Discrete',
    values: p => outcomes(p.probabilities.length, COUNT),
    neighbours: oneMoved,
  },
  fromFixture: ({ n, p }) => multinomial(n!).make({ probabilities: p! }),
  familyFromFixture: ({ n }) => multinomial(n!),
  secondMoment: p => toRows(multinomial(p.count).covariance(p)),
  withoutModes: true,
})
