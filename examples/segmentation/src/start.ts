import type { Random } from '@conjugate/distributions'
import type { Colours } from './colours.js'

/**
 * The rows of K different colours, each that of a pixel drawn at random, so that a colour is drawn as often as it occurs.
 * Rare ones are found by a walk from a random pixel, so that it always ends; there have to be as many.
 */
export const drawColours = (
  { rowOf }: Pick<Colours, 'rowOf'>,
  pixels: number,
  count: number,
  random: Random,
): readonly number[] => {
  const found = new Set<number>()
  const take = (pixel: number): void => {
    const row = rowOf(pixel)
    if (row >= 0) found.add(row)
  }
  for (let attempt = 0; attempt < 20 * count && found.size < count; attempt++) take(random.integer(pixels))
  const first = random.integer(pixels)
  for (let i = 0; i < pixels && found.size < count; i++) take((first + i) % pixels)
  return [...found]
}
