import { random } from '@conjugate/distributions'
import { checkOptions } from '@conjugate/em'
import { exactly } from '@conjugate/em/schema'
import { withLoaded } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkMixture, without } from '../checks/model.js'
import type { Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes } from '../model/component-model.js'
import { fitOpen, type ModelFit } from '../model/fit.js'
import { fitFields, type ModelFitOptions } from '../model/fit-options.js'
import type { Model } from '../model/model.js'
import { openOn } from '../model/on-rows.js'
import type { Table } from './is-table.js'
import { loadTable } from './load.js'
import type { Components, LoadedTable } from './loaded-table.js'
import { stopping } from './stopping.js'

/** Options of `fit` that are none of single rows, nor of how rows are held in memory. */
const OF_TABLES = [
  'iterations',
  'tolerance',
  'seed',
  'restarts',
  'start',
  'acceleration',
  'fixed',
  'order',
  'stop',
  'timeLimit',
  'checkpoint',
  'onIteration',
  'signal',
  'threads',
] as const

/** Options of `fit` where observations are in a table. A start is made of at most 65,536 of them, drawn at random by the seed. */
export type TableFitOptions<C extends ComponentTypes, L extends LabelTypes> = Pick<
  ModelFitOptions<C, L>,
  (typeof OF_TABLES)[number]
>

/** A fit to a table: all but what is said of single observations, which `predict` says of any block. */
export type TableFit<C extends ComponentTypes, L extends LabelTypes> = Omit<
  ModelFit<C, L>,
  'assignments' | 'distinctRows' | 'logLikelihoods'
> & {
  /** How many observations count, those of weight 0 left out. */
  readonly rows: number
}

/** What is said of a fit that was cancelled before it began. */
const cancelled: FitError = { _tag: 'Cancelled', iteration: 0 }

/** How much of the time is left when rows have been read. */
const timeLeft = ({ timeLimit }: { readonly timeLimit?: number }): (() => { readonly timeLimit?: number }) => {
  const began = performance.now()
  return () => (timeLimit === undefined ? {} : { timeLimit: Math.max(0, timeLimit - (performance.now() - began)) })
}

const tableFields = Object.fromEntries(OF_TABLES.map(name => [name, fitFields[name]]))

/** Fits a mixture to rows that are loaded by its components. */
export const fitLoaded = <C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  options: TableFitOptions<C, L>,
  backend: string,
  load: (components: Components) => TE.TaskEither<FitError, LoadedTable>,
): TE.TaskEither<FitError, TableFit<C, L>> =>
  pipe(
    checkMixture(given) as unknown as E.Either<FitError, Model<C, L>>,
    E.chainFirst(({ labels }) => (labels.isShared ? E.right(undefined) : without('the same weights for all rows'))),
    E.chainFirstW(() => checkOptions(exactly(tableFields))(options)),
    TE.fromEither,
    TE.bindTo('model'),
    TE.let('left', () => timeLeft(options)),
    TE.chain(({ model, left }) =>
      pipe(
        load(model.components as never),
        TE.mapLeft(error => (error._tag === 'Interrupted' && options.signal?.aborted ? cancelled : error)),
        TE.chain(({ components, loaded, rows, prior, names }) =>
          pipe(
            TE.right(loaded),
            withLoaded(there =>
              pipe(
                openOn<C, L>({ components, labels: model.labels } as never, there as never, {} as never),
                TE.chain(open =>
                  fitOpen(
                    { components, labels: model.labels } as never,
                    open,
                    backend,
                    { ...options, ...left() } as never,
                    () => TE.right(new Int32Array(0)),
                  ),
                ),
              ),
            ),
            TE.map(({ assignments: _, distinctRows: _distinct, ...fitted }) => ({
              ...fitted,
              rows,
              ...(prior !== undefined && { prior }),
              ...(names && { columns: names }),
            })),
          ),
        ),
        TE.map(fitted => fitted as unknown as TableFit<C, L>),
      ),
    ),
  )

/** Fits a mixture to a table. Errors: see `fit`; the model is no mixture; those of reading the table and of its scratch. */
export const fitTable = <C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  table: Table<unknown>,
  options: TableFitOptions<C, L>,
): TE.TaskEither<FitError, TableFit<C, L>> =>
  fitLoaded(given, options, 'wasm', components =>
    loadTable(components, table, random(options.seed ?? 0), stopping(options), options.threads),
  )
