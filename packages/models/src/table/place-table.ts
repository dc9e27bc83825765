import { type Densities, wasm, withLoaded } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import type { Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { loadedOf, partsIn } from '../mixture/components.js'
import { forFit } from '../mixture/from-data.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { Model, ModelParameters } from '../model/model.js'
import { onOpen, openOn } from '../model/on-rows.js'
import { weightsOf } from '../model/predict.js'
import { checkedParameters, inside } from '../model/start.js'
import { fitLoaded, type TableFitOptions } from './fit.js'
import { type FitTable, fitting, type Table } from './is-table.js'
import { dataOfCells, loadPlace, rowsOfPlace } from './load-place.js'
import { wholly } from './loaded-table.js'
import type { Place, Said } from './place.js'
import { type Stops, stopping } from './stopping.js'

/** Observations that stay where they are, for `fit`. */
export interface PlaceTable<Block> extends Table<Block> {
  readonly place: Place
}

const fitPlace = <C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  { place }: PlaceTable<unknown>,
  options: TableFitOptions<C, L>,
): TE.TaskEither<FitError, unknown> => {
  const stops = stopping(options)
  return fitLoaded(given, options, place.backend, components => loadPlace(components, place, options.seed ?? 0, stops))
}

/**
 * Observations that stay where they are, for `fit` of mixtures: those who have them say how they are counted, drawn and summed.
 * What they bring is not read block by block.
 */
export const placeTable = <Block>(place: Place): PlaceTable<Block> => ({
  [fitting]: fitPlace as unknown as FitTable,
  read: () => {
    throw new Error('the rows stay where they are: none of them come here')
  },
  place,
})

/**
 * Says something of each observation of a place by a fitted mixture, there: nothing of it comes here but how many they were.
 * `target` is for the place to read. Errors: the parameters are none of the model's; cells that are none; those of the place.
 */
export const writeToPlace = <C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  fitted: ModelParameters<C, L>,
  table: PlaceTable<unknown>,
  options: { readonly said: Said; readonly target: unknown } & Stops,
): TE.TaskEither<FitError, number> => triedTask(() => write(given, fitted, table, options))

const write = <C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  fitted: ModelParameters<C, L>,
  { place }: PlaceTable<unknown>,
  { said, target, ...options }: { readonly said: Said; readonly target: unknown } & Stops,
): TE.TaskEither<FitError, number> => {
  const stops = stopping(options)
  return pipe(
    checkMixture(given) as unknown as E.Either<FitError, Model<C, L>>,
    E.bindTo('model'),
    E.bind('components', ({ model }) => forFit(model.components, fitted)),
    E.bind('about', ({ model, components }) => weightsOf({ components, labels: model.labels }, fitted)),
    E.let('parts', ({ components }) => partsIn(components as never)),
    E.bind('plan', ({ parts }) => parts.plan(place.columns)),
    // Of no observations the centre is that of the components.
    E.bind('design', ({ parts, plan, about: { components, weights } }) =>
      parts.designMatrix(
        dataOfCells(
          plan,
          plan.cells.map(() => new Float64Array(0)),
        ),
        {
          fitted: { components, weights: weights ?? new Float64Array(components.length).fill(1) },
        },
      ),
    ),
    E.bind('centred', ({ parts, design }) => parts.plan(place.columns, design.centre)),
    TE.fromEither,
    TE.bindW('executor', () => wasm),
    TE.chainW(
      ({ model, components, parts, plan, design, centred, executor }) =>
        () =>
          stops.during(signal =>
            pipe(
              place.survey(plan, { spread: false }, signal),
              TE.bindTo('survey'),
              TE.bindW('open', ({ survey }) => place.open(centred, survey, signal)),
              TE.chainW(({ survey, open }) => {
                let count = 0
                const rows = {
                  ...rowsOfPlace(open, { rows: survey.rows, columns: design.rows.columns }, stops),
                  // What was written comes in place of the assignments; errors of the place are those of a step.
                  assignments: (densities: Densities) =>
                    pipe(
                      open.write(said, densities, target, signal),
                      TE.map(found => {
                        count = found
                        return new Int32Array(0)
                      }),
                    ) as TE.TaskEither<never, Int32Array>,
                }
                return pipe(
                  TE.right(
                    loadedOf<ComponentTypes>(
                      { parts, design, observed: wholly, rows, rowWeights: undefined, beside: {}, spacing: 0 },
                      executor,
                    ),
                  ),
                  withLoaded(there =>
                    pipe(
                      openOn<C, L>({ components, labels: model.labels } as never, there as never, {} as never),
                      TE.chainW(bound =>
                        pipe(
                          TE.fromEither(
                            pipe(checkedParameters({ components }, bound, fitted), E.mapLeft(inside('parameters'))),
                          ),
                          TE.chainW(checked => onOpen(bound).assignments(checked)),
                        ),
                      ),
                    ),
                  ),
                  TE.map(() => count),
                )
              }),
            )(),
          ),
    ),
  )
}
