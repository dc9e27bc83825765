import {
  bernoulli,
  bernoulliCumulative,
  beta,
  betaCumulative,
  binomial,
  binomialCumulative,
  type Cumulative,
  exponential,
  exponentialCumulative,
  gamma,
  gammaCumulative,
  geometric,
  geometricCumulative,
  inverseGamma,
  inverseGammaCumulative,
  negativeBinomial,
  negativeBinomialCumulative,
  normal,
  normalCumulative,
  poisson,
  poissonCumulative,
  random,
  studentT,
  studentTCumulative,
  type Validated,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { cumulatives } from './support/cumulatives.js'
import { expectNear } from './support/estimates.js'

const relative = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected))

const at = <P>({ cdf, survival }: Cumulative<P>, p: Validated<P>) => ({
  cdf: cdf(right(p)),
  survival: survival(right(p)),
})

describe('cumulative probabilities', () => {
  // By scipy 1.17.1, cdf and sf.
  test.each([
    ['normal', at(normalCumulative, normal.make({ mean: 1, variance: 4 })), -20.0, 4.319006317809202e-26, 1.0],
    [
      'normal',
      at(normalCumulative, normal.make({ mean: 1, variance: 4 })),
      -3.0,
      0.022750131948179195,
      0.9772498680518208,
    ],
    [
      'normal',
      at(normalCumulative, normal.make({ mean: 1, variance: 4 })),
      1.5,
      0.5987063256829237,
      0.4012936743170763,
    ],
    [
      'normal',
      at(normalCumulative, normal.make({ mean: 1, variance: 4 })),
      9.0,
      0.9999683287581669,
      3.167124183311986e-5,
    ],
    ['normal', at(normalCumulative, normal.make({ mean: 1, variance: 4 })), 30.0, 1.0, 6.057494764415047e-48],
    [
      'exponential',
      at(exponentialCumulative, exponential.make({ rate: 0.5 })),
      1e-12,
      4.99999999999875e-13,
      0.9999999999995,
    ],
    [
      'exponential',
      at(exponentialCumulative, exponential.make({ rate: 0.5 })),
      1.0,
      0.3934693402873666,
      0.6065306597126334,
    ],
    ['exponential', at(exponentialCumulative, exponential.make({ rate: 0.5 })), 90.0, 1.0, 2.8625185805493937e-20],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 2.5, rate: 0.5 })),
      0.001,
      1.6814877189706262e-9,
      0.9999999983185123,
    ],
    ['gamma', at(gammaCumulative, gamma.make({ shape: 2.5, rate: 0.5 })), 4.0, 0.4505840486472198, 0.5494159513527802],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 2.5, rate: 0.5 })),
      60.0,
      0.9999999999878454,
      1.2154569777183007e-11,
    ],
    ['gamma', at(gammaCumulative, gamma.make({ shape: 0.01, rate: 1 })), 1e-9, 0.8174689566624785, 0.18253104333752138],
    ['gamma', at(gammaCumulative, gamma.make({ shape: 0.01, rate: 1 })), 0.3, 0.9909276035782353, 0.009072396421765093],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 0.01, rate: 1 })),
      5.0,
      0.9999882464805873,
      1.1753519412750834e-5,
    ],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 1e4, rate: 1 })),
      9500.0,
      1.8624546517951583e-7,
      0.9999998137545348,
    ],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 1e4, rate: 1 })),
      10000.0,
      0.5013298083399552,
      0.4986701916600448,
    ],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 1e4, rate: 1 })),
      10100.0,
      0.8413487504471796,
      0.15865124955282037,
    ],
    [
      'gamma',
      at(gammaCumulative, gamma.make({ shape: 1e4, rate: 1 })),
      10600.0,
      0.9999999980378075,
      1.962192482133041e-9,
    ],
    [
      'inverse gamma',
      at(inverseGammaCumulative, inverseGamma.make({ shape: 3, scale: 2 })),
      0.05,
      3.572865928700233e-15,
      0.9999999999999964,
    ],
    [
      'inverse gamma',
      at(inverseGammaCumulative, inverseGamma.make({ shape: 3, scale: 2 })),
      0.7,
      0.4559446713286355,
      0.5440553286713645,
    ],
    [
      'inverse gamma',
      at(inverseGammaCumulative, inverseGamma.make({ shape: 3, scale: 2 })),
      40.0,
      0.9999799325063756,
      2.006749362439793e-5,
    ],
    ['beta', at(betaCumulative, beta.make({ a: 2, b: 3.5 })), 0.0001, 7.873687573827138e-8, 0.9999999212631243],
    ['beta', at(betaCumulative, beta.make({ a: 2, b: 3.5 })), 0.4, 0.5984490866652151, 0.40155091333478493],
    ['beta', at(betaCumulative, beta.make({ a: 2, b: 3.5 })), 0.99, 0.9999995534999999, 4.465000000000014e-7],
    ['beta', at(betaCumulative, beta.make({ a: 0.5, b: 1e5 })), 1e-9, 0.011283401455349907, 0.9887165985446501],
    ['beta', at(betaCumulative, beta.make({ a: 0.5, b: 1e5 })), 1e-6, 0.3452788311131676, 0.6547211688868324],
    ['beta', at(betaCumulative, beta.make({ a: 0.5, b: 1e5 })), 0.0001, 0.9999922596303291, 7.740369670937545e-6],
    ['beta', at(betaCumulative, beta.make({ a: 4e3, b: 6e3 })), 0.38, 2.015807341514114e-5, 0.9999798419265848],
    ['beta', at(betaCumulative, beta.make({ a: 4e3, b: 6e3 })), 0.4, 0.5005428998724504, 0.4994571001275476],
    ['beta', at(betaCumulative, beta.make({ a: 4e3, b: 6e3 })), 0.41, 0.9791808997048786, 0.02081910029512123],
    ['beta', at(betaCumulative, beta.make({ a: 4e3, b: 6e3 })), 0.43, 0.999999999399858, 6.00142041646381e-10],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 3.5, location: 1, scale: 2 })),
      -40.0,
      4.5088438004342586e-5,
      0.9999549115619957,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 3.5, location: 1, scale: 2 })),
      0.999,
      0.49981411383809216,
      0.5001858861619078,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 3.5, location: 1, scale: 2 })),
      1.0,
      0.5,
      0.5,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 3.5, location: 1, scale: 2 })),
      2.0,
      0.6765747803387245,
      0.32342521966127546,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 3.5, location: 1, scale: 2 })),
      10000.0,
      0.9999999999997986,
      2.0142763015570079e-13,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 1e9, location: 0, scale: 1 })),
      -9.0,
      1.1285903025735607e-19,
      1.0,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 1e9, location: 0, scale: 1 })),
      0.5,
      0.6914624612190028,
      0.30853753878099716,
    ],
    [
      'Student t',
      at(studentTCumulative, studentT.make({ degreesOfFreedom: 1e9, location: 0, scale: 1 })),
      3.0,
      0.998650101935131,
      0.0013498980648689565,
    ],
    ['Bernoulli', at(bernoulliCumulative, bernoulli.make({ probability: 0.3 })), 0, 0.7, 0.3],
    ['Bernoulli', at(bernoulliCumulative, bernoulli.make({ probability: 0.3 })), 0.5, 0.7, 0.3],
    ['Bernoulli', at(bernoulliCumulative, bernoulli.make({ probability: 0.3 })), 1, 1.0, 0.0],
    [
      'binomial',
      at(binomialCumulative, binomial(20).make({ probability: 0.3 })),
      0,
      0.0007979226629761204,
      0.9992020773370239,
    ],
    [
      'binomial',
      at(binomialCumulative, binomial(20).make({ probability: 0.3 })),
      5,
      0.4163708294474809,
      0.5836291705525192,
    ],
    [
      'binomial',
      at(binomialCumulative, binomial(20).make({ probability: 0.3 })),
      5.5,
      0.4163708294474809,
      0.5836291705525192,
    ],
    [
      'binomial',
      at(binomialCumulative, binomial(20).make({ probability: 0.3 })),
      19,
      0.9999999999651321,
      3.4867844009999975e-11,
    ],
    ['binomial', at(binomialCumulative, binomial(20).make({ probability: 0.3 })), 20, 1.0, 0.0],
    [
      'binomial',
      at(binomialCumulative, binomial(1e6).make({ probability: 0.3 })),
      297500,
      2.4000542037854158e-8,
      0.999999975999458,
    ],
    [
      'binomial',
      at(binomialCumulative, binomial(1e6).make({ probability: 0.3 })),
      300000,
      0.5004933190666546,
      0.4995066809333454,
    ],
    [
      'binomial',
      at(binomialCumulative, binomial(1e6).make({ probability: 0.3 })),
      302000,
      0.999993580546952,
      6.419453048071314e-6,
    ],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 4.2 })), 0, 0.014995576820477707, 0.9850044231795223],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 4.2 })), 4, 0.5898270213105775, 0.4101729786894225],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 4.2 })), 4.7, 0.5898270213105775, 0.4101729786894225],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 4.2 })), 30, 1.0, 4.390155122546819e-17],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 1e5 })), 98000, 1.1215994898264702e-10, 0.99999999988784],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 1e5 })), 100000, 0.5008410430993401, 0.49915895690065987],
    ['Poisson', at(poissonCumulative, poisson.make({ rate: 1e5 })), 101000, 0.9992087985708396, 0.0007912014291604514],
    ['geometric', at(geometricCumulative, geometric.make({ probability: 0.1 })), 0, 0.1, 0.9],
    ['geometric', at(geometricCumulative, geometric.make({ probability: 0.1 })), 7, 0.56953279, 0.43046721],
    [
      'geometric',
      at(geometricCumulative, geometric.make({ probability: 0.1 })),
      300,
      0.9999999999999831,
      1.686534933496308e-14,
    ],
    [
      'negative binomial',
      at(negativeBinomialCumulative, negativeBinomial(2.5).make({ probability: 0.2 })),
      0,
      0.01788854381999832,
      0.9821114561800017,
    ],
    [
      'negative binomial',
      at(negativeBinomialCumulative, negativeBinomial(2.5).make({ probability: 0.2 })),
      9,
      0.5569748153151206,
      0.44302518468487945,
    ],
    [
      'negative binomial',
      at(negativeBinomialCumulative, negativeBinomial(2.5).make({ probability: 0.2 })),
      120,
      0.9999999998205911,
      1.79408982855144e-10,
    ],
    [
      'negative binomial',
      at(negativeBinomialCumulative, negativeBinomial(1e4).make({ probability: 0.2 })),
      39000,
      0.012270012912397486,
      0.9877299870876025,
    ],
    [
      'negative binomial',
      at(negativeBinomialCumulative, negativeBinomial(1e4).make({ probability: 0.2 })),
      40000,
      0.5017841192096826,
      0.4982158807903175,
    ],
    [
      'negative binomial',
      at(negativeBinomialCumulative, negativeBinomial(1e4).make({ probability: 0.2 })),
      41500,
      0.9995523826889307,
      0.00044761731106936475,
    ],
  ] as const)('of the %s', (_, { cdf, survival }, x, below, above) => {
    relative(cdf(x), below, 1e-11)
    relative(survival(x), above, 1e-11)
  })
})

/** Gauss-Legendre nodes and weights of three points. */
const NODES = [-Math.sqrt(0.6), 0, Math.sqrt(0.6)]
const WEIGHTS = [5 / 9, 8 / 9, 5 / 9]

const integral = (f: (x: number) => number, low: number, high: number, panels: number): number => {
  const half = (high - low) / panels / 2
  let sum = 0
  for (let i = 0; i < panels; i++)
    for (const [n, node] of NODES.entries()) sum += WEIGHTS[n]! * f(low + half * (2 * i + 1 + node))
  return half * sum
}

describe.each(cumulatives.map(([row, c]) => [row.family.name, row, c] as const))(
  '%s',
  (_, { family, members, support }, c) => {
    describe.each(members.map((p, i) => [i, p] as const))('member %i', (_i, p: never) => {
      const [cdf, survival, logProb] = [c.cdf(p), c.survival(p), family.logProb(p) as (x: number) => number]
      const stream = random(9)
      const sample = family.sample(p) as (stream: ReturnType<typeof random>) => number
      const points = Array.from({ length: 100 }, () => sample(stream)).sort((a, b) => a - b)

      test('rises from 0 to 1, and the tails make up 1', () => {
        expect([cdf(Number.NEGATIVE_INFINITY), cdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1])
        expect([survival(Number.NEGATIVE_INFINITY), survival(Number.POSITIVE_INFINITY)]).toEqual([1, 0])
        for (const [i, x] of points.entries()) {
          if (i > 0) expect(cdf(x)).toBeGreaterThanOrEqual(cdf(points[i - 1]!))
          expectNear(cdf(x) + survival(x), 1, 1e-14)
        }
      })

      if (support._tag === 'Discrete')
        test('is the sum of the masses, and stays between counts', () => {
          let sum = 0
          for (const x of support.values(p) as ReadonlyArray<number>) {
            expectNear(cdf(x - 0.5), sum, 1e-12)
            sum += Math.exp(logProb(x))
            expectNear(cdf(x), sum, 1e-12)
            expect(cdf(x + 0.5)).toBe(cdf(x))
          }
        })
      else
        test('is the integral of the density', () => {
          for (const [low, high] of [
            [points[2]!, points[40]!],
            [points[40]!, points[97]!],
          ] as const) {
            const mass = integral(x => Math.exp(logProb(x)), low, high, 1000)
            expectNear(cdf(high) - cdf(low), mass, 1e-11)
            expectNear(survival(low) - survival(high), mass, 1e-11)
          }
        })
    })
  },
)

/** Values of 50 digits (mpmath 1.4.1), by integrals of the density. */
describe('large parameters', () => {
  test.each([
    [1000.0, 500.0, 3.2982727970671e-86, 1.0],
    [1000.0, 747.0177871865296, 7.808989042797505e-19, 1.0],
    [1000.0, 905.1316701949486, 0.0010012389950642836, 0.9989987610049357],
    [1000.0, 968.3772233983162, 0.15861399679200125, 0.8413860032079987],
    [1000.0, 1000.0, 0.5042052441802155, 0.4957947558197845],
    [1000.0, 1031.6227766016839, 0.8413841884287209, 0.15861581157127913],
    [1000.0, 1094.8683298050514, 0.9982527544985349, 0.0017472455014651354],
    [1000.0, 1252.9822128134704, 0.9999999999999417, 5.831229554663752e-14],
    [1000000.0, 992000.0, 5.24012281543083e-16, 0.9999999999999994],
    [1000000.0, 997000.0, 0.0013381041673135997, 0.9986618958326864],
    [1000000.0, 999000.0, 0.15865521357430365, 0.8413447864256963],
    [1000000.0, 1000000.0, 0.5001329807608725, 0.4998670192391274],
    [1000000.0, 1001000.0, 0.8413447863683403, 0.15865521363165971],
    [1000000.0, 1003000.0, 0.9986382593537824, 0.0013617406462175915],
    [1000000.0, 1008000.0, 0.9999999999999992, 7.370278579605256e-16],
    [100000000.0, 99920000.0, 6.11569983219279e-16, 0.9999999999999993],
    [100000000.0, 99970000.0, 0.0013487164491615506, 0.9986512835508384],
    [100000000.0, 99990000.0, 0.15865525352814383, 0.8413447464718562],
    [100000000.0, 100000000.0, 0.5000132980760141, 0.49998670192398587],
    [100000000.0, 100010000.0, 0.8413447464717988, 0.15865525352820117],
    [100000000.0, 100030000.0, 0.998648919898398, 0.0013510801016019577],
    [100000000.0, 100080000.0, 0.9999999999999993, 6.327903413122214e-16],
  ])('of a gamma of shape %d at %d', (shape, x, below, above) => {
    const { cdf, survival } = at(gammaCumulative, gamma.make({ shape, rate: 1 }))
    relative(cdf(x), below, 2e-12)
    relative(survival(x), above, 2e-12)
  })

  test.each([
    [1000000.0, 1000000.0, 0.4971715735823603, 6.217879387386642e-16, 0.9999999999999993],
    [1000000.0, 1000000.0, 0.49893934009338514, 0.0013498880599793087, 0.9986501119400207],
    [1000000.0, 1000000.0, 0.49964644669779507, 0.15865531442414776, 0.8413446855758522],
    [1000000.0, 1000000.0, 0.5, 0.5, 0.5],
    [1000000.0, 1000000.0, 0.500353553302205, 0.8413446855758903, 0.1586553144241098],
    [1000000.0, 1000000.0, 0.5010606599066149, 0.9986501119400207, 0.0013498880599793087],
    [1000000.0, 1000000.0, 0.5028284264176397, 0.9999999999999993, 6.217879387386642e-16],
    [100000000.0, 100000000.0, 0.49971715728823246, 6.22092975544954e-16, 0.9999999999999993],
    [100000000.0, 100000000.0, 0.4998939339830872, 0.0013498979319131097, 0.9986501020680869],
    [100000000.0, 100000000.0, 0.4999646446610291, 0.15865525453650328, 0.8413447454634967],
    [100000000.0, 100000000.0, 0.5, 0.5, 0.5],
    [100000000.0, 100000000.0, 0.5000353553389709, 0.8413447454634967, 0.15865525453650328],
    [100000000.0, 100000000.0, 0.5001060660169128, 0.9986501020680799, 0.001349897931920068],
    [100000000.0, 100000000.0, 0.5002828427117675, 0.9999999999999993, 6.220929755528865e-16],
    [1000000.0, 1000.0, 0.9987483959138912, 5.793877695019737e-14, 0.999999999999942],
    [1000000.0, 1000.0, 0.9989062728433336, 0.0017465939402764685, 0.9982534060597236],
    [1000000.0, 1000.0, 0.9989694236151105, 0.1586160482615876, 0.8413839517384124],
    [1000000.0, 1000.0, 0.999000999000999, 0.49580105945056263, 0.5041989405494374],
    [1000000.0, 1000.0, 0.9990325743868875, 0.8413857563334205, 0.15861424366657947],
    [1000000.0, 1000.0, 0.9990957251586644, 0.9989982946025824, 0.0010017053974176722],
    [1000000.0, 1000.0, 0.9992536020881068, 1.0, 7.894308274362755e-19],
  ])('of a beta of %d and %d at %d', (a, b, x, below, above) => {
    const { cdf, survival } = at(betaCumulative, beta.make({ a, b }))
    relative(cdf(x), below, 2e-11)
    relative(survival(x), above, 2e-11)
  })
})
