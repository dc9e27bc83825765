import type { Random } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { selectExecutor, withLoaded } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { partsIn } from '../mixture/components.js'
import { forRows } from '../mixture/from-data.js'
import type { DesignMatrix, MixtureParts } from '../mixture/mixture.js'
import { startedOf } from '../mixture/start.js'
import { whileLoaded } from '../mixture/start-sums.js'
import type { AMixture, AnyMixture } from '../mixture/types.js'
import type { ComponentModel, ComponentTypes, Started } from '../model/component-model.js'
import { heard } from '../model/dialect.js'
import type { ModelParameters } from '../model/model.js'
import type { RowStart } from '../model/row-start.js'
import { initialOf, type Start, startOrParameters } from '../model/start.js'
import { sparseIn } from '../observations/data.js'
import { withValues } from '../observations/tensors.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

/** Where a mixture may start. */
type StartOf<M> = TypesOf<M>['parameters'] | Start<TypesOf<M>['parameters']>

type Parts = MixtureParts<ComponentTypes>
type Found = TE.TaskEither<FitError, Started<unknown>>

const startOfDesign = (parts: Parts, design: DesignMatrix<ComponentTypes>, from: RowStart, random: Random): Found =>
  whileLoaded(design, (rows, executor) =>
    startedOf(from, { ...rows, parts, design, rowWeights: undefined }, executor, random),
  )

const startOfLoaded = (
  components: ComponentModel<ComponentTypes>,
  rows: unknown,
  from: RowStart,
  random: Random,
): Found =>
  pipe(
    selectExecutor('auto', 1),
    TE.chainW(executor =>
      pipe(
        components.load(executor, rows),
        withLoaded(loaded => loaded.start(from, random)),
      ),
    ),
  )

/**
 * The parameters that EM starts from. Errors: there are no observations to draw from, or fewer different ones than components;
 * an index or a label is out of range; an M-step has no mode.
 */
export const initialParameters: {
  <M extends AMixture>(
    model: Given<M>,
    data: TypesOf<M>['data'],
    start: StartOf<M>,
    random: Random,
  ): TE.TaskEither<FitError, TypesOf<M>['parameters']>
  <M extends AMixture>(
    data: NoInfer<TypesOf<M>['data']>,
    start: NoInfer<StartOf<M>>,
    random: Random,
  ): (model: Given<M>) => TE.TaskEither<FitError, TypesOf<M>['parameters']>
} = dual(
  (
    given: Given<AnyMixture>,
    source: unknown,
    start: Start<ModelParameters<ComponentTypes, LabelTypes>>,
    random: Random,
  ) =>
    triedTask(() =>
      withValues(source, values =>
        pipe(
          checkMixture(given),
          E.chainFirstW(() => checkArgument('start', startOrParameters)(start)),
          E.bindTo('model'),
          E.bindW('heard', ({ model }) => heard(model, values, {})),
          E.bind('known', ({ model, heard: { data } }) => forRows(model.components, data)),
          E.bindW('rows', ({ known: { components, source: read } }) =>
            // Sparse rows, and those that lack cells, are loaded by components themselves.
            sparseIn(read) || components.incomplete
              ? E.right((from: RowStart) => startOfLoaded(components, read, from, random))
              : pipe(
                  partsIn(components).designMatrix(read),
                  E.map(design => (from: RowStart) => startOfDesign(partsIn(components), design, from, random)),
                ),
          ),
          TE.fromEither,
          TE.chain(({ model: { labels }, known: { components }, rows }) => {
            const loaded = { start: rows }
            return initialOf({ components }, { bound: labels.estimate!, loaded }, start, random)
          }),
        ),
      ),
    ),
) as never
