// What every call promises, whatever it is given.
import { describeInvalidParameter } from '@conjugate/distributions'
import { describeCheckpointError } from '@conjugate/em'
import { describeExecutorError } from '@conjugate/executors'
import { describeFitError } from '@conjugate/models'

/** The path of the first NaN in a result, if there is one. */
export const nanIn = (value, path = 'result', seen = new Set()) => {
  if (typeof value === 'number') return Number.isNaN(value) ? path : undefined
  if (value === null || typeof value !== 'object' || seen.has(value)) return undefined
  seen.add(value)
  const keys = ArrayBuffer.isView(value) ? Array.from({ length: value.length ?? 0 }, (_, i) => i) : Object.keys(value)
  for (const key of keys.slice(0, 5000)) {
    const found = nanIn(value[key], `${path}.${key}`, seen)
    if (found !== undefined) return found
  }
  return undefined
}

const LONGEST = 500

/** What is wrong with the line that tells a person of an error, if anything. */
const wrongLine = left => {
  const describe = [describeFitError, describeInvalidParameter, describeExecutorError, describeCheckpointError]
  if (typeof left === 'string') return undefined
  if (typeof left?._tag !== 'string') return 'a Left without a tag'
  const lines = describe.map(f => f(left))
  const line = lines.find(l => typeof l === 'string' && !l.startsWith('undefined'))
  if (typeof line !== 'string' || line === '') return `no line for ${left._tag}`
  if (/\n/.test(line)) return `more than one line: ${line.slice(0, 100)}`
  if (line.length > LONGEST) return `a line of ${line.length} characters: ${line.slice(0, 100)}`
  return /\[object|undefined is|is undefined, expected undefined/.test(line) ? `an odd line: ${line}` : undefined
}

/**
 * What is wrong with a result, if anything: it is an Either, a Left can be told in one line, a Right holds no NaN unless NaN is
 * a number there.
 */
export const wrongResult = (result, { isTold = true, mayHoldNaN = false } = {}) => {
  if (result?._tag === 'Left') return isTold ? wrongLine(result.left) : undefined
  if (result?._tag !== 'Right') return 'no Either'
  const nan = mayHoldNaN ? undefined : nanIn(result.right)
  return nan === undefined ? undefined : `NaN at ${nan}`
}
