import { describeInvalidParameter, type InvalidParameter } from '@conjugate/distributions'
import {
  type CallbackFailed,
  describeCallbackFailed,
  describeCheckpointError,
  describeInvalidOption,
  type EMError,
} from '@conjugate/em'
import { describeExecutorError, type ExecutorError } from '@conjugate/executors'
import { describeRow, describeUnreadableData, type RaggedRows, type UnreadableData } from '@conjugate/linalg'

/** What can go wrong inside one step of EM. */
export type StepError = InvalidParameter | ExecutorError | CallbackFailed

/** Whatever can be wrong with what a model, a fit or a prediction is given, or go wrong in them. */
export type FitError =
  | StepError
  | EMError<StepError>
  | RaggedRows
  | UnreadableData
  | {
      readonly _tag: 'NoRows'
      /** How many rows there are, where all have a weight of 0. */
      readonly ofWeightZero?: number
    }
  | {
      readonly _tag: 'ColumnMismatch'
      /** D, the number of columns of the model. */
      readonly expected: number
      readonly received: number
    }
  | {
      readonly _tag: 'ImpossibleObservation'
      readonly row: number
      /** What it is known by, in a few words, where observations have keys. */
      readonly key?: string
      /** The name of a table's column. */
      readonly column?: string
      /** What was found, in a few words. */
      readonly value: string
      readonly expected: string
    }
  | {
      readonly _tag: 'RefusedCell'
      /** The key of the first row of which it is so, where rows have keys. */
      readonly key?: string
      readonly column: string
      /** What was found, in a few words. */
      readonly value: string
      readonly expected: string
      /** How many rows have such a cell in the column. */
      readonly rows: number
    }
  | { readonly _tag: 'UnreadableFit'; readonly what: string; readonly expected: string; readonly received: string }
  | { readonly _tag: 'TooFewDistinctRows'; readonly distinct: number; readonly components: number }

/** Describes an error in one line: what is wrong, where, what was expected and what was found. */
export const describeFitError = (e: FitError): string => {
  switch (e._tag) {
    case 'InvalidParameter':
      return describeInvalidParameter(e)
    case 'StepFailed':
      return `${e.step} failed in iteration ${e.iteration}: ${describeFitError(e.cause)}`
    case 'ObjectiveNotFinite':
      return `the log probability became ${e.objective} in iteration ${e.iteration}`
    case 'ObjectiveDecreased':
      return `the log probability fell from ${e.from} to ${e.to} in iteration ${e.iteration}, more than rounding (${e.rounding}) explains`
    case 'Cancelled':
      return `cancelled after iteration ${e.iteration}`
    case 'RaggedRows':
      return `${describeRow(e)} of the data has ${e.received} numbers, expected ${e.expected}`
    case 'NoRows':
      return e.ofWeightZero === undefined
        ? 'the data has no rows to draw initial means from'
        : `no row counts: the weights of all ${e.ofWeightZero} are 0`
    case 'ColumnMismatch':
      return `the data has ${e.received} columns, expected ${e.expected} as in the prior`
    case 'ImpossibleObservation':
      return describeUnreadableData({ ...e, received: e.value })
    case 'RefusedCell': {
      const others = e.rows > 1 ? ` (and ${e.rows - 1} more of the column)` : ''
      return `${e.key === undefined ? 'a row' : `the row of key ${e.key}`}, column ${JSON.stringify(e.column)}: ${e.value}, expected ${e.expected}${others}`
    }
    case 'UnreadableData':
      return describeUnreadableData(e)
    case 'UnreadableFit':
      return `the text is no fit of this model: its ${e.what} is ${e.received}, expected ${e.expected}`
    case 'TooFewDistinctRows':
      return `the data has ${e.distinct} distinct rows, expected at least ${e.components}, one for each component`
    case 'CheckpointUnreadable':
    case 'CheckpointUnwritable':
    case 'CheckpointRefused':
      return describeCheckpointError(e)
    case 'InvalidOption':
      return describeInvalidOption(e)
    case 'CallbackFailed':
      return describeCallbackFailed(e)
    case 'NoPoint':
      return 'the path of EM ended before its first point'
    default:
      return describeExecutorError(e)
  }
}
