import { best, median } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').EndToEnd>} all */
export const endsTable = all =>
  [
    table([
      ['', 'best s', 'median s'],
      ...all
        .filter(({ seconds }) => seconds.length > 0)
        .map(({ what, seconds }) => [what, figure(best(seconds)), figure(median(seconds))]),
    ]),
    ...all.flatMap(({ what, error }) => (error === undefined ? [] : [`\n- not measured: ${what}: ${error}`])),
  ].join('\n')
