import { REFERENCE, withThreads } from '../contestants/list.js'
import { best } from '../measure/statistics.js'
import { passesOf } from './blocks.js'
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
 * The worst of several figures.
 * @param {ReadonlyArray<Found | undefined>} all
 * @param {1 | -1} sign 1 where more is better
 */
const worstOf = (all, sign) =>
  all
    .flatMap(one => (one === undefined ? [] : [one]))
    .sort((a, b) => sign * (a.value - b.value))
    .at(0)

/**
 * The worst of several data sets, and which it is.
 * @param {ReadonlyArray<DatasetResults>} sets @param {(set: DatasetResults) => number | undefined} measure
 * @param {1 | -1} sign 1 where more is better
 */
const worst = (sets, measure, sign) =>
  worstOf(
    sets.map(set => {
      const value = measure(set)
      return value === undefined ? undefined : { value, where: set.dataset.name }
    }),
    sign,
  )

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

/** @param {NonNullable<Findings['foregrounds']>} all @param {string} photo @param {string} who */
const foregroundOf = (all, photo, who) => {
  const row = all.find(one => one.photo.startsWith(photo) && one.contestant.startsWith(who))
  return row === undefined || row.milliseconds.length === 0 ? undefined : best(row.milliseconds)
}

/** @param {NonNullable<Findings['foregrounds']>} all @param {string} photo */
const ofOurs = (all, photo) => {
  const value = foregroundOf(all, photo, 'ours')
  return value === undefined ? undefined : { value, where: photo }
}

/** @param {NonNullable<Findings['foregrounds']>} all @param {string} photo */
const grabCut = (all, photo) => {
  const [own, other] = [foregroundOf(all, photo, 'ours'), foregroundOf(all, photo, 'cv2')]
  return own === undefined || other === undefined ? undefined : { value: other / own, where: photo }
}

/** The best time of one work of the road. @param {Findings['road']} all @param {string} work @param {boolean} ofPeer */
const roadOf = (all, work, ofPeer) => {
  const row = all?.find(one => one.work.startsWith(work) && one.by.startsWith('peers') === ofPeer)
  return row === undefined || row.milliseconds.length === 0 ? undefined : best(row.milliseconds)
}

/** @param {number | undefined} one @param {number | undefined} other @param {string} where @returns {Found | undefined} */
const over = (one, other, where) =>
  one === undefined || other === undefined || !Number.isFinite(one / other) ? undefined : { value: one / other, where }

/** How many times as fast as a peer. @param {Findings['road']} all @param {string} work */
const gainOnRoad = (all, work) => over(roadOf(all, work, true), roadOf(all, work, false), work)

/** In E-steps. @param {Findings['road']} all @param {string} work */
const inSteps = (all, work) => over(roadOf(all, work, false), roadOf(all, 'E-step', false), work)

/** What reading takes at most, in E-steps, from columns or from rows. @param {Findings['tables']} all @param {string} part of a name */
const reading = (all, part) =>
  worstOf(
    (all ?? [])
      .filter(({ name, error }) => name.includes(part) && error === undefined)
      .map(({ name, contestant, load, step }) => over(load, step, `${name}, by ${contestant}`)),
    -1,
  )

/** @param {Findings['tables']} all */
const stepMix = all =>
  worstOf(
    (all ?? []).map(({ name, contestant, fit, error }) => {
      const peer = all?.find(other => other.name === name && other.contestant === 'StepMix')
      return contestant === 'StepMix' || error !== undefined
        ? undefined
        : over(peer?.fit, fit, `${name}, by ${contestant}`)
    }),
    1,
  )

/**
 * How many times as fast an iteration is where something is left out.
 * @param {Findings['apart']} all @param {string} clusters @param {string} than a contestant @param {'steady' | 'fit'} what
 */
const gainApart = (all, clusters, than, what) => {
  const row = all?.find(one => one.clusters.startsWith(clusters))
  const of = (/** @type {string} */ name, /** @type {'steady' | 'fit'} */ which) => {
    const figures = row?.times[name]?.[which] ?? []
    return figures.length === 0 ? undefined : best(figures)
  }
  return over(of(than, than === 'scikit-learn' ? 'fit' : what), of('skipping', what), clusters)
}

/** Dense over skipping where nothing can be left out, at the worst. @param {Findings['apart']} all */
const closeBy = all =>
  worstOf(
    (all ?? [])
      .filter(({ clusters }) => clusters.startsWith('8 ') || clusters.startsWith('3 '))
      .map(({ rows, columns, components, clusters, times: { everything, skipping } }) =>
        over(best(everything.fit), best(skipping.fit), `${rows}x${columns} K=${components}, ${clusters}`),
      ),
    1,
  )

/** @param {Findings['memory']} all @param {string} part of what */
const megabytes = (all, part) => {
  const row = all?.find(({ what }) => what.includes(part))
  return row === undefined || Number.isNaN(row.megabytes) ? undefined : { value: row.megabytes, where: 'Node included' }
}

/** The most bytes a pixel beyond decoding. @param {Findings['memory']} all */
const bytesPerPixel = all =>
  worstOf(
    (all ?? []).map(({ what, bytesPerPixel: value }) => (value === undefined ? undefined : { value, where: what })),
    -1,
  )

/** The goals as a table: the worst data set counts. @param {Findings} findings */
export const goalTable = ({
  iterations,
  ends = [],
  foregrounds = [],
  installed,
  road,
  tables,
  apart,
  memory: held,
  documents = [],
  files = [],
}) => {
  const [sparse] = documents.filter(({ milliseconds }) => milliseconds.length > 0)
  const all = iterations?.datasets ?? []
  const two = withThreads(REFERENCE, 2)
  const ofNpm = (/** @type {number | undefined} */ value) => (value === undefined ? undefined : { value, where: 'npm' })
  const goals = [
    atLeast('scikit-learn / ours at D=3, 1 thread', 25, scikitLearn(all, 3)),
    atLeast('scikit-learn / ours at D=16, 1 thread', 6, scikitLearn(all, 16)),
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
    atMost('reading a table of categories, in E-steps', 2, reading(tables, 'categories')),
    atLeast('StepMix / ours, a fit of ten iterations', 10, stepMix(tables)),
    atMost('reading counts, in E-steps', 2, reading(tables, 'counts')),
    atLeast('hmmlearn / ours, an iteration', 3, gainOnRoad(road, 'hidden Markov model')),
    atLeast('k-means of scikit-learn / ours', 1, gainOnRoad(road, 'k-means')),
    atMost('`predict`, in E-steps', 1.5, inSteps(road, 'prediction')),
    atMost('a Gibbs draw, in E-steps', 2, inSteps(road, 'Gibbs draw')),
    atLeast('24 deviations apart: scikit-learn / ours, steady', 30, gainApart(apart, '24', 'scikit-learn', 'steady')),
    atLeast('24 deviations apart: scikit-learn / ours, a fit', 12, gainApart(apart, '24', 'scikit-learn', 'fit')),
    atLeast(
      '24 deviations apart: everything / what is needed, steady',
      9,
      gainApart(apart, '24', 'everything', 'steady'),
    ),
    atLeast('24 deviations apart: everything / what is needed, a fit', 5, gainApart(apart, '24', 'everything', 'fit')),
    atLeast('12 deviations apart: scikit-learn / ours, steady', 8, gainApart(apart, '12', 'scikit-learn', 'steady')),
    atLeast('digits: scikit-learn / ours, a fit', 12, gainApart(apart, 'handwritten', 'scikit-learn', 'fit')),
    atLeast('close by: everything / what is needed, a fit', 0.97, closeBy(apart)),
    atLeast('cv2.grabCut / ours, CPU time', 2, grabCut(foregrounds, 'zebra')),
    atMost('foreground of the fox, ms of CPU time', 500, ofOurs(foregrounds, 'fox')),
    atMost('`segment fox`, seconds of 100 iterations', 0.15, seconds(ends, '100 iterations')),
    atMost('`pnpm segment fox`, seconds', 0.5, seconds(ends, 'whole command')),
    atMost("`import '@conjugate/models'`, ms", 100, importing(ends)),
    atMost('packages installed for a mixture', 15, ofNpm(installed?.packages)),
    atMost('MB on a disk, installed for a mixture', 12, ofNpm(installed?.megabytes)),
    atMost(`peak MB of ours at ${LARGE}`, 150, memory(all)),
    atMost('peak MB of a fit to 1000000 x 3', 130, megabytes(held, '1000000 x 3')),
    atMost('bytes a pixel of a large photo, beyond decoding', 12, bytesPerPixel(held)),
    atMost(
      'documents as sparse rows, s of CPU time',
      5,
      sparse && { value: best(sparse.milliseconds) / 1000, where: sparse.name },
    ),
    atMost(
      'a pass over a scratch file, in passes in memory, D=3',
      1.25,
      worstOf(passesOf(files, 3, 'a scratch file'), -1),
    ),
    atMost('a pass fed by DuckDB, in passes in memory, D=3', 3.5, worstOf(passesOf(files, 3, 'DuckDB'), -1)),
    atMost('a pass fed by DuckDB, in passes in memory, D=16', 2.5, worstOf(passesOf(files, 16, 'DuckDB'), -1)),
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
