import { best } from '../measure/statistics.js'

/** @param {import('../types.js').DatasetResults} results @param {string} name of a contestant */
export const resultOf = ({ results }, name) =>
  results.find(({ contestant, milliseconds }) => contestant.name === name && milliseconds.length > 0)

/**
 * The best time of a contestant over that of another, if both have one.
 * @param {import('../types.js').DatasetResults} set @param {string} name @param {string} other
 */
export const ratio = (set, name, other) => {
  const [a, b] = [resultOf(set, name), resultOf(set, other)]
  return a && b ? best(a.milliseconds) / best(b.milliseconds) : undefined
}
