/** Whole numbers from 0 to below a bound, the same everywhere. */
export const wholeNumbers = (seed: number): ((bound: number) => number) => {
  let state = seed >>> 0
  return bound => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(((state >>> 8) / 2 ** 24) * bound)
  }
}
