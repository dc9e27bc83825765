import { REFERENCE, withThreads } from '../contestants/list.js'
import { best } from '../measure/statistics.js'
import { ratio, resultOf } from './find.js'
import { figure, table } from './markdown.js'

/**
 * @typedef {import('../types.js').DatasetResults} DatasetResults
 * @typedef {import('../types.js').EndToEnd} EndToEnd
 * @typedef {import('../types.js').Findings} Findings
 * @typedef {{ value: number, where: string }} Found
 * @typedef {{ goal: string, wanted: string, found: number | undefined, where: string, reached: boolean }} Goal
 */

/**
 * The worst of several data sets, and which it is.
 * @param {ReadonlyArray<DatasetResults>} sets @param {(set: DatasetResults) => number | undefined} measure
 * @param {1 | -1} sign 1 where more is better
 */
const worst = (sets, measure, sign) =>
  sets
    .flatMap(set => {
      const value = measure(set)
      return value === undefined ? [] : [{ value, where: set.dataset.name }]
    })
    .sort((a, b) => sign * (a.value - b.value))
    .at(0)

/** @param {string} goal @param {number} limit @param {Found | undefined} found @returns {Goal} */
const atLeast = (goal, limit, found) => ({
  goal,
  wanted: `at least ${limit}`,
  found: found?.value,
  where: found?.where ?? '',
  reached: found !== undefined && found.value >= limit,
})

/** @param {string} goal @param {number} limit @param {Found | undefined} found @returns {Goal} */
const atMost = (goal, limit, found) => ({
  goal,
  wanted: `at most ${limit}`,
  found: found?.value,
  where: found?.where ?? '',
  reached: found !== undefined && found.value <= limit,
})

/** @param {ReadonlyArray<DatasetResults>} all @param {number} columns */
const scikitLearn = (all, columns) =>
  worst(
    all.filter(({ dataset }) => dataset.columns === columns),
    set => ratio(set, 'scikit-learn', REFERENCE),
    1,
  )

/** @param {ReadonlyArray<DatasetResults>} all @param {number} threads */
const armadillo = (all, threads) =>
  worst(all, set => ratio(set, withThreads('armadillo', threads), withThreads(REFERENCE, threads)), 1)

const LARGE = '1000000x3 K=8'

/** @param {ReadonlyArray<DatasetResults>} all */
const memory = all => {
  const set = all.find(({ dataset }) => dataset.name === LARGE)
  const value = set && resultOf(set, REFERENCE)?.peakMegabytes
  return value === undefined ? undefined : { value, where: LARGE }
}

/** @param {ReadonlyArray<EndToEnd>} rows @param {string} part of what was measured */
const seconds = (rows, part) => {
  const row = rows.find(({ what, seconds }) => what.includes(part) && seconds.length > 0)
  return row && { value: best(row.seconds), where: 'fox' }
}

/** What an import adds to a process that does nothing. @param {ReadonlyArray<EndToEnd>} rows */
const importing = rows => {
  const [nothing, all] = [seconds(rows, 'node -e 0'), seconds(rows, "import '@conjugate")]
  return nothing && all && { value: 1000 * (all.value - nothing.value), where: 'cold' }
}

/** @param {Findings['foregrounds']} all @param {string} photo @param {string} who */
const foregroundOf = (all, photo, who) => {
  const row = all.find(one => one.photo.startsWith(photo) && one.contestant.startsWith(who))
  return row === undefined || row.milliseconds.length === 0 ? undefined : best(row.milliseconds)
}

/** @param {Findings['foregrounds']} all @param {string} photo */
const ofOurs = (all, photo) => {
  const value = foregroundOf(all, photo, 'ours')
  return value === undefined ? undefined : { value, where: photo }
}

/** @param {Findings['foregrounds']} all @param {string} photo */
const grabCut = (all, photo) => {
  const [own, other] = [foregroundOf(all, photo, 'ours'), foregroundOf(all, photo, 'cv2')]
  return own === undefined || other === undefined ? undefined : { value: other / own, where: photo }
}

/** The goals as a table: the worst data set counts. @param {Findings} findings */
export const goalTable = ({ datasets: all, endToEnd, foregrounds, installed }) => {
  const two = withThreads(REFERENCE, 2)
  const goals = [
    atLeast('scikit-learn / ours at D=3, 1 thread', 25, scikitLearn(all, 3)),
    atLeast('scikit-learn / ours at D=16, 1 thread', 3, scikitLearn(all, 16)),
    atLeast('scikit-learn / ours at D=32, 1 thread', 2, scikitLearn(all, 32)),
    atLeast('Armadillo / ours, 1 thread', 1, armadillo(all, 1)),
    atLeast('Armadillo / ours, 2 threads', 1, armadillo(all, 2)),
    atMost(
      'ours / C with AVX2, 1 thread',
      2.7,
      worst(all, set => ratio(set, REFERENCE, 'avx2'), -1),
    ),
    atLeast(
      'ours with 1 thread / ours with 2',
      1.8,
      worst(all, set => ratio(set, REFERENCE, two), 1),
    ),
    atLeast('cv2.grabCut / ours, CPU time', 2, grabCut(foregrounds, 'zebra')),
    atMost('foreground of the fox, ms of CPU time', 500, ofOurs(foregrounds, 'fox')),
    atMost('`segment fox`, seconds of 100 iterations', 0.15, seconds(endToEnd, '100 iterations')),
    atMost('`pnpm segment fox`, seconds', 0.5, seconds(endToEnd, 'whole command')),
    atMost("`import '@conjugate/models'`, ms", 100, importing(endToEnd)),
    atMost('packages installed for a mixture', 15, { value: installed.packages, where: 'npm' }),
    atMost('MB on a disk, installed for a mixture', 12, { value: installed.megabytes, where: 'npm' }),
    atMost(`peak MB of ours at ${LARGE}`, 150, memory(all)),
  ]
  return table([
    ['goal', 'wanted', 'found', 'where', ''],
    ...goals.map(({ goal, wanted, found, where, reached }) =>
      found === undefined
        ? [goal, wanted, '-', '', 'not measured']
        : [goal, wanted, figure(found), where, reached ? 'reached' : 'NOT reached'],
    ),
  ])
}
