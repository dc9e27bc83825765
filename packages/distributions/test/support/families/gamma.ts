import { gamma } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { type FamilyCase, halfLine, mixNumbers, ofNumbers, row } from '../family-case.js'

export const gammaCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'gamma',
  family: gamma,
  members: [
    { shape: 2.5, rate: 0.5 },
    { shape: 3, rate: 0.8 },
    { shape: 40, rate: 30 },
  ].map(p => right(gamma.make(p))),
  outside: [-1, Number.POSITIVE_INFINITY],
  unnatural: [
    [-1, -1],
    [1, 0],
  ],
  support: {
    _tag: 'Continuous',
    between: mixNumbers,
    unitCube: { dimension: 1, member: right(gamma.make({ shape: 0.8, rate: 3 })), at: ([u]) => halfLine(u!) },
  },
  fromFixture: ({ concentration, rate }) => gamma.make({ shape: concentration!, rate: rate! }),
  secondMoment: p => O.toNullable(gamma.variance(p)),
})
