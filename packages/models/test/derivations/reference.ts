import { logGamma } from '@conjugate/linalg'
import {
  column,
  columnSums,
  combine,
  eigenvaluesOfQuotient,
  inner,
  invert,
  logSumExp,
  minus,
  type Numbers,
  type Rows,
  range,
  square,
  sum,
  times,
  xlogy,
} from './plain.js'

/** The formulas of docs/derivations.md as they stand there: what the library is compared with. */

/** (mu_k, Sigma_k). */
export interface Component {
  readonly mean: Numbers
  readonly covariance: Rows
}

/** mu_0, kappa_0, nu_0, Sigma_0. */
export interface Hyper {
  readonly mean: Numbers
  readonly meanPrecision: number
  readonly degreesOfFreedom: number
  readonly scale: Rows
}

export interface Theta {
  readonly weights: Numbers
  readonly components: ReadonlyArray<Component>
}

export const LOG_2PI = Math.log(2 * Math.PI)

export const logNormal = ({ mean, covariance }: Component): ((x: Numbers) => number) => {
  const { inverse, logDet } = invert(covariance)
  return x => {
    const d = minus(x, mean)
    return -0.5 * (mean.length * LOG_2PI + logDet + inner(d, times(inverse, d)))
  }
}

const multivariateLogGamma = (d: number, a: number): number =>
  0.25 * d * (d - 1) * Math.log(Math.PI) + sum(range(d).map(i => logGamma(a - i / 2)))

/** tr(AB) of symmetric matrices. */
export const trace = (a: Rows, b: Rows): number => inner(a.flat(), b.flat())

export const logInverseWishart = (nu: number, scale: Rows) => {
  const d = scale.length
  const constant = 0.5 * nu * (invert(scale).logDet - d * Math.log(2)) - multivariateLogGamma(d, nu / 2)
  return (sigma: Rows): number => {
    const { inverse, logDet } = invert(sigma)
    return constant - 0.5 * (nu + d + 1) * logDet - 0.5 * trace(scale, inverse)
  }
}

/** A of the NIW in the code's coordinates. */
export const logNormaliser = ({ mean: { length: d }, meanPrecision, degreesOfFreedom: nu, scale }: Hyper): number =>
  -0.5 * d * Math.log(meanPrecision) -
  0.5 * nu * (invert(scale).logDet - d * Math.log(2)) +
  multivariateLogGamma(d, nu / 2)

/** log h - A, the c' of the page. */
export const niwConstant = (h: Hyper): number => -0.5 * h.mean.length * LOG_2PI - logNormaliser(h)

export const logNiw = (h: Hyper) => {
  const constant = niwConstant(h)
  return ({ mean, covariance }: Component): number => {
    const { inverse, logDet } = invert(covariance)
    const d = minus(mean, h.mean)
    return (
      constant -
      0.5 * (h.degreesOfFreedom + d.length + 2) * logDet -
      0.5 * trace(h.scale, inverse) -
      0.5 * h.meanPrecision * inner(d, times(inverse, d))
    )
  }
}

/** The C of the page. */
export const dirichletConstant = (alpha: Numbers): number => logGamma(sum(alpha)) - sum(alpha.map(a => logGamma(a)))

export const logDirichlet =
  (alpha: Numbers) =>
  (pi: Numbers): number =>
    dirichletConstant(alpha) + sum(alpha.map((a, k) => xlogy(a - 1, pi[k]!)))

/** l_nk = log pi_k + log N(x_n | mu_k, Sigma_k). */
export const logits = ({ weights, components }: Theta, rows: Rows): number[][] => {
  const densities = components.map(logNormal)
  return rows.map(x => densities.map((f, k) => Math.log(weights[k]!) + f(x)))
}

/** (-log|Sigma|/2, -Sigma^-1/2, Sigma^-1 mu, -mu' Sigma^-1 mu/2) laid end to end, so that <., .> is a sum of products. */
export const eta = ({ mean, covariance }: Component): number[] => {
  const { inverse, logDet } = invert(covariance)
  const v = times(inverse, mean)
  return [-0.5 * logDet, ...inverse.flat().map(p => -0.5 * p), ...v, -0.5 * inner(mean, v)]
}

/** A(eta_k) = -eta_k1 - eta_k4. */
export const normaliserOfEta = (e: Numbers): number => -e[0]! - e.at(-1)!

/** t(x) = (0, x x', x, 0). */
export const statistic = (x: Numbers): number[] => [0, ...square(x).flat(), ...x, 0]

/** phi and nu of the prior for a choice of phi_4. */
export const phi = ({ mean, meanPrecision, degreesOfFreedom, scale }: Hyper, phi4 = 0) => ({
  phi: [
    degreesOfFreedom + mean.length + 2 - meanPrecision + phi4,
    ...combine([1, scale], [meanPrecision, square(mean)]).flat(),
    ...mean.map(m => meanPrecision * m),
    phi4,
  ],
  nu: meanPrecision - phi4,
})

/** The posterior by completing the square of raw moments. */
export const posterior = (h: Hyper, rows: Rows, q: Numbers): Hyper => {
  const count = sum(q)
  const meanPrecision = h.meanPrecision + count
  const total = h.mean.map((m, i) => h.meanPrecision * m + inner(q, column(rows, i)))
  const mean = total.map(v => v / meanPrecision)
  const moments = rows.map((x, n) => [q[n]!, square(x)] as const)
  const scale = combine([1, h.scale], [h.meanPrecision, square(h.mean)], ...moments, [-meanPrecision, square(mean)])
  return { mean, meanPrecision, degreesOfFreedom: h.degreesOfFreedom + count, scale }
}

/** L_1: every sum over n and k written out. */
export const gaussianPart = (h: Hyper, rows: Rows, q: Rows, components: ReadonlyArray<Component>): number =>
  sum(components.map((c, k) => inner(column(q, k), rows.map(logNormal(c))) + logNiw(h)(c)))

/** L_2. */
export const weightsPart = (alpha: Numbers, q: Rows, weights: Numbers): number =>
  sum(columnSums(q).map((n, k) => xlogy(n + alpha[k]! - 1, weights[k]!)))

/** What the NIW density loses from its mode to (mu, Sigma): the closed form of 1d, a sum of nonnegative terms. */
export const lossFromMode = (h: Hyper, { mean, covariance }: Component): { terms: Numbers; total: number } => {
  const m = h.degreesOfFreedom + mean.length + 2
  const d = minus(mean, h.mean)
  const lambdas = eigenvaluesOfQuotient(covariance, combine([1 / m, h.scale]))
  const terms = [
    0.5 * h.meanPrecision * inner(d, times(invert(covariance).inverse, d)),
    ...lambdas.map(l => 0.5 * m * (l - 1 - Math.log(l))),
  ]
  return { terms, total: sum(terms) }
}

/** All K^N labellings. */
const labellings = (n: number, k: number): number[][] =>
  range(k ** n).map(code => range(n).map(i => Math.floor(code / k ** i) % k))

/** Sums over every labelling Z: of q(Z) log p(X, Z, theta), of -q(Z) log q(Z), and the log of that of p(X, Z, theta). */
export const enumerate = (h: Hyper, alpha: Numbers, theta: Theta, rows: Rows, q: Rows) => {
  const l = logits(theta, rows)
  const prior = logDirichlet(alpha)(theta.weights) + sum(theta.components.map(logNiw(h)))
  const all = labellings(rows.length, theta.weights.length).map(z => ({
    probability: z.reduce((p, k, n) => p * q[n]![k]!, 1),
    logJoint: prior + sum(z.map((k, n) => l[n]![k]!)),
  }))
  return {
    expectedLogJoint: sum(all.map(z => z.probability * z.logJoint)),
    entropy: -sum(all.map(z => xlogy(z.probability, z.probability))),
    logEvidence: logSumExp(all.map(z => z.logJoint)),
  }
}
