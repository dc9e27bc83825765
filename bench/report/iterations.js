import { REFERENCE } from '../contestants/list.js'
import { TOLERANCE } from '../measure/agreement.js'
import { best, median } from '../measure/statistics.js'
import { bytes, operations } from '../measure/work.js'
import { ratio, resultOf } from './find.js'
import { figure, percent, table } from './markdown.js'

/**
 * @typedef {import('../types.js').DatasetResults} DatasetResults
 * @typedef {import('../types.js').Result} Result
 */

const titles = ['', 'threads', 'best ms', 'median ms', `ratio to ${REFERENCE}`, 'peak MB', 'log-likelihood']

/** @param {Result} result */
const agreement = ({ disagreement }) => {
  if (disagreement === undefined) return '-'
  return disagreement <= TOLERANCE ? 'agrees' : `DIFFERS by ${disagreement.toExponential(1)}`
}

/** @param {DatasetResults} set @returns {string} Milliseconds an iteration of each contestant. */
const datasetTable = set => {
  const ran = set.results.filter(({ milliseconds }) => milliseconds.length > 0)
  const failed = set.results.filter(({ error }) => error !== undefined)
  const rows = ran.map(result => [
    result.contestant.title,
    String(result.contestant.threads),
    figure(best(result.milliseconds)),
    figure(median(result.milliseconds)),
    figure(ratio(set, result.contestant.name, REFERENCE) ?? Number.NaN),
    figure(result.peakMegabytes ?? Number.NaN),
    agreement(result),
  ])
  const missing = failed.map(
    ({ contestant, error }) => `- not measured: ${contestant.title} (threads: ${contestant.threads}): ${error}`,
  )
  return [table([titles, ...rows]), ...(missing.length > 0 ? ['', ...missing] : [])].join('\n')
}

/** One table for each data set. @param {ReadonlyArray<DatasetResults>} datasets */
export const iterationTables = datasets =>
  datasets.map(set => `### ${set.dataset.name}\n\n${datasetTable(set)}`).join('\n\n')

/**
 * What our kernels make of the machine.
 * @param {ReadonlyArray<DatasetResults>} datasets @param {ReadonlyArray<import('../types.js').Limits>} limits
 * @param {ReadonlyArray<string>} names of contestants
 */
const shares = (datasets, limits, names) => {
  const rows = names.flatMap(name =>
    datasets.flatMap(set => {
      const result = resultOf(set, name)
      const limit = limits.find(({ threads }) => threads === result?.contestant.threads)
      if (!result || !limit) return []
      const seconds = best(result.milliseconds) / 1000
      const gigaflops = operations(set.dataset) / seconds / 1e9
      const gigabytes = bytes(set.dataset) / seconds / 1e9
      const { title, threads } = result.contestant
      return [
        [
          `${title}, ${set.dataset.name}`,
          String(threads),
          figure(gigaflops),
          percent(gigaflops / limit.gigaflops),
          figure(gigabytes),
          percent(gigabytes / limit.readGigabytes),
        ],
      ]
    }),
  )
  return table([['', 'threads', 'GFLOP/s', 'of peak', 'GB/s', 'of bandwidth'], ...rows])
}

/**
 * What the machine can do, and what our kernels make of it.
 * @param {ReadonlyArray<DatasetResults>} datasets @param {import('../types.js').Iterations['limits']} limits
 * @param {ReadonlyArray<string>} names of contestants
 */
export const limitsText = (datasets, limits, names) =>
  typeof limits === 'string'
    ? `Not measured: ${limits}`
    : [
        table([
          ['threads', 'GB/s read', 'GFLOP/s of AVX2 multiply-adds'],
          ...limits.map(l => [String(l.threads), figure(l.readGigabytes), figure(l.gigaflops)]),
        ]),
        shares(datasets, limits, names),
      ].join('\n\n')
