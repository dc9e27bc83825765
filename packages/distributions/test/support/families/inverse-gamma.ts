import { inverseGamma } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { type FamilyCase, halfLine, mixNumbers, ofNumbers, row } from '../family-case.js'

export const inverseGammaCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'inverse_gamma',
  family: inverseGamma,
  members: [
    { shape: 6, scale: 2 },
    { shape: 7.5, scale: 3 },
  ].map(p => right(inverseGamma.make(p))),
  outside: [-1, 0, Number.POSITIVE_INFINITY],
  unnatural: [
    [-1, -1],
    [-2, 0],
  ],
  support: {
    _tag: 'Continuous',
    between: mixNumbers,
    unitCube: { dimension: 1, member: right(inverseGamma.make({ shape: 3, scale: 2 })), at: ([u]) => halfLine(u!) },
  },
  fromFixture: ({ concentration, scale }) => inverseGamma.make({ shape: concentration!, scale: scale! }),
  secondMoment: p => O.toNullable(inverseGamma.variance(p)),
})
