// Foregrounds of photos from a box, ours and OpenCV's, in one thread: milliseconds of processor time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { decodeImage } from '../../examples/segmentation/dist/image.js'
import { inPython, ours } from '../contestants/programs.js'
import { photoPath } from '../data/photos.js'
import { figuresOf, inTurns } from './turns.js'

/** Boxes around the animals, with a margin. */
const PHOTOS = [
  { name: 'fox', box: [144, 91, 193, 358] },
  { name: 'zebra', box: [2, 41, 561, 313] },
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

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').ForegroundTimes>>} */
export const measureForegrounds = async ({ repetitions, folder, noPython }) => {
  const found = []
  for (const { name, box } of PHOTOS.filter(photo => existsSync(photoPath(photo.name)))) {
    const request = { ...(await writePixels(name, folder)), box }
    const programs = [ours('ours', 'foreground.js'), inPython('cv2.grabCut', 'grab_cut.py', noPython)]
    for (const one of await inTurns(programs, { warmUp: WARM_UP, rounds: repetitions, request: () => request }))
      found.push({
        photo: `${name}, ${request.width} x ${request.height}`,
        contestant: one.version,
        milliseconds: figuresOf(one, 'milliseconds'),
        strokes: figuresOf(one, 'strokeMilliseconds'),
        error: one.error,
      })
  }
  return found
}
