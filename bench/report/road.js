import { best, median } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').RoadTimes>} all */
export const roadTable = all =>
  table([
    ['work', 'by', 'best ms', 'median ms'],
    ...all.map(({ work, by, milliseconds, error }) =>
      error === undefined && milliseconds.length > 0
        ? [work, by, figure(best(milliseconds)), figure(median(milliseconds))]
        : [work, by, `not measured: ${error ?? 'nothing came'}`, ''],
    ),
  ])
