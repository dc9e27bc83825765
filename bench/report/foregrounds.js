import { best, median } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<import('../types.js').ForegroundTimes>} all */
export const foregroundTable = all => {
  const shown = (/** @type {ReadonlyArray<number>} */ values, /** @type {typeof best} */ of) =>
    values.length === 0 ? '-' : figure(of(values))
  return table([
    ['photo', 'by', 'best ms', 'median ms', 'stroke ms'],
    ...all.map(({ photo, contestant, milliseconds, strokes, error }) =>
      error === undefined
        ? [photo, contestant, shown(milliseconds, best), shown(milliseconds, median), shown(strokes, best)]
        : [photo, contestant, `not measured: ${error}`, '', ''],
    ),
  ])
}
