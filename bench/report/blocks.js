import { best } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @typedef {ReadonlyArray<import('../types.js').BlocksTimes>} All */

/** @param {All} all @param {string} shape @param {string} work */
const bestOf = (all, shape, work) => {
  const row = all.find(one => one.shape.includes(shape) && one.work === work && one.error === undefined)
  return row === undefined || row.milliseconds.length === 0 ? undefined : best(row.milliseconds)
}

/** How much more an E-step takes than over rows in memory. @param {All | undefined} all @param {string} shape @param {string} work */
export const timesInMemory = (all, shape, work) => {
  const [own, whole] = [bestOf(all ?? [], shape, work), bestOf(all ?? [], shape, 'in memory')]
  return own === undefined || whole === undefined ? undefined : { value: own / whole, where: shape }
}

/** @param {All} all */
export const blocksTable = all =>
  table([
    ['rows', 'where they are', 'best ms', 'times in memory'],
    ...all.map(({ shape, work, milliseconds, error }) =>
      error === undefined && milliseconds.length > 0
        ? [shape, work, figure(best(milliseconds)), figure(timesInMemory(all, shape, work)?.value ?? Number.NaN)]
        : [shape, work, `not measured: ${error ?? 'nothing came'}`, ''],
    ),
  ])
