import { best, median } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').DocumentTimes>} all */
export const documentTable = all =>
  table([
    ['data', 'by', 'best ms', 'median ms', 'peak MB'],
    ...all.map(({ name, by, milliseconds, peak, error }) =>
      error === undefined && milliseconds.length > 0
        ? [name, by, figure(best(milliseconds)), figure(median(milliseconds)), figure(peak)]
        : [name, by, `not measured: ${error ?? 'nothing came'}`, '', ''],
    ),
  ])
