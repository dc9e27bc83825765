import { normal } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { type FamilyCase, line, mixNumbers, ofNumbers, row } from '../family-case.js'

export const normalCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'normal',
  family: normal,
  members: [
    { mean: 1, variance: 2 },
    { mean: -0.5, variance: 0.7 },
  ].map(p => right(normal.make(p))),
  outside: [],
  unnatural: [
    [1, 0],
    [1, 0.5],
  ],
  support: {
    _tag: 'Continuous',
    between: mixNumbers,
    unitCube: { dimension: 1, member: right(normal.make({ mean: 1, variance: 3 })), at: ([u]) => line(u!) },
  },
  fromFixture: ({ loc, scale }) => normal.make({ mean: loc!, variance: scale! ** 2 }),
  secondMoment: p => O.toNullable(normal.variance(p)),
})
