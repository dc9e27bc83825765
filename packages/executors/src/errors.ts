import type { ExecutorError } from './executor.js'

/** One line for a person. */
export const describeExecutorError = (e: ExecutorError): string => {
  switch (e._tag) {
    case 'BackendUnavailable':
      return `backend ${e.backend} is not available: ${e.reason} (${e.hint})`
    case 'NonFiniteData':
      return `row ${e.row}, column ${e.column} is ${e.value}, expected a finite number`
    case 'InvalidRowWeight':
      return `the weight of row ${e.row} is ${e.value}, expected a nonnegative finite number`
    case 'ShapeMismatch':
      return `${e.what}: expected ${e.expected}, received ${e.received}`
    case 'ExecutionFailed':
      return `backend ${e.backend} failed: ${e.reason}`
  }
}
