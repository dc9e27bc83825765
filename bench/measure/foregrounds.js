// Foregrounds of photos from a box, ours and OpenCV's, in one thread: milliseconds of processor time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { decodeImage } from '../../examples/segmentation/dist/image.js'
import { photoPath } from '../data/photos.js'
import { peersFolder } from '../peers/folder.js'
import { startContestant } from './contestant-process.js'

/** Boxes around the animals, with a margin. */
const PHOTOS = [
  { name: 'fox', box: [144, 91, 193, 358] },
  { name: 'zebra', box: [2, 41, 561, 313] },
]

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** @param {string | undefined} unavailable why there is no Python, if there is none */
const contestants = unavailable => [
  { name: 'ours', command: [process.execPath, here('../contestants/foreground.js')], environment: {} },
  {
    name: 'cv2.grabCut',
    command: [join(peersFolder, 'venv/bin/python'), here('../peers/python/grab_cut.py')],
    environment: { OMP_NUM_THREADS: '1' },
    unavailable,
  },
]

/** Rounds before those that count, in which compilers learn what is to be fast. */
const WARM_UP = 3

/** @param {string} name @param {string} folder */
const writePixels = async (name, folder) => {
  const image = await decodeImage(readFileSync(photoPath(name)))()
  if (E.isLeft(image)) throw new Error(`${photoPath(name)}: ${image.left._tag}`)
  const { width, height, channels, data } = image.right
  const pixels = join(folder, `${name}.rgb`)
  writeFileSync(
    pixels,
    data.filter((_, i) => i % channels < 3),
  )
  return { pixels, width, height }
}

/**
 * Turn by turn, so that whatever else the machine does meets both alike.
 * @param {number} repetitions @param {string} folder for the pixels @param {string | undefined} noPython
 * @returns {Promise<ReadonlyArray<import('../types.js').ForegroundTimes>>}
 */
export const measureForegrounds = async (repetitions, folder, noPython) => {
  const found = []
  for (const { name, box } of PHOTOS.filter(photo => existsSync(photoPath(photo.name)))) {
    const request = { ...(await writePixels(name, folder)), box }
    const entries = contestants(noPython).map(contestant => ({
      name: contestant.name,
      process: contestant.unavailable === undefined ? startContestant(/** @type {any} */ (contestant)) : undefined,
      error: contestant.unavailable,
      version: '',
      /** @type {number[]} */
      milliseconds: [],
      /** @type {number[]} */
      strokes: [],
    }))
    for (let round = 0; round < WARM_UP + repetitions; round++)
      for (const entry of entries) {
        if (entry.process === undefined || entry.error !== undefined) continue
        const answer = /** @type {any} */ (await entry.process.ask(/** @type {any} */ (request)))
        entry.error = answer.error
        entry.version = answer.version
        if (round < WARM_UP || answer.milliseconds === undefined) continue
        entry.milliseconds.push(answer.milliseconds)
        if (answer.strokeMilliseconds !== undefined) entry.strokes.push(answer.strokeMilliseconds)
      }
    await Promise.all(entries.map(({ process }) => process?.close()))
    for (const { name: contestant, error, version, milliseconds, strokes } of entries)
      found.push({
        photo: `${name}, ${request.width} x ${request.height}`,
        contestant: version === '' ? contestant : `${contestant} (${version})`,
        milliseconds,
        strokes,
        error,
      })
  }
  return found
}
