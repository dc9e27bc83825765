import { type ConjugatePrior, dirichlet, logMarginalLikelihood } from '@conjugate/distributions'
import { right } from '@conjugate/testing'

const logBeta = (alpha: ReadonlyArray<number>) =>
  dirichlet.logNormaliser(right(dirichlet.make({ concentration: alpha })))

/** Every labelling of a few observations with log p(X, Z), parameters and weights integrated out. */
export const labellings = <Q, P, X, S>(
  pair: ConjugatePrior<Q, P, X, S>,
  prior: Q,
  alpha: ReadonlyArray<number>,
  xs: ReadonlyArray<X>,
): ReadonlyArray<{ readonly labels: ReadonlyArray<number>; readonly logProb: number }> =>
  Array.from({ length: alpha.length ** xs.length }, (_, code) =>
    xs.map((_x, n) => Math.floor(code / alpha.length ** n) % alpha.length),
  ).map(labels => {
    const members = alpha.map((_, k) => xs.filter((_x, n) => labels[n] === k))
    const ofWeights = logBeta(alpha.map((a, k) => a + members[k]!.length)) - logBeta(alpha)
    return {
      labels,
      logProb: members.reduce((sum, x) => sum + right(logMarginalLikelihood(pair)(prior)(x)), ofWeights),
    }
  })

export const logSumExp = (v: ReadonlyArray<number>): number => {
  const highest = Math.max(...v)
  return highest + Math.log(v.reduce((sum, x) => sum + Math.exp(x - highest), 0))
}
