import { gamma, normal, productFamily } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { type FamilyCase, halfLine, line, mixNumbers, row } from '../family-case.js'

const family = productFamily({ height: normal, wait: gamma })

type Pair = { readonly height: number; readonly wait: number }

const member = (mean: number, variance: number, shape: number, rate: number) => ({
  height: right(normal.make({ mean, variance })),
  wait: right(gamma.make({ shape, rate })),
})

const coordinates = (x: Pair): number[] => [x.height, x.wait]

export const productCase: FamilyCase = row({
  family,
  members: [member(1, 2, 3, 2), member(-0.5, 0.7, 2.5, 1)],
  coordinates,
  meanCoordinates: coordinates,
  varianceCoordinates: coordinates,
  outside: [{ height: 0, wait: -1 }],
  unnatural: [
    [1, -0.5, 1, 0.5],
    [1, 0.5, 1, -0.5],
  ],
  support: {
    _tag: 'Continuous',
    between: (a, b, t) => ({ height: mixNumbers(a.height, b.height, t), wait: mixNumbers(a.wait, b.wait, t) }),
    unitCube: {
      dimension: 2,
      member: member(1, 3, 2, 1),
      at: ([u, v]) => {
        const [height, wait] = [line(u!), halfLine(v!)]
        return { x: { height: height.x, wait: wait.x }, logJacobian: height.logJacobian + wait.logJacobian }
      },
    },
  },
  fromFixture: () => E.right(member(0, 1, 1, 1)),
  valueFromFixture: (x: Pair) => x,
  secondMoment: () => null,
  toFixture: x => x,
  meanToFixture: x => x,
})
