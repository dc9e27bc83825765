import { type Random, random } from '@conjugate/distributions'
import { breather, checkOptions } from '@conjugate/em'
import { anyOf, exactly, oneOf, optional, whole } from '@conjugate/em/schema'
import { type BackendRequest, selectExecutor } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedEach } from '../checks/functions.js'
import { checkModel } from '../checks/model.js'
import * as option from '../checks/options.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError, StepError } from '../errors.js'
import type { Counts, LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes, LoadedComponents } from './component-model.js'
import { logDensitiesOf, type OpenModel } from './em-model.js'
import type { Evidence } from './evidence.js'
import { openOn } from './fit.js'
import type { Model, ModelParameters } from './model.js'
import { evidenceFields } from './options.js'
import type { Needs } from './variational.js'

/** Options of `gibbsModel`; what rows are to each other comes beside them. */
export interface ModelGibbsOptions extends Evidence {
  /** The seed of the start and of every draw; 0 by default. */
  readonly seed?: number
  /** How many draws are thrown away at the beginning, at most 2^20; 0 by default. */
  readonly burnIn?: number
  /** Keeps every `thin`-th draw, at most 2^20; 1 by default, which keeps all. */
  readonly thin?: number
  /** How many draws are kept; by default draws go on until no more is asked for. */
  readonly samples?: number
  readonly backend?: BackendRequest
  readonly signal?: AbortSignal
}

/** One draw from the posterior of everything that is not known. */
export type ModelDraw<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> & {
  /** The label of each of the N observations, given which the parameters were drawn. */
  readonly assignments: Int32Array
  /** log p(X, Z, theta) of these labels and the parameters at which they were drawn, up to what is not known of p(Z). */
  readonly logJoint: number
}

const fields = {
  seed: option.seed,
  burnIn: option.sweeps(0),
  thin: option.sweeps(1),
  samples: optional(anyOf('a whole number of at least 1, or Infinity', oneOf(Number.POSITIVE_INFINITY), whole(1))),
  backend: option.backend,
  signal: option.signal,
}

/** <potentials, counts>, in which nothing times -Infinity is nothing. */
const innerProduct = (potentials: Counts, counts: Counts): number => {
  let sum = 0
  for (const [name, values] of Object.entries(counts))
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) sum += values[i]! * potentials[name]![i]!
  return sum
}

/** One sweep: labels given the parameters, then both halves of the parameters given the labels. */
const sweep = async <C extends ComponentTypes, L extends LabelTypes>(
  { components: { draw } }: Model<C, L>,
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
  previous: Int32Array | undefined,
  stream: Random,
): Promise<E.Either<StepError, ModelDraw<C, L>>> => {
  const { bound, loaded, states } = open
  const logs = await logDensitiesOf(open, parameters)()
  if (E.isLeft(logs)) return logs
  const potentials = bound.potentials(parameters)
  const assignments = bound.sample(potentials, logs.right, stream, previous)
  const counts = bound.count(assignments)
  const q = new Float64Array(assignments.length * states)
  let logJoint = bound.logPrior(parameters) + loaded.logPrior(parameters.components) + innerProduct(potentials, counts)
  for (let n = 0; n < assignments.length; n++) {
    const at = n * states + assignments[n]!
    q[at] = 1
    logJoint += logs.right[at]!
  }
  const statistics = await loaded.weightedStatistics(parameters.components, q)()
  if (E.isLeft(statistics)) return statistics
  const components = draw!(statistics.right)(stream)
  if (E.isLeft(components)) return components
  const labels = bound.draw!(counts)(stream)
  if (E.isLeft(labels)) return labels
  return E.right({ ...labels.right, components: components.right, assignments, logJoint })
}

const draws = async function* <C extends ComponentTypes, L extends LabelTypes>(
  model: Model<C, L>,
  loaded: LoadedComponents<C>,
  options: ModelGibbsOptions & L['structure'],
): AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void> {
  const { seed = 0, burnIn = 0, thin = 1, samples = Number.POSITIVE_INFINITY, signal } = options
  const open = openOn(model, loaded, options)
  if (E.isLeft(open)) return yield open
  if (open.right.bound.draw === undefined)
    return yield E.left({
      _tag: 'InvalidOption',
      option: 'model',
      expected: 'a model of labels whose parameters can be drawn',
      received: 'one without',
    })
  const start = loaded.start(random(seed))
  if (E.isLeft(start)) return yield start
  const stream = random(seed, 1)
  let parameters: ModelParameters<C, L> = { ...open.right.bound.initial, components: start.right }
  let labels: Int32Array | undefined
  const breathe = breather()
  for (let [n, kept] = [0, 0]; kept < samples; n++) {
    await breathe()
    if (signal?.aborted) return yield E.left({ _tag: 'Cancelled', iteration: n })
    const drawn = await sweep(model, open.right, parameters, labels, stream)
    if (E.isLeft(drawn)) return yield drawn
    parameters = drawn.right
    labels = drawn.right.assignments
    if (n < burnIn || (n - burnIn) % thin !== 0) continue
    kept++
    yield drawn
  }
}

/**
 * Draws from the posterior p(theta, phi, Z | X) of components, labels' parameters and labels by turns. Neighbouring draws
 * depend on each other. Errors, as the last element: those of `fit`; the components have no conjugate priors.
 * Source: Diebolt and Robert (1994); of chains, Scott, Bayesian methods for hidden Markov models (2002).
 */
export const gibbsModel: {
  <C extends ComponentTypes, L extends LabelTypes>(
    data: NoInfer<C['data']>,
    options: NoInfer<ModelGibbsOptions & L['structure']>,
  ): (model: Given<Model<C, L> & Needs<L, 'gibbs'>>) => AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void>
  <C extends ComponentTypes, L extends LabelTypes>(
    model: Given<Model<C, L> & Needs<L, 'gibbs'>>,
    data: C['data'],
    options: ModelGibbsOptions & L['structure'],
  ): AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void>
} = dual((given: never, data: never, options: never) => triedEach(drawsOf(given, data, options))) as never

async function* drawsOf<C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  data: C['data'],
  options: ModelGibbsOptions & L['structure'],
): AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void> {
  const checked = pipe(
    checkModel<Model<C, L>>(given),
    E.chainFirstW(({ labels }) =>
      checkOptions(exactly({ ...fields, ...evidenceFields, ...labels.structure }))(options),
    ),
  )
  if (E.isLeft(checked)) return yield checked
  const model = checked.right
  if (model.components.draw === undefined)
    return yield E.left({
      _tag: 'InvalidOption',
      option: 'model',
      expected: 'components with conjugate priors',
      received: 'one without',
    })
  const loaded = await pipe(
    selectExecutor(options.backend),
    TE.chainW(executor => model.components.load(executor, data)),
  )()
  if (E.isLeft(loaded)) return yield loaded
  try {
    yield* draws(model, loaded.right, options)
  } finally {
    loaded.right.dispose()
  }
}
