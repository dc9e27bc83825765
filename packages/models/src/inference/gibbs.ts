import { dirichlet, dirichletPrior, type Random, random } from '@conjugate/distributions'
import { breather, checkOptions } from '@conjugate/em'
import { anyOf, exactly, oneOf, optional, whole } from '@conjugate/em/schema'
import {
  type BackendRequest,
  type Densities,
  type Loaded,
  type LoadedRows,
  loadEach,
  selectExecutor,
} from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedEach } from '../checks/functions.js'
import { checkConjugate } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { startOf } from '../checks/start.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError, StepError } from '../errors.js'
import type { Conjugate, ConjugateMixture } from '../mixture/conjugate.js'
import { forRows } from '../mixture/from-data.js'
import { componentCount, type Encoded, loadOptionsOf, type MixtureParameters } from '../mixture/mixture.js'
import { initialOf, type Start } from '../mixture/start.js'
import { logPrior, toDensities } from '../mixture/steps.js'
import type { ComponentOf, SourceOf } from '../mixture/types.js'

/** Options of `gibbs`. */
export interface GibbsOptions<P> {
  /** The seed of the start and of every draw; 0 by default. */
  readonly seed?: number
  /** How many draws are thrown away at the beginning, at most 2^20; 0 by default. */
  readonly burnIn?: number
  /** Keeps every `thin`-th draw, at most 2^20; 1 by default, which keeps all. */
  readonly thin?: number
  /** How many draws are kept; by default draws go on until no more is asked for. */
  readonly samples?: number
  /** Where the first draw starts from; `distinct-rows` by default. */
  readonly start?: Start<P>
  readonly backend?: BackendRequest
  readonly signal?: AbortSignal
}

/** One draw from the posterior of everything that is not known. */
export interface GibbsDraw<P> extends MixtureParameters<P> {
  /** N: the component of each observation, given which the parameters were drawn. */
  readonly labels: Int32Array
  /** log p(X, theta) of these parameters, the objective of MAP-EM, with the components of the observations summed out. */
  readonly logJoint: number
}

/** Rows whose responsibilities are in memory at a time. */
const BLOCK = 2 ** 16

interface Block extends Loaded {
  readonly first: number
  readonly rows: LoadedRows
}

const disposeAll = (blocks: ReadonlyArray<Block>): void => {
  for (const block of blocks) block.dispose()
}

const load = <P, S, D extends Densities>(
  encoded: Encoded<P, S, D>,
  backend: BackendRequest | undefined,
): TE.TaskEither<FitError, ReadonlyArray<Block>> => {
  const { rows, columns, data } = encoded.rows
  return pipe(
    selectExecutor(backend),
    TE.chainW(executor =>
      pipe(
        Array.from({ length: Math.max(1, Math.ceil(rows / BLOCK)) }, (_, i) => i * BLOCK),
        loadEach(first => {
          const count = Math.min(BLOCK, rows - first)
          const part = Float64Array.from({ length: count * columns }, (_, i) => data[first * columns + i]!)
          return pipe(
            executor.load({ rows: count, columns, data: part }, loadOptionsOf(encoded)),
            TE.bimap(
              e => (e._tag === 'NonFiniteData' ? { ...e, row: first + e.row } : e),
              (loaded): Block => ({ first, rows: loaded, dispose: loaded.dispose }),
            ),
          )
        }),
      ),
    ),
  )
}

/** Draws the component of every row from its responsibilities. */
const drawLabels = async <D extends Densities>(
  blocks: ReadonlyArray<Block>,
  densities: D,
  labels: Int32Array,
  stream: Random,
): Promise<E.Either<StepError, void>> => {
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
  return E.right(undefined)
}

/** log p(X | theta) over all blocks. */
const logLikelihood = async <D extends Densities>(
  blocks: ReadonlyArray<Block>,
  densities: D,
): Promise<E.Either<StepError, number>> => {
  let sum = 0
  for (const { rows } of blocks) {
    const logs = await rows.logProb(densities)()
    if (E.isLeft(logs)) return logs
    for (const v of logs.right) sum += v
  }
  return E.right(sum)
}

const fieldsOf = <Source, Q, P, X, S, D extends Densities>(
  mixture: ConjugateMixture<Source, Q, P, X, S, D>,
): FieldsOf<GibbsOptions<P>> => ({
  seed: option.seed,
  burnIn: option.sweeps(0),
  thin: option.sweeps(1),
  samples: optional(anyOf('a whole number of at least 1, or Infinity', oneOf(Number.POSITIVE_INFINITY), whole(1))),
  start: optional(startOf(mixture)),
  backend: option.backend,
  signal: option.signal,
})

/**
 * Draws from the posterior p(theta, pi, Z | X) by turns: the component of every observation given the parameters, then the
 * parameters given those. Neighbouring draws depend on each other. Components may swap their numbers; what does not depend
 * on the numbers, such as predictive densities, can be averaged as it is.
 *
 * Errors: those of `fit`, as the last element.
 * Source: Diebolt and Robert, Estimation of finite mixture distributions through Bayesian sampling (1994).
 */
export const gibbs: {
  <M extends Conjugate>(
    data: NoInfer<SourceOf<M>>,
    options?: NoInfer<GibbsOptions<ComponentOf<M>>>,
  ): (model: Given<M>) => AsyncGenerator<E.Either<FitError, GibbsDraw<ComponentOf<M>>>, void>
  <M extends Conjugate>(
    model: Given<M>,
    data: SourceOf<M>,
    options?: GibbsOptions<ComponentOf<M>>,
  ): AsyncGenerator<E.Either<FitError, GibbsDraw<ComponentOf<M>>>, void>
} = dual((given: never, source: never, options: never) => triedEach(draws(given, source, options))) as never

async function* draws<Source, Q, P, X, S, D extends Densities>(
  given: Given<ConjugateMixture<Source, Q, P, X, S, D>>,
  observations: Source,
  options: GibbsOptions<P> = {},
): AsyncGenerator<E.Either<FitError, GibbsDraw<P>>, void> {
  const checked = pipe(
    checkConjugate(given),
    E.chain(model => forRows(model, observations)),
    E.chainFirstW(({ mixture }) => checkOptions(exactly(fieldsOf(mixture)))(options)),
  )
  if (E.isLeft(checked)) return yield checked
  const { mixture, source } = checked.right
  const { seed = 0, burnIn = 0, thin = 1, samples = Number.POSITIVE_INFINITY, signal } = options
  const { pair, priors, weightsPrior, weights: side, noise } = mixture
  const stream = random(seed, 1)
  const count = componentCount(mixture)
  const encoded = mixture.encode(source)
  if (E.isLeft(encoded)) return yield encoded
  const { rows, steps, inward, gather } = encoded.right
  const start = options.start ?? { _tag: 'distinct-rows' }
  const initial = initialOf<P, S, D, Vector>(start, encoded.right, random(seed))(mixture)
  if (E.isLeft(initial)) return yield initial
  const blocks = await load(encoded.right, options.backend)()
  if (E.isLeft(blocks)) return yield blocks
  const sides = { weights: side, steps, ...(noise !== undefined && { noise }) }
  const densitiesOf = toDensities(sides)
  const inner = (p: MixtureParameters<P>): MixtureParameters<P> => ({ ...p, components: p.components.map(inward) })

  const drawParameters = (labels: Int32Array): E.Either<StepError, MixtureParameters<P>> => {
    const counts = new Float64Array(side.count)
    for (const k of labels) counts[k]!++
    const weights = pipe(
      dirichletPrior(side.count).update(counts)(weightsPrior),
      E.map(q => dirichlet.sample(q)(stream)),
    )
    if (E.isLeft(weights)) return weights
    const components: P[] = []
    for (const [k, s] of gather(count, (n, j) => (labels[n] === j ? 1 : 0)).entries()) {
      const posterior = pair.update(s)(priors[k]!)
      if (E.isLeft(posterior)) return posterior
      components.push(pair.family.sample(posterior.right)(stream))
    }
    return E.right({ weights: weights.right, components })
  }

  try {
    let parameters = initial.right
    const breathe = breather()
    for (let [n, kept] = [0, 0]; kept < samples; n++) {
      await breathe()
      if (signal?.aborted) return yield E.left({ _tag: 'Cancelled', iteration: n })
      const labels = new Int32Array(rows.rows)
      const drawn = await drawLabels(blocks.right, densitiesOf(inner(parameters)), labels, stream)
      if (E.isLeft(drawn)) return yield drawn
      const next = drawParameters(labels)
      if (E.isLeft(next)) return yield next
      parameters = next.right
      if (n < burnIn || (n - burnIn) % thin !== 0) continue
      const moved = inner(parameters)
      const likelihood = await logLikelihood(blocks.right, densitiesOf(moved))
      if (E.isLeft(likelihood)) return yield likelihood
      kept++
      yield E.right({ ...parameters, labels, logJoint: likelihood.right + logPrior(sides)(moved) })
    }
  } finally {
    disposeAll(blocks.right)
  }
}
