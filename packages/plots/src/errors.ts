import { type CallbackFailed, describeCallbackFailed, describeInvalidOption, type InvalidOption } from '@conjugate/em'
import { describeUnreadableData, type UnreadableData } from '@conjugate/linalg'

/**
 * Why there is no drawing: data that is no numbers or has other lengths, an option that cannot be, or a density of the caller's
 * that threw.
 */
export type PlotError = UnreadableData | InvalidOption | CallbackFailed

/** Describes the error in one line: what, where, what was expected there and what was found. */
export const describePlotError = (e: PlotError): string => {
  switch (e._tag) {
    case 'InvalidOption':
      return describeInvalidOption(e)
    case 'CallbackFailed':
      return describeCallbackFailed(e)
    default:
      return describeUnreadableData(e)
  }
}
