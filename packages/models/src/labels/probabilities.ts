import {
  type Dirichlet,
  dirichlet,
  dirichletPrior,
  type InvalidParameter,
  posteriorMode,
} from '@conjugate/distributions'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

/** Probabilities with a Dirichlet prior: of components, or of what follows a state. */
export interface Probabilities {
  /**
   * The mode given expected counts. Where nothing was observed and the prior has no mode of its own, any probabilities are as
   * good, and `current` ones stay; without them that is an error.
   */
  readonly maximize: (counts: Vector, current?: Vector) => E.Either<InvalidParameter, Vector>
  readonly logPrior: (probabilities: Vector) => number
}

/** Probabilities below count as this one in the log prior where the concentration is below 1: the smallest normal number. */
const LEAST = 2 ** -1022

/** So few observations that none of them loses anything with a component of this count. */
const NOTHING = 1e-290

const isEmpty = (counts: Vector): boolean => Array.from(counts).every(n => n === 0)

/** The mode over the closed simplex. */
const regular = (prior: Dirichlet): Probabilities => {
  const pair = posteriorMode(dirichletPrior(prior.concentration.length))
  const isFlat = Array.from(prior.concentration).every(a => a === 1)
  return {
    maximize: (counts, current) =>
      current && isFlat && isEmpty(counts)
        ? E.right(current)
        : pipe(
            pair(counts)(prior),
            E.map(p => p.probabilities),
          ),
    logPrior: dirichlet.logProb(prior),
  }
}

/**
 * A concentration alpha_k below 1 makes the density of p_k = 0 infinite. So the density is taken not to rise any more below
 * the smallest normal number, p_k^(alpha_k - 1) with max(p_k, 2^-1022) for p_k, which is the Dirichlet's density wherever
 * numbers are of full precision, and finite. The M-step is its exact mode, so that the objective never falls: with
 * e_k = N_k + alpha_k - 1 the probabilities are max(0, e_k) over their sum, where 0 is 2^-1022 as long as an observation
 * depends on it, and exactly 0 from then on. Where no e_k is positive, the greatest takes all.
 * Source: Figueiredo and Jain, Unsupervised learning of finite mixture models (2002), section 5.
 */
const sparse = (prior: Dirichlet): Probabilities => {
  const count = prior.concentration.length
  const logProb = dirichlet.logProb(prior)
  const hasMode = Array.from(prior.concentration).some(a => a > 1)
  return {
    maximize: (counts, current) => {
      if (isEmpty(counts) && !hasMode) {
        if (current) return E.right(current)
        // Without observations the error is that of the prior.
        return pipe(
          dirichletPrior(count).jointMode(prior),
          E.map(p => p.probabilities),
        )
      }
      const exponents = Float64Array.from(counts, (n, k) => prior.concentration[k]! - 1 + n)
      const most = exponents.indexOf(exponents.reduce((a, b) => Math.max(a, b)))
      const sum = exponents.reduce((total, e) => total + Math.max(0, e), 0)
      return E.right(
        exponents.map((e, k) => {
          if (e > 0) return e / sum
          if (sum === 0 && k === most) return 1
          return counts[k]! > NOTHING ? LEAST : 0
        }),
      )
    },
    logPrior: probabilities =>
      logProb(
        Float64Array.from(probabilities, (p, k) => (prior.concentration[k]! < 1 && p >= 0 ? Math.max(p, LEAST) : p)),
      ),
  }
}

/** The M-step and the log prior of probabilities. */
export const probabilitiesOf = (prior: Dirichlet): Probabilities =>
  Array.from(prior.concentration).some(a => a < 1) ? sparse(prior) : regular(prior)
