import { alphaExpansion, contrastField, minimumCut } from '@conjugate/images'
import * as E from 'fp-ts/lib/Either.js'
import { randomCosts, randomField } from '../../../packages/images/test/support/fields.js'
import { wholeNumbers } from '../../../packages/images/test/support/random.js'

const right = <A>(e: E.Either<unknown, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

/** The labels of random grids, as texts: of two labels, after a stroke, of three labels, and under the field of a picture. */
export const labelsOfGrids = (count: number): ReadonlyArray<string> => {
  const next = wholeNumbers(1)
  return Array.from({ length: count }, (_, seed) => {
    const [width, height] = [1 + next(20), 1 + next(20)]
    const places = width * height
    const costs = randomCosts(places, 3000, seed)
    const cut = right(minimumCut(randomField(width, height, 2000, seed)))
    const image = { width, height, data: Uint8Array.from({ length: 3 * places }, () => next(32)) }
    const field = right(contrastField(image, { smoothness: 0.2 }))
    return [
      right(cut.solve(costs)),
      right(cut.resolve(costs.with(next(places), Number.POSITIVE_INFINITY))),
      right(alphaExpansion(field, { labels: 3, costs: randomCosts(3 * places, 3000, seed + 1) })).labels,
    ]
      .map(labels => labels.join(''))
      .join(' ')
  })
}
