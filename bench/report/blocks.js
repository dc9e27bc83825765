import { best } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @typedef {ReadonlyArray<import('../types.js').BlocksTimes>} All */

/** How much more an E-step takes than over the same rows in memory. @param {All} all @param {All[number]} row */
const timesInMemory = (all, { shape, milliseconds, error }) => {
  const whole = all.find(one => one.shape === shape && one.work === 'in memory')
  if (error !== undefined || milliseconds.length === 0 || whole === undefined || whole.milliseconds.length === 0)
    return undefined
  return best(milliseconds) / best(whole.milliseconds)
}

/** The same of every row of so many columns whose work begins so. @param {All} all @param {number} columns @param {string} work */
export const passesOf = (all, columns, work) =>
  all
    .filter(one => one.shape.includes(`x ${columns},`) && one.work.startsWith(work))
    .map(one => {
      const value = timesInMemory(all, one)
      return value === undefined ? undefined : { value, where: `${one.shape}: ${one.work}` }
    })

/** @param {All} all */
export const blocksTable = all =>
  table([
    ['rows', 'where they are', 'best ms', 'times in memory'],
    ...all.map(row => {
      const { shape, work, milliseconds, error } = row
      return error === undefined && milliseconds.length > 0
        ? [shape, work, figure(best(milliseconds)), figure(timesInMemory(all, row) ?? Number.NaN)]
        : [shape, work, `not measured: ${error ?? 'nothing came'}`, '']
    }),
  ])
