import { existsSync } from 'node:fs'
import { photoPath, pixels } from './photos.js'
import { clusters } from './synthetic.js'

/** @typedef {import('../types.js').Dataset} Dataset */

const assignment = { concentration: 100, meanPrecision: 1, degreesOfFreedom: 4 }

/**
 * With iterations for some 70 ms of the fastest, whatever the photo: a processor that has been idle takes some 15 to be as fast as it is.
 * @type {ReadonlyArray<readonly [name: string, rows: number, iterations: number]>}
 */
const photos = [
  ['fox', 427_200, 20],
  ['cow', 58_800, 150],
  ['owl', 38_400, 200],
  ['zebra', 229_126, 40],
]

/** @type {ReadonlyArray<readonly [rows: number, columns: number, components: number]>} */
const sizes = [
  [1_000_000, 3, 2],
  [1_000_000, 3, 8],
  [200_000, 16, 8],
  [100_000, 32, 16],
]

const SMALL_PHOTO = 100_000

/** @param {number} rows @param {number} columns @param {number} components @returns {Dataset} */
const synthetic = (rows, columns, components) => ({
  name: `${rows}x${columns} K=${components}`,
  rows,
  columns,
  components,
  iterations: 10,
  prior: { concentration: 1, meanPrecision: 1, degreesOfFreedom: columns + 1 },
  values: async () => clusters(rows, columns, components),
})

/** @param {readonly [string, number, number]} photo @returns {Dataset} */
const photo = ([name, rows, iterations]) => ({
  name: `${name} K=2`,
  rows,
  columns: 3,
  components: 2,
  iterations,
  prior: assignment,
  values: () => pixels(name),
})

/**
 * The data sets of the bench, and those that are not there, each with the reason.
 * @param {boolean} quick @returns {{ datasets: ReadonlyArray<Dataset>, skipped: ReadonlyArray<string> }}
 */
export const datasets = quick => {
  const wanted = photos.filter(([, rows]) => !quick || rows < SMALL_PHOTO)
  const there = wanted.filter(([name]) => existsSync(photoPath(name)))
  const all = [...there.map(photo), ...sizes.map(([n, d, k]) => synthetic(quick ? n / 10 : n, d, k))]
  return {
    datasets: all.map(set => (quick ? { ...set, iterations: 5 } : set)),
    skipped: wanted
      .filter(one => !there.includes(one))
      .map(([name]) => `${name} K=2: there is no ${name}.png in the folder that CONJUGATE_IMAGES names`),
  }
}
