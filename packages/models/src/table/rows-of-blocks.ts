import type { ExecutorError, LoadedBlocks, LoadedRows } from '@conjugate/executors'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describeFitError, type FitError } from '../errors.js'
import { byName } from '../observations/named.js'
import type { OpenTable } from './blocks.js'
import { asRows } from './loaded-table.js'
import type { Stopping } from './stopping.js'

/** Runs something that reads a table until it is stopped. */
export const reading = <A>(table: OpenTable, stops: Stopping, run: (signal: AbortSignal) => Promise<A>): Promise<A> =>
  stops.during(signal => {
    table.signal = signal
    return run(signal)
  })

/** What densities are to blame for; all else is that of the rows, or of where they are. */
const OF_DENSITIES: ReadonlySet<string> = new Set(['Overflow', 'NonFiniteParameter', 'FactorMismatch', 'Interrupted'])

/** A pass that broke off because of the table or the scratch: the point before it stands, and the same step may be taken again. */
const brokenOff =
  ({ names }: OpenTable) =>
  (error: FitError): ExecutorError =>
    OF_DENSITIES.has(error._tag)
      ? (error as ExecutorError)
      : {
          _tag: 'Interrupted',
          backend: 'the table',
          reason: describeFitError(names ? byName(names)(error) : error),
        }

/** What can be asked of rows in blocks: errors of the table, which is read again, are those of a step. */
export const rowsOfBlocks = (blocks: LoadedBlocks<FitError>, table: OpenTable, stops: Stopping): LoadedRows =>
  asRows(blocks, {
    ranOn: () => blocks.description,
    expectation: densities => () =>
      reading(table, stops, signal => pipe(blocks.expectation(densities, signal), TE.mapLeft(brokenOff(table)))()),
    dispose: () => {
      stops.stop()
      void blocks.dispose()
    },
  })
