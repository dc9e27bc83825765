import { categorical } from '@conjugate/distributions'
import { toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type FamilyCase, ofNumbers, ofVectors, row } from '../family-case.js'

const family = categorical(4)
const sizeOf = (p: number[] = []): number => p.length

export const categoricalCase: FamilyCase = row({
  ...ofNumbers,
  meanCoordinates: ofVectors.meanCoordinates,
  varianceCoordinates: ofVectors.varianceCoordinates,
  coordinates: k => [0, 1, 2, 3].map(j => (j === k ? 1 : 0)),
  fixture: 'categorical',
  family,
  members: [
    [0.1, 0.2, 0.4, 0.3],
    [0.7, 0.15, 0.1, 0.05],
  ].map(probabilities => right(family.make({ probabilities }))),
  outside: [-1, 4, 0.5],
  unnatural: [
    [0, 0, 0, Number.POSITIVE_INFINITY],
    [0, 0, 0],
  ],
  support: { _tag: 'Discrete', values: () => [0, 1, 2, 3], neighbours: () => [0, 1, 2, 3] },
  fromFixture: ({ p }) => categorical(sizeOf(p)).make({ probabilities: p! }),
  familyFromFixture: ({ p }) => categorical(sizeOf(p)),
  secondMoment: p => toRows(family.covariance(p)),
  meanToFixture: ofVectors.meanToFixture,
})
