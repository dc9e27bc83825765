import type { Random } from '@conjugate/distributions'
import { invalidOption } from '@conjugate/em'
import { anyNumber, anything, atLeast, exactly, numbers, type Schema, tagged, text } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { matrixOf } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import type { LabelEstimate, LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes, LoadedComponents } from './component-model.js'
import type { Model, ModelParameters } from './model.js'
import type { RowStart } from './row-start.js'

/** Where EM starts: see {@link RowStart}; with `parameters` everything is given. */
export type Start<Parameters> = RowStart | { readonly _tag: 'parameters'; readonly parameters: Parameters }

/**
 * N x K nonnegative numbers. They need not sum to 1: those of a row are what it counts for each component in the M-step, which
 * may be less where the rest is noise, and nothing where it is to have no say.
 */
const shares: Schema = matrixOf(atLeast(0))

const startKind = (fields: Readonly<Record<string, Schema>> = {}): Schema =>
  exactly({ _tag: text, ...fields }, 'a start')

/** Whether a start is told by its kind, and is not parameters. */
export const isTagged = (start: unknown): boolean => typeof start === 'object' && start !== null && '_tag' in start

/** A start, or parameters as told to start from. Whether its rows are there is told by who has them. */
export const startSchema = (parameters: Schema): Schema => {
  const tags = tagged(
    {
      'distinct-rows': startKind(),
      'random-rows': startKind(),
      'k-means': startKind(),
      rows: startKind({ indices: numbers(anyNumber) }),
      labels: startKind({ labels: numbers(anyNumber) }),
      responsibilities: startKind({ responsibilities: shares }),
      parameters: startKind({ parameters }),
    },
    "a start, such as { _tag: 'k-means' }, or parameters",
  )
  return value =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isTagged(value)
      ? parameters(value)
      : tags(value)
}

/** A start, or parameters that are checked by the halves of a model. */
export const startOrParameters: Schema = startSchema(anything)

/** What is learnt of both halves, checked by each. Errors: what is wrong, by its place in `option`. */
export const checkedParameters = <C extends ComponentTypes, L extends LabelTypes>(
  { components }: Pick<Model<C, L>, 'components'>,
  { bound }: { readonly bound: Pick<LabelEstimate<L['labels'], L['counts']>, 'check'> },
  given: { readonly components?: unknown } | undefined,
): E.Either<FitError, ModelParameters<C, L>> =>
  pipe(
    E.Do,
    E.bind('components', () => components.check(given?.components)),
    E.bind('labels', () => bound.check(given)),
    E.map(({ labels, components: checked }): ModelParameters<C, L> => ({ ...labels, components: checked })),
  )

/** The same error, whose place is told from where the parameters were given. */
export const inside =
  (place: string) =>
  (error: FitError): FitError =>
    error._tag === 'InvalidOption' ? { ...error, option: error.option.replace(/^start/, place) } : error

/** The parameters that a restart begins with, in the coordinates of the observations. Errors: those of the start. */
export const initialOf = <C extends ComponentTypes, L extends LabelTypes>(
  model: Pick<Model<C, L>, 'components'>,
  open: {
    readonly bound: LabelEstimate<L['labels'], L['counts']>
    readonly loaded: Pick<LoadedComponents<C>, 'start'>
  },
  start: Start<ModelParameters<C, L>> | ModelParameters<C, L>,
  random: Random,
): TE.TaskEither<FitError, ModelParameters<C, L>> => {
  const { bound, loaded } = open
  if (!isTagged(start)) return TE.fromEither(allowed(checkedParameters(model, open, start as ModelParameters<C, L>)))
  const tagged = start as Start<ModelParameters<C, L>>
  if (tagged._tag === 'parameters')
    return TE.fromEither(
      pipe(allowed(checkedParameters(model, open, tagged.parameters)), E.mapLeft(inside('start.parameters'))),
    )
  return pipe(
    loaded.start(tagged, random),
    TE.bindTo('found'),
    TE.bindW('labels', ({ found: { counts } }) =>
      TE.fromEither(
        counts && bound.groupWeights?.count === 1
          ? bound.maximize(bound.groupWeights.counts(counts), bound.initial)
          : E.right(bound.initial),
      ),
    ),
    TE.map(({ found, labels }): ModelParameters<C, L> => ({ ...labels, components: found.components })),
  )

  function allowed(checked: E.Either<FitError, ModelParameters<C, L>>): E.Either<FitError, ModelParameters<C, L>> {
    if (E.isLeft(checked) || bound.logPrior(checked.right) > Number.NEGATIVE_INFINITY) return checked
    return invalidOption(
      'start',
      'probabilities that the prior allows',
      'some of 0, which it forbids (a concentration of 0 asks for them)',
    )
  }
}
