import { type Random, random } from '@conjugate/distributions'
import { breather, checkOptions } from '@conjugate/em'
import { anyOf, anything, exactly, oneOf, optional, whole } from '@conjugate/em/schema'
import { type BackendRequest, drawAssignments, grouped, selectExecutor, type ThreadCount } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { CONJUGATE, checkModel, without } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import type { Given } from '../door/dual.js'
import type { FitError, StepError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { forRows } from '../mixture/from-data.js'
import type { ComponentTypes, LoadedComponents } from './component-model.js'
import { heard, spokenFields } from './dialect.js'
import { inOnePass, logDensitiesOf, logPriorOf, type OpenModel } from './em-model.js'
import type { Evidence } from './evidence.js'
import type { Halves, Model, ModelParameters } from './model.js'
import { openOn } from './on-rows.js'
import { evidenceFields } from './options.js'
import { initialOf, type Start } from './start.js'

/** Options of `gibbs`; what rows are to each other comes beside them. */
export interface GibbsOptions<Parameters> extends Evidence {
  /** The seed of the start and of every draw; 0 by default. */
  readonly seed?: number
  /** How many draws are thrown away at the beginning, at most 2^20; 0 by default. */
  readonly burnIn?: number
  /** Keeps every `thin`-th draw, at most 2^20; 1 by default, which keeps all. */
  readonly thin?: number
  /** How many draws are kept; by default draws go on until no more is asked for. */
  readonly samples?: number
  /** Where the first draw starts from, or parameters to start from; `distinct-rows` by default. */
  readonly start?: Start<Parameters> | Parameters
  readonly backend?: BackendRequest
  /** The number of threads of the WebAssembly backend, or `auto`, the default. Draws have the same bits for any number. */
  readonly threads?: ThreadCount
  readonly signal?: AbortSignal
}

/** One draw from the posterior of everything that is not known. */
export type ModelDraw<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> & {
  /** The label of each of the N observations, given which the parameters were drawn; -1 where none is possible. */
  readonly assignments: Int32Array
  /** log p(X, theta) of these parameters, the objective of MAP-EM, with the labels summed out, or a bound below it. */
  readonly logJoint: number
}

/** All options of `gibbs`. */
export const gibbsFields: FieldsOf<GibbsOptions<unknown>> = {
  ...evidenceFields,
  seed: option.seed,
  burnIn: option.sweeps(0),
  thin: option.sweeps(1),
  samples: optional(anyOf('a whole number of at least 1, or Infinity', oneOf(Number.POSITIVE_INFINITY), whole(1))),
  start: anything,
  backend: option.backend,
  threads: option.threads,
  signal: option.signal,
}

/** Parameters about the centre of the computation, with what the rows say at them. */
interface Point<C extends ComponentTypes, L extends LabelTypes> {
  readonly parameters: ModelParameters<C, L>
  /** log p(X), labels summed out, or a bound below it. */
  readonly logLikelihood: () => number
  /** Draws labels given the parameters. */
  readonly sample: (random: Random, previous: Int32Array | undefined) => Int32Array
}

const sumOf = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0)

const pointAt = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
  { integer: seedBelow }: Random,
): TE.TaskEither<StepError, Point<C, L>> => {
  const one = inOnePass(open)
  if (one?.pass.draws)
    return pipe(
      one.pass.draws(parameters.components, one.weights.logWeights(parameters), seedBelow(2 ** 53)),
      TE.map(({ assignments, logLikelihood }) => ({
        parameters,
        logLikelihood: () => logLikelihood,
        sample: () => assignments,
      })),
    )
  if (one)
    return pipe(
      one.pass.prediction(parameters.components, one.weights.logWeights(parameters)),
      TE.map(({ responsibilities, logProb }) => ({
        parameters,
        logLikelihood: () => sumOf(logProb),
        sample: ({ integer }) => drawAssignments(responsibilities, integer(2 ** 53)),
      })),
    )
  const { bound } = open
  return pipe(
    logDensitiesOf(open, parameters.components),
    TE.map(logs => ({
      parameters,
      logLikelihood: () => sumOf(bound.infer(bound.potentials(parameters), logs).logLikelihoods),
      sample: (random, previous) => bound.sample(bound.potentials(parameters), logs, random, previous),
    })),
  )
}

/** N x K: 1 for the label of each row. */
const indicatorsOf = (labels: Int32Array, states: number): Float64Array => {
  const q = new Float64Array(labels.length * states)
  for (let n = 0; n < labels.length; n++) if (labels[n]! >= 0) q[n * states + labels[n]!] = 1
  return q
}

/** One sweep: labels given the parameters, then both halves of the parameters given the labels. */
const sweep = async <C extends ComponentTypes, L extends LabelTypes>(
  { components: { draw } }: Pick<Model<C, L>, 'components'>,
  open: OpenModel<C, L>,
  { parameters, sample }: Point<C, L>,
  previous: Int32Array | undefined,
  stream: Random,
): Promise<E.Either<StepError, { readonly found: ModelParameters<C, L>; readonly assignments: Int32Array }>> => {
  const { bound, loaded, states } = open
  const assignments = sample(stream, previous)
  const statistics = await (
    loaded.labelStatistics?.(parameters.components, assignments) ??
    loaded.weightedStatistics(parameters.components, indicatorsOf(assignments, states))
  )()
  if (E.isLeft(statistics)) return statistics
  const labels = bound.draw!(bound.count(assignments))(stream)
  if (E.isLeft(labels)) return labels
  const fromCentred = loaded.moves?.statisticsFromCentred
  const components = draw!(fromCentred ? statistics.right.map(fromCentred) : statistics.right)(stream)
  return E.isLeft(components)
    ? components
    : E.right({ found: { ...labels.right, components: components.right }, assignments })
}

const draws = async function* <C extends ComponentTypes, L extends LabelTypes>(
  model: Halves<C, L>,
  loaded: LoadedComponents<C>,
  options: GibbsOptions<ModelParameters<C, L>> & L['structure'],
): AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void> {
  const { seed = 0, burnIn = 0, thin = 1, samples = Number.POSITIVE_INFINITY, signal } = options
  const opened = await openOn(model, loaded, options)()
  if (E.isLeft(opened)) return yield opened
  const open = opened.right
  if (open.bound.draw === undefined) return yield without('a model of labels whose parameters can be drawn')
  const initial = await initialOf(model, open, options.start ?? { _tag: 'distinct-rows' }, random(seed))()
  if (E.isLeft(initial)) return yield initial
  const toCentred = loaded.moves?.toCentred ?? (component => component)
  const inner = (p: ModelParameters<C, L>): ModelParameters<C, L> => ({ ...p, components: p.components.map(toCentred) })
  const stream = random(seed, 1)
  let point = await pointAt(open, inner(initial.right), stream)()
  let labels: Int32Array | undefined
  const breathe = breather()
  for (let [n, kept] = [0, 0]; kept < samples; n++) {
    await breathe()
    if (signal?.aborted) return yield E.left({ _tag: 'Cancelled', iteration: n })
    if (E.isLeft(point)) return yield point
    const drawn = await sweep(model, open, point.right, labels, stream)
    if (E.isLeft(drawn)) return yield drawn
    labels = drawn.right.assignments
    point = await pointAt(open, inner(drawn.right.found), stream)()
    if (E.isLeft(point)) return yield point
    if (n < burnIn || (n - burnIn) % thin !== 0) continue
    kept++
    const { parameters, logLikelihood } = point.right
    yield E.right({
      ...drawn.right.found,
      assignments: labels,
      logJoint: logLikelihood() + logPriorOf(open)(parameters),
    })
  }
}

async function* drawsOf<C extends ComponentTypes, L extends LabelTypes>(
  model: Halves<C, L>,
  data: C['data'],
  options: GibbsOptions<ModelParameters<C, L>> & L['structure'],
): AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void> {
  if (model.components.draw === undefined) return yield without(CONJUGATE)
  const loaded = await pipe(
    selectExecutor(options.backend, options.threads),
    TE.chainW(executor => model.components.load(grouped(executor), data)),
  )()
  if (E.isLeft(loaded)) return yield loaded
  try {
    yield* draws(model, loaded.right, options)
  } finally {
    loaded.right.dispose()
  }
}

/** Draws of a model. Errors, as the last element: those of `fit`; one half cannot be drawn. */
export async function* modelDraws<C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  data: C['data'],
  options: GibbsOptions<ModelParameters<C, L>> & L['structure'],
): AsyncGenerator<E.Either<FitError, ModelDraw<C, L>>, void> {
  const checked = pipe(
    checkModel(given),
    E.chainFirstW(model => checkOptions(exactly({ ...gibbsFields, ...spokenFields(model) }))(options)),
    E.bindTo('model'),
    E.bindW('heard', ({ model }) => heard<C, typeof options>(model, data, options)),
  )
  if (E.isLeft(checked)) return yield checked
  const {
    model: { components, labels },
    heard: { data: rows, options: all, shown, told },
  } = checked.right
  const known = forRows(components, rows)
  if (E.isLeft(known)) return yield E.left(told(known.left))
  const draws = drawsOf({ components: known.right.components, labels }, known.right.source, all)
  for await (const draw of draws) yield E.isLeft(draw) ? E.left(told(draw.left)) : E.right(shown(draw.right))
}
