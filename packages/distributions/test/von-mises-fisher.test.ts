import { toStatistic, type VonMisesFisher, vonMisesFisher } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'

const along = (dimension: number, concentration: number): VonMisesFisher =>
  right(
    vonMisesFisher.make({
      meanDirection: Array.from({ length: dimension }, (_, i) => (i === dimension - 1 ? 1 : 0)),
      concentration,
    }),
  )

const relative = (value: number, reference: number): number => Math.abs(value / reference - 1)

/**
 * By mpmath in 60 digits, nu = D/2 - 1: A = D/2 log(2 pi) + log besseli(nu, k) - nu log k,
 * r = besseli(nu + 1, k)/besseli(nu, k), variance = 1 - r^2 - (D - 1) r/k, entropy = A - k r.
 * Columns: D, kappa, A, r, variance, entropy.
 */
const references = [
  [2, 1e-8, 1.8378770664093456, 5e-9, 0.5, 1.8378770664093456],
  [2, 2.5, 3.0287157376053737, 0.7649967475888099, 0.10878127714301868, 1.1162238686333488],
  [2, 1e8, 99999991.70859817, 0.999999995, 5.0000000250000004e-17, -7.79140183627151],
  [3, 0.7, 2.6113970564251505, 0.2260502072312008, 0.30304356886444306, 2.4531619113633103],
  [3, 40, 38.14899761229541, 0.975, 0.000625, -0.8510023877045908],
  [3, 1e8, 99999983.41719632, 0.99999999, 1e-16, -15.58280367754302],
  [10, 1e-4, 3.2387427799590007, 9.999999999166668e-6, 0.099999999975, 3.2387427789590006],
  [10, 12.5, 8.753821414593533, 0.6933010211083519, 0.02015695893210314, 0.08755865073913333],
  [18, 3, 0.6380793371857306, 0.16267987017740235, 0.05168266216711693, 0.1500397266535236],
  [18, 20, 8.546005122706449, 0.6554087311447598, 0.01334197366617, -4.562169500188748],
  [18, 75, 53.495850794341784, 0.8923935885877005, 0.0013578029676872417, -13.433668349735749],
  [18, 400, 364.6147217202611, 0.9789496986337325, 5.2125352990763904e-5, -26.965157733231862],
  [20, 3, -0.43862688104079317, 0.1470420335933411, 0.04711242759890785, -0.8797529818208164],
  [20, 20, 6.96565369461216, 0.6257654536480846, 0.013940416054926668, -5.549655378349531],
  [20, 75, 50.902391746305035, 0.880581784526934, 0.0014950020125369748, -15.141242093215022],
  [20, 400, 360.43985922143713, 0.9765029448353131, 5.81088482840759e-5, -30.161318712688097],
  [22, 3, -1.6163988935649682, 0.13410978862635756, 0.04324604421009085, -2.0187282594440408],
  [22, 20, 5.339018834693809, 0.5980428356506494, 0.014399789293748523, -6.621837878319179],
  [22, 75, 48.295608228006046, 0.868946194706817, 0.0016275761866338014, -16.87535637500523],
  [22, 400, 356.26249422777295, 0.9740624519249654, 6.40610238637197e-5, -33.36248654221325],
  [64, 1, -40.75990845006645, 0.015621302598621633, 0.015613911191959332, -40.77552975266507],
  [64, 30, -34.33372513422713, 0.3966586273896132, 0.009678815799200232, -46.233483955915524],
  [64, 500, 361.1715689920959, 0.9389234972173982, 0.00011830572365815816, -108.29017961660324],
  [64, 1e4, 9767.719366011, 0.9968548042189045, 3.140391104761484e-7, -200.82867617804416],
  [64, 1e8, 99999477.64167935, 0.999999685000048, 3.1499990392499854e-15, -490.8583254501052],
] as const

describe.each(references)('of D = %d and kappa = %d', (dimension, concentration, a, cosine, variance, entropy) => {
  const p = along(dimension, concentration)
  const last = dimension - 1

  test('normaliser, mean, variance and entropy are those of Bessel functions', () => {
    expect(relative(vonMisesFisher.logNormaliser(p), a)).toBeLessThan(1e-14)
    expect(relative(vonMisesFisher.expectedStatistic(p)[last]!, cosine)).toBeLessThan(1e-14)
    expect(relative(vonMisesFisher.fisherInformation(p).data[dimension * dimension - 1]!, variance)).toBeLessThan(1e-12)
    expect(Math.abs(vonMisesFisher.entropy(p) - entropy)).toBeLessThan(1e-14 * Math.max(10, Math.abs(entropy)))
  })

  test('the mean leads back, as far as it tells kappa', () => {
    const back = right(vonMisesFisher.fromExpectedStatistic(vonMisesFisher.expectedStatistic(p)))
    // The mean is rounded to 1e-16, and kappa is (D - 1)/2 over what is left of it to 1.
    expect(relative(back.concentration, concentration)).toBeLessThan(1e-13 + 3e-16 / (1 - cosine))
  })

  test('the divergence from one a little more concentrated is the second-order one', () => {
    const h = 1e-3 * concentration
    const kl = vonMisesFisher.klDivergence(p)(along(dimension, concentration + h))
    expect(relative(kl, 0.5 * variance * h * h)).toBeLessThan(3e-3)
  })
})

test('the density about the mode keeps its digits', () => {
  const p = along(3, 1e8)
  const angle = 1e-4
  const [top, close] = [
    [0, 0, 1],
    [0, Math.sin(angle), Math.cos(angle)],
  ].map(vonMisesFisher.logProb(p))
  expect(relative(top! - close!, 1e8 * 2 * Math.sin(angle / 2) ** 2)).toBeLessThan(1e-12)
})

test('the uniform member', () => {
  const uniform = right(vonMisesFisher.fromExpectedStatistic(toStatistic([0, 0, 0])))
  expect(uniform.concentration).toBe(0)
  expect(vonMisesFisher.entropy(uniform)).toBeCloseTo(Math.log(4 * Math.PI), 14)
  expect(vonMisesFisher.logProb(uniform)([0.6, 0, -0.8])).toBeCloseTo(-Math.log(4 * Math.PI), 14)
  expect(vonMisesFisher.mode(uniform)).toEqual(O.none)
})

test.each([
  ['a mean as long as the sphere is wide', () => vonMisesFisher.fromExpectedStatistic(toStatistic([0.6, 0.8]))],
  ['a direction that is not of length 1', () => vonMisesFisher.make({ meanDirection: [1, 1], concentration: 1 })],
  ['a line', () => vonMisesFisher.make({ meanDirection: [1], concentration: 1 })],
  ['a negative concentration', () => vonMisesFisher.make({ meanDirection: [1, 0], concentration: -1 })],
])('there is no member of %s', (_, member) => {
  expect(E.isLeft(member())).toBe(true)
})
