import {
  dirichlet,
  innerProduct,
  multivariateNormal,
  normalInverseWishart,
  normalInverseWishartPrior,
  toNatural,
} from '@conjugate/distributions'
import { logGamma } from '@conjugate/linalg'
import { right, rightOf } from '@conjugate/testing'
import { test } from 'vitest'
import { column, columnSums, inner, type Numbers, type Rows, softmax, sum } from './plain.js'
import {
  dirichletConstant,
  enumerate,
  eta,
  LOG_2PI,
  logNormaliser,
  niwConstant,
  normaliserOfEta,
  phi,
  statistic,
  weightsPart,
} from './reference.js'
import {
  bound,
  distributionFixture,
  expectClose,
  gathered,
  hyperOf,
  hyperOfFixture,
  type NiwParams,
  niw,
  normal,
  numbersOf,
  randomCase,
  smallCases,
} from './support.js'

test('C5: log N(x) is <t(x), eta_k> - A(eta_k) + c, and the softmax may use either', async () => {
  for (const d of [1, 2, 3, 4]) {
    const { theta, rows, model, parameters } = randomCase(d, 3, 100)
    const etas = theta.components.map(eta)
    const linear = rows.map(x => etas.map(e => inner(statistic(x), e) - normaliserOfEta(e)))
    for (const [k, p] of parameters.components.entries()) {
      const objectives = rows.map(multivariateNormal.logProb(p))
      expectClose(
        objectives,
        column(linear, k).map(v => v - 0.5 * d * LOG_2PI),
        1e-12,
      )
      expectClose(multivariateNormal.logNormaliser(p), normaliserOfEta(etas[k]!), 1e-12)
    }
    const omega = linear.map(l => softmax(l.map((v, k) => v + Math.log(theta.weights[k]!))))
    for (const mixture of await bound(model, rows))
      expectClose((await rightOf(mixture.responsibilities(parameters))).data, omega.flat(), 1e-11)
  }
  for (const c of distributionFixture<{ loc: Numbers; covariance: Rows }, Numbers>('multivariate_normal').cases) {
    const e = eta({ mean: c.params.loc, covariance: c.params.covariance })
    expectClose(normaliserOfEta(e), c.natural.A, 1e-11 * Math.max(1, c.cond ?? 1))
  }
})

/** (phi_3, -phi_2/2, -(phi_4 + nu)/2, -(phi_1 + nu)/2): the linear map to the code's coordinates. */
const codeCoordinates = (d: number, p: Numbers, nu: number): number[] => [
  ...p.slice(1 + d * d, 1 + d * d + d),
  ...p.slice(1, 1 + d * d).map(v => -0.5 * v),
  -0.5 * (p.at(-1)! + nu),
  -0.5 * (p[0]! + nu),
]

test('C6: log p(mu_k, Sigma_k) is <phi, eta_k> - nu A(eta_k) + c in every coordinate system, with a way back', () => {
  for (const { d, hyper, theta, model, parameters } of smallCases()) {
    const prior = model.components.priors[0]!
    const natural = normalInverseWishart.natural(prior)
    for (const [k, component] of parameters.components.entries()) {
      const logProb = normalInverseWishart.logProb(prior)(component)
      const e = eta(theta.components[k]!)
      // phi_4 = 0, the ones in the statistic (phi_4 = kappa_0, nu = 0), and any other choice.
      for (const phi4 of [0, hyper.meanPrecision, 1.7, -2.3]) {
        const { phi: p, nu } = phi(hyper, phi4)
        expectClose(inner(p, e) - nu * normaliserOfEta(e) + niwConstant(hyper), logProb, 1e-11)
        expectClose(natural, codeCoordinates(d, p, nu), 1e-14)
      }
      const form = innerProduct(natural, normalInverseWishart.statistic(component))
      expectClose(form + niwConstant(hyper), logProb, 1e-11)
    }
    expectClose(normalInverseWishart.logNormaliser(prior), logNormaliser(hyper), 1e-12)
    expectClose(numbersOf(hyperOf(right(normalInverseWishart.fromNatural(natural)))), numbersOf(hyper), 1e-12)
  }
  for (const c of distributionFixture<NiwParams, never>('normal_inverse_wishart').cases) {
    const hyper = hyperOfFixture(c.params)
    const { phi: p, nu } = phi(hyper)
    const tolerance = 1e-12 * Math.max(1, c.cond ?? 1)
    expectClose(c.natural.eta.flat(2) as number[], codeCoordinates(hyper.mean.length, p, nu), 1e-14)
    expectClose(normalInverseWishart.natural(niw(hyper)), codeCoordinates(hyper.mean.length, p, nu), 1e-14)
    expectClose(logNormaliser(hyper), c.natural.A, tolerance)
  }
  for (const c of distributionFixture<{ alpha: Numbers }, Numbers>('dirichlet').cases) {
    const p = right(dirichlet.make({ concentration: c.params.alpha }))
    expectClose(
      dirichlet.natural(p),
      c.params.alpha.map(a => a - 1),
      0,
    )
    expectClose(
      c.natural.eta.flat(2) as number[],
      c.params.alpha.map(a => a - 1),
      1e-15,
    )
    const expected = -dirichletConstant(c.params.alpha)
    // Log-gammas of this size cancel in A.
    const scale = logGamma(sum(c.params.alpha))
    expectClose([dirichlet.logNormaliser(p), c.natural.A], [expected, expected], 1e-14, scale)
    const there = dirichlet.fromNatural(toNatural(Array.from(dirichlet.natural(p))))
    expectClose(right(there).concentration, c.params.alpha, 1e-15)
  }
})

test("C7: the collected phi_k and nu_k give the expected log joint, with N c, K c' and C", async () => {
  for (const { d, k, n, hyper, alpha, theta, rows, q, model } of smallCases()) {
    const { expectedLogJoint } = enumerate(hyper, alpha, theta, rows, q)
    const rest = weightsPart(alpha, q, theta.weights) + dirichletConstant(alpha)
    const constants = -0.5 * n * d * LOG_2PI + k * niwConstant(hyper) + rest

    const prior = phi(hyper)
    const collected = theta.components.map((component, j) => {
      const weights = column(q, j)
      const statistics = rows.map(statistic)
      const p = prior.phi.map((v, i) => v + inner(weights, column(statistics, i)))
      const e = eta(component)
      return inner(p, e) - (prior.nu + columnSums(q)[j]!) * normaliserOfEta(e)
    })
    expectClose(sum(collected) + constants, expectedLogJoint, 1e-11)

    const { components } = await gathered(model, rows, q)
    const library = theta.components.map((component, j) => {
      const after = right(normalInverseWishartPrior.update(components[j]!)(model.components.priors[0]!))
      return innerProduct(normalInverseWishart.natural(after), normalInverseWishart.statistic(normal(component)))
    })
    expectClose(sum(library) + constants, expectedLogJoint, 1e-11)
  }
})
