import { gamma, gammaPoissonPrior, logMarginalLikelihood } from '@conjugate/distributions'
import { logMultivariateBeta } from '@conjugate/linalg'
import { componentsOf, gibbs, markovChain, modelOf, poissonMixture } from '@conjugate/models'
import { right } from '@conjugate/testing'
import { expect, test } from 'vitest'

const counts = [1, 9, null, 12, 2]
const shape = { shape: 1.5, rate: 0.2 }
const [initialConcentration, transitionConcentration] = [2, 1.5]

/** log p(Z) and log p(X | Z) with all parameters integrated out. */
const evidence = (z: ReadonlyArray<number>): number => {
  const dirichlet = (alpha: number, n: ReadonlyArray<number>): number =>
    logMultivariateBeta(n.map(v => v + alpha)) - logMultivariateBeta(n.map(() => alpha))
  const steps = [0, 1].map(j => [0, 1].map(k => z.filter((s, n) => n > 0 && z[n - 1] === j && s === k).length))
  const first = [0, 1].map(k => Number(z[0] === k))
  const prior = right(gamma.make(shape))
  return (
    dirichlet(initialConcentration, first) +
    steps.reduce((sum, row) => sum + dirichlet(transitionConcentration, row), 0) +
    [0, 1].reduce((sum, k) => {
      const own = counts.filter((x, n): x is number => x !== null && z[n] === k)
      return sum + right(logMarginalLikelihood(gammaPoissonPrior)(prior)(own))
    }, 0)
  )
}

test('Gibbs sampling of a chain with a gap has the exact probabilities of labels, parameters integrated out', async () => {
  const model = right(
    modelOf(
      componentsOf(right(poissonMixture({ components: 2, concentration: 1, prior: shape }))),
      right(markovChain({ states: 2, initialConcentration, transitionConcentration })),
    ),
  )
  const all = Array.from({ length: 2 ** counts.length }, (_, code) => counts.map((_x, n) => (code >> n) & 1))
  const logs = all.map(evidence)
  const total = logs.reduce((sum, v) => sum + Math.exp(v), 0)
  // What does not depend on the numbers of the states: whether two readings share one.
  const together = (z: ArrayLike<number>): ReadonlyArray<number> => counts.map((_, n) => Number(z[n] === z[0]))
  const exact = counts.map((_, n) => all.reduce((sum, z, i) => sum + (together(z)[n]! * Math.exp(logs[i]!)) / total, 0))
  const found = new Float64Array(counts.length)
  const samples = 20_000
  for await (const draw of gibbs(model, counts, { samples, burnIn: 100, seed: 7 }))
    for (const [n, v] of together(right(draw).assignments).entries()) found[n]! += v / samples
  for (const [n, p] of exact.entries()) expect(Math.abs(found[n]! - p)).toBeLessThan(0.02)
})
