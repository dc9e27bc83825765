import type { Vector } from '@conjugate/linalg'

/** The logarithm of a positive number; NaN of any other. */
export const logOrNothing = (x: number): number => (x > 0 ? Math.log(x) : Number.NaN)

/** The logarithms of numbers, of which there may be as many as a language has words. */
export const logarithms = (values: Vector): Float64Array => {
  const logs = new Float64Array(values.length)
  for (let i = 0; i < logs.length; i++) logs[i] = Math.log(values[i]!)
  return logs
}
