import { dirichlet, dirichletPrior, type Random, random } from '@conjugate/distributions'
import { type BackendRequest, type Densities, type LoadedRows, selectExecutor } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import type { ConjugateMixture } from '../mixture/conjugate.js'
import { componentCount, type Encoded, type MixtureParameters } from '../mixture/mixture.js'
import { initialOf, type Start } from '../mixture/start.js'
import { toDensities } from '../mixture/steps.js'

export interface GibbsOptions<P> {
  /** Of the start and of every draw; 0 by default. */
  readonly seed?: number
  /** Draws that are thrown away at the beginning; 0 by default. */
  readonly burnIn?: number
  /** Every which draw is kept; 1 by default. */
  readonly thin?: number
  /** `distinct-rows` by default. */
  readonly start?: Start<P>
  readonly backend?: BackendRequest
  readonly signal?: AbortSignal
}

/** One draw from the posterior of everything that is not known. */
export interface GibbsDraw<P> extends MixtureParameters<P> {
  /** N: the component of each observation, given which the parameters were drawn. */
  readonly labels: Int32Array
}

/** Rows whose responsibilities are in memory at a time. */
const BLOCK = 2 ** 16

interface Block {
  readonly first: number
  readonly rows: LoadedRows
}

const load = <P, S, D extends Densities>(
  { rows, origin }: Encoded<P, S, D>,
  backend: BackendRequest | undefined,
): TE.TaskEither<FitError, ReadonlyArray<Block>> =>
  pipe(
    selectExecutor(backend),
    TE.chainW(executor => {
      const starts = Array.from({ length: Math.max(1, Math.ceil(rows.rows / BLOCK)) }, (_, i) => i * BLOCK)
      return pipe(
        starts,
        TE.traverseSeqArray(first => {
          const count = Math.min(BLOCK, rows.rows - first)
          const data = Float64Array.from(
            { length: count * rows.columns },
            (_, i) => rows.data[first * rows.columns + i]!,
          )
          return pipe(
            executor.load({ rows: count, columns: rows.columns, data }, { ...(origin && { origin }) }),
            TE.map((loaded): Block => ({ first, rows: loaded })),
          )
        }),
      )
    }),
  )

/** Draws the component of every row from its responsibilities. */
const drawLabels = async <D extends Densities>(
  blocks: ReadonlyArray<Block>,
  densities: D,
  labels: Int32Array,
  stream: Random,
): Promise<E.Either<StepError, Int32Array>> => {
  for (const { first, rows } of blocks) {
    const q = await rows.responsibilities(densities)()
    if (E.isLeft(q)) return q
    const { columns, data } = q.right
    for (let n = 0; n < q.right.rows; n++) {
      let rest = stream.uniform()
      let drawn = 0
      for (let k = 0; k < columns; k++) {
        const p = data[n * columns + k]!
        if (p === 0) continue
        drawn = k
        rest -= p
        if (rest < 0) break
      }
      labels[first + n] = drawn
    }
  }
  return E.right(labels)
}

/**
 * Draws from the posterior p(theta, pi, Z | X) by turns: the component of every observation given the parameters, then the
 * parameters given those. Neighbouring draws depend on each other. Components may swap their numbers; what does not depend
 * on the numbers, such as predictive densities, can be averaged as it is. It goes on until no more is asked for.
 *
 * Errors: those of `fit`; after an error it ends.
 * Source: Diebolt and Robert, Estimation of finite mixture distributions through Bayesian sampling (1994).
 */
export const gibbs = <Source, Q, P, X, S, D extends Densities>(mixture: ConjugateMixture<Source, Q, P, X, S, D>) =>
  async function* (
    source: Source,
    { seed = 0, burnIn = 0, thin = 1, start = { _tag: 'distinct-rows' }, backend, signal }: GibbsOptions<P> = {},
  ): AsyncGenerator<E.Either<FitError, GibbsDraw<P>>, void> {
    const { pair, priors, weightsPrior, weights: side, noise } = mixture
    const stream = random(seed, 1)
    const count = componentCount(mixture)
    const encoded = mixture.encode(source)
    if (E.isLeft(encoded)) return yield encoded
    const { rows, steps, inward, gather } = encoded.right
    const blocks = await load(encoded.right, backend)()
    if (E.isLeft(blocks)) return yield blocks
    const initial = initialOf<P, S, D, Vector>(start, encoded.right, random(seed))(mixture)
    if (E.isLeft(initial)) return yield initial
    let parameters: MixtureParameters<P> = initial.right
    const densitiesOf = toDensities({ weights: side, steps, ...(noise !== undefined && { noise }) })

    const next = async (): Promise<E.Either<FitError, GibbsDraw<P>>> => {
      const inner = { ...parameters, components: parameters.components.map(inward) }
      const labels = await drawLabels(blocks.right, densitiesOf(inner), new Int32Array(rows.rows), stream)
      if (E.isLeft(labels)) return labels
      const counts = new Float64Array(side.count)
      for (const k of labels.right) counts[k]!++
      const weights = pipe(
        dirichletPrior(side.count).update(counts)(weightsPrior),
        E.map(q => dirichlet.sample(q)(stream)),
      )
      if (E.isLeft(weights)) return weights
      const components: P[] = []
      for (const [k, s] of gather(count, (n, j) => (labels.right[n] === j ? 1 : 0)).entries()) {
        const posterior = pair.update(s)(priors[k]!)
        if (E.isLeft(posterior)) return posterior
        components.push(pair.family.sample(posterior.right)(stream))
      }
      return E.right({ weights: weights.right, components, labels: labels.right })
    }

    try {
      for (let n = 0; ; n++) {
        if (signal?.aborted) return yield E.left({ _tag: 'Cancelled', iteration: n })
        const draw = await next()
        if (E.isLeft(draw)) return yield draw
        parameters = draw.right
        if (n >= burnIn && (n - burnIn) % thin === 0) yield draw
      }
    } finally {
      for (const block of blocks.right) block.rows.dispose()
    }
  }
