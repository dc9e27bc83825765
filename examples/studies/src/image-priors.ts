import { multivariateNormal } from '@conjugate/distributions'
import type { InvalidOption } from '@conjugate/em'
import {
  contrastField,
  type Field,
  foregroundModel,
  type LabelMixture,
  labOf,
  meanField,
  minimumCut,
  type RgbImage,
  type Segmentation,
  type SegmentOptions,
  segment,
  uniformField,
} from '@conjugate/images'
import { type FitError, fit, gaussianMixture } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Meadow, overlap } from './meadow.js'

/** What labels are found by, and how much of the animal and of them are the same. */
export interface Ingredient {
  readonly name: string
  readonly labels: ArrayLike<number>
  readonly overlap: number
}

type Labels = TE.TaskEither<FitError, ArrayLike<number>>

/** As in the model. */
const SMOOTHNESS = 0.05

const found = (image: RgbImage, options: SegmentOptions, model = {}): TE.TaskEither<FitError, Segmentation> =>
  segment(foregroundModel(model), image, options)

/** Two Gaussians of colours, of which the truth says which is the animal. */
const clusters = ({ image, mask }: Meadow): Labels => {
  const lab = { rows: mask.length, columns: 3, data: labOf(image) }
  return pipe(
    fit(gaussianMixture({ components: 2 }), lab, { seed: 1 }),
    TE.map(({ assignments }) =>
      [0, 1]
        .map(k => Array.from(assignments, a => (a === k ? 1 : 0)))
        .reduce((a, b) => (overlap(a, mask) > overlap(b, mask) ? a : b)),
    ),
  )
}

/** N x 2: log densities of the colours of a picture under both labels; what is outside of the box can't be foreground. */
const logDensities = ({ image, box }: Meadow, { background, foreground }: Segmentation): Float64Array => {
  const lab = labOf(image)
  const densityOf = ({ weights, components }: LabelMixture) => {
    const logs = components.map(component => multivariateNormal.logProb(component))
    return (x: Float64Array): number =>
      Math.log(logs.reduce((sum, log, k) => sum + weights[k]! * Math.exp(log(x)), 1e-300))
  }
  const [zero, one] = [densityOf(background), densityOf(foreground)]
  const all = new Float64Array(2 * image.width * image.height)
  for (let n = 0; 2 * n < all.length; n++) {
    const [x, y] = [n % image.width, Math.floor(n / image.width)]
    const colour = lab.subarray(3 * n, 3 * n + 3)
    const isInside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height
    all[2 * n] = zero(colour)
    all[2 * n + 1] = isInside ? one(colour) : Number.NEGATIVE_INFINITY
  }
  return all
}

/** The best labels under a field, given colours of both. */
const cutUnder = (field: E.Either<InvalidOption, Field>, logs: Float64Array): E.Either<InvalidOption, Uint8Array> =>
  pipe(
    field,
    E.chain(minimumCut),
    E.chain(({ solve }) =>
      solve(Float64Array.from({ length: logs.length / 2 }, (_, n) => logs[2 * n]! - logs[2 * n + 1]!)),
    ),
  )

/** Labels by mean field that begins at the box. */
const meanFieldFrom = (
  { image, box }: Meadow,
  field: E.Either<InvalidOption, Field>,
  logs: Float64Array,
): E.Either<InvalidOption, ReadonlyArray<number>> => {
  const initial = new Float64Array(logs.length)
  for (let n = 0; 2 * n < logs.length; n++) {
    const [x, y] = [n % image.width, Math.floor(n / image.width)]
    const isInside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height
    initial[2 * n + (isInside ? 1 : 0)] = 1
  }
  return pipe(
    field,
    E.chain(known => meanField(known, { labels: 2, logDensities: logs, initial, sweeps: 200 })),
    E.map(({ probabilities: q }) => Array.from({ length: q.length / 2 }, (_, n) => (q[2 * n + 1]! > 0.5 ? 1 : 0))),
  )
}

/** A stroke of background along the border of a picture. */
const border = ({ width, height }: RgbImage): Uint8Array =>
  Uint8Array.from({ length: width * height }, (_, n) => {
    const [x, y] = [n % width, Math.floor(n / width)]
    const rim = Math.ceil(0.03 * Math.max(width, height))
    return Math.min(x, y, width - 1 - x, height - 1 - y) < rim ? 1 : 0
  })

/** Labels of a picture by more and more of the model, and by what might take the place of parts of it. */
export const studyIngredients = (given: Meadow): TE.TaskEither<FitError, ReadonlyArray<Ingredient>> => {
  const { image, mask, box } = given
  const labelsOf = (options: SegmentOptions, model = {}): Labels =>
    pipe(
      found(image, options, model),
      TE.map(({ labels }) => labels),
    )
  const contrast = contrastField(image)
  const weight = SMOOTHNESS * Math.sqrt(mask.length)
  const uniform = uniformField({ width: image.width, height: image.height, weight })
  return pipe(
    found(image, { box }),
    TE.chain(model => {
      const logs = logDensities(given, model)
      const all: ReadonlyArray<readonly [string, Labels]> = [
        ['two clusters of colours, named by the truth', clusters(given)],
        ['a box, one Gaussian for each label', labelsOf({ box }, { components: 1, smoothness: 0 })],
        ['a box, five Gaussians for each label', labelsOf({ box }, { smoothness: 0 })],
        ['a box, one Gaussian and the field', labelsOf({ box }, { components: 1 })],
        ['a box, five Gaussians and the field: the model', TE.right(model.labels)],
        ['the same colours under a field that is the same everywhere', TE.fromEither(cutUnder(uniform, logs))],
        ['the same colours and field by mean field from the box', TE.fromEither(meanFieldFrom(given, contrast, logs))],
        ['the border as the only hint', labelsOf({ background: border(image) })],
        ['no hint: the guess', labelsOf({})],
      ]
      return pipe(
        all,
        TE.traverseSeqArray(([name, labels]) =>
          pipe(
            labels,
            TE.map(given => ({ name, labels: given, overlap: overlap(given, mask) })),
          ),
        ),
      )
    }),
  )
}

/** The labels of a picture from its box, with any smoothness. */
export const boxLabels = ({ image, box }: Meadow, smoothness: number = SMOOTHNESS): Labels =>
  pipe(
    found(image, { box }, { smoothness }),
    TE.map(({ labels }) => labels),
  )
