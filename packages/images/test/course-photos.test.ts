import { foregroundModel, segment } from '@conjugate/images'
import { hasMasks, hasPhotos, readMask, readPhoto, right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { overlap } from './support/striped.js'

const missing = hasMasks && hasPhotos ? '' : ': skipped, there are no photos or no masks'

/** The box around a mask, with a margin of a twentieth of its sides. */
const boxAround = (mask: Uint8Array, width: number) => {
  const places = Array.from(mask.keys()).filter(n => mask[n] === 1)
  const [columns, rows] = [places.map(n => n % width), places.map(n => Math.floor(n / width))]
  const [left, right, top, bottom] = [
    columns.reduce((a, b) => Math.min(a, b)),
    columns.reduce((a, b) => Math.max(a, b)),
    rows[0]!,
    rows.at(-1)!,
  ]
  const [x, y] = [Math.round(0.05 * (right + 1 - left)), Math.round(0.05 * (bottom + 1 - top))]
  return { x: left - x, y: top - y, width: right + 1 - left + 2 * x, height: bottom + 1 - top + 2 * y }
}

// How much of the animal and its mask are the same; what a mixture of two colours without a field finds is beneath .8.
describe.skipIf(missing !== '')(`the animals of the course${missing}`, () => {
  test.each([
    ['cow', 0.9, 0.87],
    ['owl', 0.94, 0.93],
  ])('%s: above %f by a box, and above %f by nothing', async (name, byBox, byNothing) => {
    const [{ width, height, bytes }, mask] = [await readPhoto(`${name}.png`), await readMask(name)]
    const image = { width, height, data: bytes }
    const boxed = right(await segment(foregroundModel(), image, { box: boxAround(mask, width) })())
    expect(overlap(boxed.labels, mask)).toBeGreaterThan(byBox)
    const guessed = right(await segment(foregroundModel(), image)())
    expect(overlap(guessed.labels, mask)).toBeGreaterThan(byNothing)
    expect(guessed.certainty).toBeGreaterThan(0.7)
    for (const { objectives } of [boxed, guessed])
      for (let i = 1; i < objectives.length; i++) expect(objectives[i]!).toBeGreaterThanOrEqual(objectives[i - 1]!)
  })
})
