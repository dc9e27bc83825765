import type { MultivariateNormal } from '@conjugate/distributions'
import * as D from '@conjugate/distributions'
import * as T from '@conjugate/distributions/tensors'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { families, otherDistributions } from '../support/families/index.js'
import {
  factorOf,
  type matrix,
  matrixOf,
  type Numbers,
  numbersNamed,
  ofFactors,
  ofNumbers,
  ofVectors,
  one,
  type Row,
  row,
  softmaxOf,
} from './row.js'

/** The members that all suites of a family are run on. */
const membersOf = <P>(name: string): ReadonlyArray<P> =>
  [...families, ...otherDistributions].find(c => c.family.name === name)!.members as unknown as ReadonlyArray<P>

const scale2 = [0.9, 0, -0.4, 1.3]

/** The table of families on tensors: every law runs over it on every backend. */
export const rows: ReadonlyArray<Row> = [
  row<D.Normal, number>({
    ...ofNumbers,
    name: 'normal',
    tensors: T.normal,
    family: D.normal,
    members: membersOf('Normal'),
    member: n => D.normal.make({ mean: one(n, 'mean'), variance: one(n, 'deviation') ** 2 }),
    outside: [{ '': [Number.NaN] }, { '': [Number.POSITIVE_INFINITY] }],
    wrong: { mean: [0], deviation: [-1] },
  }),
  row<D.MultivariateNormal, ArrayLike<number>>({
    ...ofVectors,
    name: 'multivariate normal',
    tensors: T.multivariateNormal,
    family: D.multivariateNormal as never,
    members: membersOf('MultivariateNormal'),
    member: n => D.multivariateNormal.make({ mean: [...n['mean']!], covariance: matrixOf(n['factor']!) }),
    outside: [{ '': [Number.NaN, 0] }],
    wrong: { mean: [0, 0], factor: [1, 0, 0, -1] },
  }),
  row<D.DiagonalNormal, ArrayLike<number>>({
    ...ofVectors,
    name: 'diagonal normal',
    tensors: T.diagonalNormal,
    family: D.diagonalNormal as never,
    members: membersOf('DiagonalNormal'),
    member: n => D.diagonalNormal.make({ mean: [...n['mean']!], variances: n['deviation']!.map(v => v * v) }),
    outside: [{ '': [Number.NaN, 0, 0] }],
    wrong: { mean: [0, 0], deviation: [1, 0] },
  }),
  row<D.IsotropicNormal, ArrayLike<number>>({
    ...ofVectors,
    name: 'isotropic normal',
    tensors: T.isotropicNormal,
    family: D.isotropicNormal as never,
    members: membersOf('IsotropicNormal'),
    member: n => D.isotropicNormal.make({ mean: [...n['mean']!], variance: one(n, 'deviation') ** 2 }),
    outside: [{ '': [0, Number.NEGATIVE_INFINITY, 1] }],
    wrong: { mean: [0, Number.NaN], deviation: [1] },
  }),
  row<D.Gamma, number>({
    ...ofNumbers,
    name: 'gamma',
    tensors: T.gamma,
    family: D.gamma,
    members: [right(D.gamma.make({ shape: 0.4, rate: 2 })), ...membersOf<D.Gamma>('Gamma')],
    member: numbersNamed(D.gamma.make, 'shape', 'rate'),
    outside: [{ '': [-1] }, { '': [Number.POSITIVE_INFINITY] }],
    wrong: { shape: [-0.5], rate: [1] },
  }),
  row<D.InverseGamma, number>({
    ...ofNumbers,
    name: 'inverse gamma',
    tensors: T.inverseGamma,
    family: D.inverseGamma,
    members: [right(D.inverseGamma.make({ shape: 1.5, scale: 2 })), ...membersOf<D.InverseGamma>('InverseGamma')],
    member: numbersNamed(D.inverseGamma.make, 'shape', 'scale'),
    outside: [{ '': [-1] }, { '': [0] }],
    wrong: { shape: [1], scale: [0] },
  }),
  row<D.Exponential, number>({
    ...ofNumbers,
    name: 'exponential',
    tensors: T.exponential,
    family: D.exponential,
    members: membersOf('Exponential'),
    member: numbersNamed(D.exponential.make, 'rate'),
    outside: [{ '': [-1] }],
    wrong: { rate: [-2] },
  }),
  row<D.Beta, number>({
    ...ofNumbers,
    name: 'beta',
    tensors: T.beta,
    family: D.beta,
    members: membersOf('Beta'),
    member: numbersNamed(D.beta.make, 'a', 'b'),
    outside: [{ '': [-0.1] }, { '': [1.5] }],
    wrong: { a: [-0.5], b: [1] },
  }),
  row<D.Dirichlet, ArrayLike<number>>({
    ...ofVectors,
    name: 'Dirichlet',
    tensors: T.dirichlet,
    family: D.dirichlet as never,
    members: membersOf('Dirichlet'),
    member: n => D.dirichlet.make({ concentration: [...n['concentration']!] }),
    outside: [{ '': [0.5, 0.6, 0.2] }, { '': [-0.2, 0.6, 0.6] }],
    wrong: { concentration: [1, 2, -0.5] },
  }),
  row<D.StudentT, number>({
    ...ofNumbers,
    name: "Student's t",
    tensors: T.studentT,
    family: D.studentT,
    members: [
      right(D.studentT.make({ degreesOfFreedom: 0.8, location: 0, scale: 1 })),
      right(D.studentT.make({ degreesOfFreedom: 1.7, location: 0, scale: 1 })),
      ...membersOf<D.StudentT>('StudentT'),
    ],
    member: numbersNamed(D.studentT.make, 'degreesOfFreedom', 'location', 'scale'),
    outside: [{ '': [Number.POSITIVE_INFINITY] }],
    wrong: { degreesOfFreedom: [0], location: [0], scale: [1] },
  }),
  row<D.MultivariateStudentT, ArrayLike<number>>({
    ...ofVectors,
    name: 'multivariate t',
    tensors: T.multivariateStudentT,
    family: D.multivariateStudentT as never,
    members: membersOf('MultivariateStudentT'),
    member: n =>
      D.multivariateStudentT.make({
        degreesOfFreedom: one(n, 'degreesOfFreedom'),
        location: [...n['location']!],
        scale: matrixOf(n['factor']!),
      }),
    outside: [{ '': [Number.NaN, 1] }],
    wrong: { degreesOfFreedom: [3], location: [0, 0], factor: [1, 0, 0, 0] },
  }),
  row<D.Wishart, ReturnType<typeof matrix>>({
    ...ofFactors,
    name: 'Wishart',
    tensors: T.wishart,
    family: D.wishart,
    members: membersOf('Wishart'),
    member: n => D.wishart.make({ degreesOfFreedom: one(n, 'degreesOfFreedom'), scale: matrixOf(n['factor']!) }),
    outside: [{ '': [1, 0, 0, -1] }, { '': [Number.NaN, 0, Number.NaN, Number.NaN] }],
    wrong: { degreesOfFreedom: [0.9], factor: scale2 },
  }),
  row<D.InverseWishart, ReturnType<typeof matrix>>({
    ...ofFactors,
    name: 'inverse Wishart',
    tensors: T.inverseWishart,
    family: D.inverseWishart,
    members: membersOf('InverseWishart'),
    member: n => D.inverseWishart.make({ degreesOfFreedom: one(n, 'degreesOfFreedom'), scale: matrixOf(n['factor']!) }),
    outside: [{ '': [1, 0, 0, -1] }, { '': [Number.NaN, 0, Number.NaN, Number.NaN] }],
    wrong: { degreesOfFreedom: [1], factor: scale2 },
  }),
  row<D.NormalInverseWishart, MultivariateNormal>({
    name: 'normal-inverse-Wishart',
    tensors: T.normalInverseWishart,
    family: D.normalInverseWishart,
    members: membersOf('NormalInverseWishart'),
    member: n =>
      D.normalInverseWishart.make({
        mean: [...n['mean']!],
        meanPrecision: one(n, 'meanPrecision'),
        degreesOfFreedom: one(n, 'degreesOfFreedom'),
        scale: matrixOf(n['factor']!),
      }),
    numbersOf: x => ({ mean: Array.from(x.mean), factor: Array.from(x.cholesky.data) }),
    value: (n: Numbers) =>
      right(D.multivariateNormal.make({ mean: [...n['mean']!], covariance: matrixOf(n['factor']!) })),
    axes: { mean: 1, factor: 2 },
    moments: ((m: MultivariateNormal) => [...Array.from(m.mean), ...factorOf(m.covariance)]) as never,
    variances: ((m: D.NormalInverseWishartVariance) => [
      ...Array.from(m.mean),
      ...Array.from(m.covariance.data),
    ]) as never,
    outside: [{ mean: [0, 0], factor: [1, 0, 0, -1] }],
    wrong: { mean: [0, 0], meanPrecision: [-1], degreesOfFreedom: [4], factor: scale2 },
  }),
  row<D.Categorical, number>({
    ...ofNumbers,
    name: 'categorical',
    tensors: T.categorical(4),
    family: D.categorical(4) as never,
    members: [
      right(D.categorical(4).make({ probabilities: [0, 0.5, 0.2, 0.3] })),
      ...membersOf<D.Categorical>('Categorical'),
    ],
    member: n => D.categorical(4).make({ probabilities: softmaxOf(n['logits']!) }),
    moments: ofVectors.moments,
    outside: [{ '': [4] }, { '': [-1] }, { '': [0.5] }],
    wrong: { logits: [0, Number.NaN, 0, 0] },
    discrete: true,
  }),
]

export const valid = <P>(made: D.Validated<P>): P => {
  if (E.isLeft(made)) throw new Error(D.describeInvalidParameter(made.left))
  return made.right
}
