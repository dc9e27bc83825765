import { vonMisesFisher } from '@conjugate/distributions'
import { toRows, type Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type FamilyCase, mix, ofVectors, row } from '../family-case.js'

const unit = (x: Vector): Float64Array => Float64Array.from(x, v => v / Math.hypot(...x))

const member = (direction: number[], concentration: number) =>
  right(vonMisesFisher.make({ meanDirection: unit(direction), concentration }))

export const vonMisesFisherCase: FamilyCase = row({
  ...ofVectors,
  family: vonMisesFisher,
  members: [member([1, 2, -2], 3.5), member([2, -1, 1], 0.4), member([-3, 4], 1.7), member([1, 1, -1, 2, 0.5], 60)],
  outside: [
    [0.5, 0.6, 0.1],
    [1, 1, 0],
  ],
  unnatural: [[1], [Number.NaN, 0]],
  support: {
    _tag: 'Continuous',
    between: (a: Vector, b: Vector, t: number): Vector => unit(mix(a, b, t)),
    unitCube: {
      dimension: 2,
      member: member([1, 2, -2], 3.5),
      at: ([u, v]) => {
        const [cosine, angle] = [2 * u! - 1, 2 * Math.PI * v!]
        const sine = Math.sqrt(1 - cosine * cosine)
        return { x: [sine * Math.cos(angle), sine * Math.sin(angle), cosine], logJacobian: Math.log(4 * Math.PI) }
      },
    },
  },
  fromFixture: ({ mu, kappa }) => vonMisesFisher.make({ meanDirection: mu!, concentration: kappa! }),
  secondMoment: p => toRows(vonMisesFisher.covariance(p)),
})
