import { describeRow, describeUnreadableData, describeValue, inWords } from '@conjugate/linalg'
import type { ExecutorError } from './executor.js'

/** Describes an error in one line: what is wrong, where, and what helps. */
export const describeExecutorError = (e: ExecutorError): string => {
  switch (e._tag) {
    case 'BackendUnavailable':
      return `backend ${e.backend} is not available: ${e.reason} (${e.hint})`
    case 'NonFiniteData':
      return describeUnreadableData({ ...e, received: describeValue(e.value), expected: 'a finite number' })
    case 'UnreadableData':
      return describeUnreadableData(e)
    case 'InvalidRowWeight':
      return `the weight of ${describeRow(e)} is ${describeValue(e.value)}, expected a nonnegative finite number`
    case 'NonFiniteParameter':
      return `${e.parameter} of component ${e.component} holds ${describeValue(e.value)}, expected finite numbers`
    case 'ShapeMismatch':
      return `${e.what}: expected ${e.expected}, received ${inWords(e.received)}`
    case 'FactorMismatch':
      return `the densities are ${e.received}, and the rows were loaded for ${e.expected}`
    case 'Overflow': {
      const places = (['row', 'component', 'column'] as const).filter(name => e[name] !== undefined)
      const where = places.map(name => `${name} ${e[name]}`).join(', ')
      return `the ${e.what}${where && ` of ${where}`} is beyond the range of floating-point numbers: rows, weights or parameters are too large`
    }
    case 'Interrupted':
      return `${e.backend} did not finish: ${e.reason}`
    case 'ExecutionFailed':
      return `backend ${e.backend} failed: ${e.reason}`
  }
}

export const mismatch = (what: string, expected: number, received: unknown): ExecutorError => ({
  _tag: 'ShapeMismatch',
  what,
  expected,
  received: typeof received === 'number' ? received : describeValue(received),
})

/** The first pair whose lengths differ. */
export const firstMismatch = (
  lengths: ReadonlyArray<readonly [what: string, expected: number, received: unknown]>,
): ExecutorError | undefined => {
  const wrong = lengths.find(([, expected, received]) => expected !== received)
  return wrong && mismatch(...wrong)
}
