import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { decodeImage } from '../../examples/segmentation/dist/image.js'

const folder = process.env['CONJUGATE_IMAGES'] || fileURLToPath(new URL('../../../shared/images', import.meta.url))

/** @param {string} name */
export const photoPath = name => join(folder, `${name}.png`)

/** Red, green and blue of each pixel, from 0 to 1. @param {string} name */
export const pixels = async name => {
  const image = await decodeImage(await readFile(photoPath(name)))()
  if (E.isLeft(image)) throw new Error(`${photoPath(name)}: ${image.left._tag}`)
  const { data, channels } = image.right
  return Float64Array.from(
    data.filter((_, i) => i % channels < 3),
    value => value / 255,
  )
}
