import { exponential } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { type FamilyCase, halfLine, mixNumbers, ofNumbers, row } from '../family-case.js'

export const exponentialCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'exponential',
  family: exponential,
  members: [{ rate: 2 }, { rate: 0.7 }].map(p => right(exponential.make(p))),
  outside: [-1, Number.POSITIVE_INFINITY],
  unnatural: [[0], [1]],
  support: {
    _tag: 'Continuous',
    between: mixNumbers,
    modeOnBoundary: true,
    unitCube: { dimension: 1, member: right(exponential.make({ rate: 3 })), at: ([u]) => halfLine(u!) },
  },
  fromFixture: ({ rate }) => exponential.make({ rate: rate! }),
  secondMoment: p => O.toNullable(exponential.variance(p)),
})
