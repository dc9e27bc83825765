import { studentT } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { type DistributionCase, distributionRow, line, mixNumbers, ofNumbers } from '../family-case.js'

export const studentTCase: DistributionCase = distributionRow({
  ...ofNumbers,
  fixture: 'student_t',
  family: studentT,
  members: [
    { degreesOfFreedom: 12, location: 1, scale: 2 },
    { degreesOfFreedom: 9, location: -0.5, scale: 0.7 },
  ].map(p => right(studentT.make(p))),
  outside: [Number.POSITIVE_INFINITY],
  support: {
    _tag: 'Continuous',
    between: mixNumbers,
    unitCube: {
      dimension: 1,
      member: right(studentT.make({ degreesOfFreedom: 4, location: 1, scale: 2 })),
      at: ([u]) => line(u!),
    },
  },
  fromFixture: ({ df, loc, scale }) => studentT.make({ degreesOfFreedom: df!, location: loc!, scale: scale! }),
  secondMoment: p => O.toNullable(studentT.variance(p)),
})
