import { allOf, is, object, oneOf, type Schema } from '@conjugate/em/schema'
import { describeFitError, type FitError } from '../errors.js'

/** All kinds of errors; the compiler asks for those that are missing. */
const tags: { readonly [T in FitError['_tag']]: true } = {
  BackendUnavailable: true,
  CallbackFailed: true,
  Cancelled: true,
  CheckpointRefused: true,
  CheckpointUnreadable: true,
  CheckpointUnwritable: true,
  ColumnMismatch: true,
  ExecutionFailed: true,
  FactorMismatch: true,
  ImpossibleObservation: true,
  InvalidOption: true,
  InvalidParameter: true,
  Interrupted: true,
  InvalidRowWeight: true,
  NoPoint: true,
  NoRows: true,
  NonFiniteData: true,
  NonFiniteParameter: true,
  ObjectiveDecreased: true,
  ObjectiveNotFinite: true,
  Overflow: true,
  RaggedRows: true,
  RefusedCell: true,
  ShapeMismatch: true,
  StepFailed: true,
  TooFewDistinctRows: true,
  UnreadableData: true,
  UnreadableFit: true,
}

/** An error as a saved fit holds it: one of them, with all that its description tells. */
export const anError: Schema = allOf(
  object({ _tag: oneOf(...Object.keys(tags)) }, 'an error'),
  is('an error with all its parts', value => {
    try {
      return !/undefined|\[object/.test(describeFitError(value as FitError))
    } catch {
      return false
    }
  }),
)
