import { best } from '../measure/statistics.js'
import { figure, table } from './markdown.js'

/** @param {ReadonlyArray<number>} values */
const shown = values => (values.length === 0 ? '-' : figure(best(values)))

/** @param {ReadonlyArray<number>} one @param {ReadonlyArray<number>} other */
const ratio = (one, other) => (one.length === 0 || other.length === 0 ? '-' : `${figure(best(one) / best(other))}x`)

/** @param {ReadonlyArray<import('../types.js').ApartTimes>} all */
export const apartTable = all =>
  table([
    ['rows', 'clusters', 'everything', 'steady', 'gain', 'gain of a fit', 'scikit-learn', 'over steady', 'over fit'],
    ...all.map(({ rows, columns, components, clusters, times: { everything, skipping, 'scikit-learn': peer } }) => [
      `${rows}x${columns} K=${components}`,
      clusters,
      shown(everything.steady),
      shown(skipping.steady),
      ratio(everything.steady, skipping.steady),
      ratio(everything.fit, skipping.fit),
      peer.error === undefined ? shown(peer.fit) : 'not measured',
      ratio(peer.fit, skipping.steady),
      ratio(peer.fit, skipping.fit),
    ]),
  ])
