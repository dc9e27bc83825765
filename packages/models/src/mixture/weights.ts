import { type Dirichlet, dirichlet, dirichletPrior, type InvalidParameter } from '@conjugate/distributions'
import { digamma, inWords, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { memberOf, ofSize, probabilities } from '../checks/parameters.js'
import type { Weights } from './mixture.js'
import { probabilitiesOf } from './probabilities.js'

const total = (v: Vector): number => Array.from(v).reduce((a, b) => a + b, 0)

const permuted =
  (order: ReadonlyArray<number>) =>
  (v: Vector): Float64Array =>
    tabulate(v.length, k => v[order[k] ?? k]!)

/** exp(v) over its sum. */
const softmax = (v: Float64Array): Float64Array => {
  const highest = Math.max(...v)
  const unnormalised = v.map(x => Math.exp(x - highest))
  const sum = unnormalised.reduce((a, b) => a + b, 0)
  return unnormalised.map(x => x / sum)
}

const shared = (
  count: number,
): Pick<Weights<Vector>, 'count' | 'logWeights' | 'coordinates' | 'permute' | 'check'> => ({
  count,
  check: probabilities(count),
  logWeights: w => tabulate(count, k => Math.log(w[k]!)),
  // Logarithms, up to any constant.
  coordinates: { toVector: w => Float64Array.from(w, Math.log), fromVector: v => E.right(softmax(v)) },
  permute: permuted,
})

/** Whether the concentrations of the first components are the same; that of noise, which comes last, may be another. */
export const areAlike = (concentration: Vector, components: number): boolean =>
  Array.from(concentration)
    .slice(0, components)
    .every(a => a === concentration[0])

/** Weights with a Dirichlet prior; they start at its mean. */
export const dirichletWeights = (prior: Dirichlet): Weights<Vector> => {
  const sum = total(prior.concentration)
  const { maximize, logPrior } = probabilitiesOf(prior)
  return {
    ...shared(prior.concentration.length),
    initial: Float64Array.from(prior.concentration, a => a / sum),
    maximize: counts => maximize(counts),
    logPrior,
    draw: counts => random =>
      pipe(
        dirichletPrior(prior.concentration.length).update(counts)(prior),
        E.map(posterior => dirichlet.sample(posterior)(random)),
      ),
  }
}

const noObservations: InvalidParameter = {
  _tag: 'InvalidParameter',
  distribution: 'Mixture',
  parameter: 'observations',
  expected: 'some of positive weight',
  received: 'none',
}

/** Weights of maximum likelihood: N_k / N. */
export const freeWeights = (count: number): Weights<Vector> => ({
  ...shared(count),
  initial: new Float64Array(count).fill(1 / count),
  maximize: counts => {
    const sum = total(counts)
    return sum > 0 ? E.right(Float64Array.from(counts, n => n / sum)) : E.left(noObservations)
  },
  logPrior: () => 0,
})

/**
 * The posterior of the weights in variational Bayes. Its E-step has E[log pi_k] = digamma(alpha_k) - digamma(sum alpha).
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 10.66.
 */
export const variationalWeights = (prior: Dirichlet): Weights<Dirichlet> => ({
  count: prior.concentration.length,
  logWeights: ({ concentration }) => {
    const ofSum = digamma(total(concentration))
    return Float64Array.from(concentration, a => digamma(a) - ofSum)
  },
  initial: prior,
  maximize: counts => dirichletPrior(prior.concentration.length).update(counts)(prior),
  check: ofSize(
    memberOf(dirichlet),
    ({ concentration }: Dirichlet) => concentration.length,
    prior.concentration.length,
  ),
  logPrior: posterior => -dirichlet.klDivergence(posterior)(prior),
  coordinates: {
    toVector: ({ concentration }) => Float64Array.from(concentration, Math.log),
    fromVector: v => dirichlet.make({ concentration: v.map(Math.exp) }),
  },
  permute:
    order =>
    ({ concentration, ...rest }) => ({ ...rest, concentration: permuted(order)(concentration) }),
})

/** A Dirichlet of K numbers, or of one number for all K. Errors: see {@link dirichlet}. */
export const weightsPriorOf = (
  count: number,
  concentration: number | ArrayLike<number>,
): E.Either<InvalidParameter, Dirichlet> => {
  const invalid = (parameter: string, expected: string, received: unknown): E.Either<InvalidParameter, never> =>
    E.left({ _tag: 'InvalidParameter', distribution: 'Mixture', parameter, expected, received: inWords(received) })
  if (!Number.isSafeInteger(count) || count < 1) return invalid('components', 'a whole number of at least 1', count)
  const alpha = typeof concentration === 'number' ? new Array<number>(count).fill(concentration) : concentration
  return alpha.length === count
    ? pipe(dirichlet.make({ concentration: alpha }))
    : invalid('concentration', `${count} numbers`, `${alpha.length} numbers`)
}
