import { checkOptions } from '@conjugate/em'
import { anything, exactly, optional } from '@conjugate/em/schema'
import type { Executor } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { labelsFixed } from '../checks/fixed.js'
import { triedEach, triedTask } from '../checks/functions.js'
import { checkModel } from '../checks/model.js'
import * as option from '../checks/options.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { forRows } from '../mixture/from-data.js'
import type { Fittable } from '../mixture/types.js'
import type { ComponentTypes } from '../model/component-model.js'
import { heard, structureFields } from '../model/dialect.js'
import type { OpenModel } from '../model/em-model.js'
import { checkFixed } from '../model/fixed.js'
import type { Halves, Model } from '../model/model.js'
import { type ModelOnRows, onOpen, openOn } from '../model/on-rows.js'
import { evidenceFields } from '../model/options.js'
import { readRowWeights } from '../observations/rows.js'
import { withValues } from '../observations/tensors.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

const checkPath = checkOptions(
  exactly({ acceleration: option.acceleration, fixed: optional(labelsFixed), position: anything }),
)

/** What can be asked of a model on rows, where options that are none and functions that throw are errors. */
const checking = <C extends ComponentTypes, L extends LabelTypes>(
  halves: Halves<C, L>,
  open: OpenModel<C, L>,
): ModelOnRows<C, L> => {
  const bound = onOpen(open)
  return {
    ...bound,
    get backend() {
      return bound.backend
    },
    iterations: async function* (initial, options = {}) {
      const checked = pipe(
        checkPath(options),
        E.chainW(() => checkFixed(halves, open, options.fixed)(initial)),
      )
      if (E.isLeft(checked)) yield checked as never
      else yield* triedEach(bound.iterations(initial, options))
    },
    expect: p => triedTask(() => bound.expect(p)),
    logJoint: p => triedTask(() => bound.logJoint(p)),
    responsibilities: p => triedTask(() => bound.responsibilities(p)),
    assignments: p => triedTask(() => bound.assignments(p)),
    logProb: p => triedTask(() => bound.logProb(p)),
    predict: p => triedTask(() => bound.predict(p)),
  }
}

const loaded = (
  given: Given<Model<ComponentTypes, LabelTypes>>,
  data: unknown,
  executor: Executor,
  options: object = {},
): TE.TaskEither<FitError, ModelOnRows<ComponentTypes, LabelTypes>> =>
  pipe(
    checkModel(given),
    E.chainFirstW(model => checkOptions(exactly({ ...evidenceFields, ...structureFields(model) }))(options)),
    E.bindTo('model'),
    E.bindW('heard', ({ model }) => heard<ComponentTypes, { readonly rowWeights?: unknown }>(model, data, options)),
    E.bindW('rowWeights', ({ heard: { options: all } }) => readRowWeights(all.rowWeights)),
    E.bindW('known', ({ model, heard: { data: rows }, rowWeights }) => forRows(model.components, rows, rowWeights)),
    TE.fromEither,
    TE.chain(({ model: { labels }, heard: { options: all }, rowWeights, known: { components, source } }) =>
      pipe(
        components.load(executor, source, rowWeights && { rowWeights }),
        TE.chain(rows => openOn({ components, labels }, rows, { ...all, rowWeights })),
        TE.map(open => checking({ components, labels }, open)),
      ),
    ),
  )

/**
 * Loads observations for a model, with what they are to each other and what is known of their labels as options. Rows of weight 0
 * have no influence on anything but what is said of themselves. Parameters of a hidden Markov model are those of components
 * under labels here. Errors: the observations are none of the model's, for example of another number of columns; those of the
 * executor.
 */
export const onRows: {
  <M extends Fittable>(
    model: Given<M>,
    data: TypesOf<M>['data'],
    executor: Executor,
    ...options: TypesOf<M>['rowOptions']
  ): TE.TaskEither<FitError, TypesOf<M>['onRows']>
  <M extends Fittable>(
    data: NoInfer<TypesOf<M>['data']>,
    executor: Executor,
    ...options: NoInfer<TypesOf<M>['rowOptions']>
  ): (model: Given<M>) => TE.TaskEither<FitError, TypesOf<M>['onRows']>
} = dual((given: never, data: unknown, executor: Executor, options?: object) =>
  triedTask(() => withValues(data, read => loaded(given, read, executor, options))),
) as never
