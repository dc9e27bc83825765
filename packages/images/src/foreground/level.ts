import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cutOf, type MinimumCut } from '../cut/minimum-cut.js'
import { contrastOf, contrastWeights } from '../grid/contrast.js'
import type { Field } from '../grid/field.js'
import type { RgbImage } from '../grid/image.js'
import { distinctColours } from '../grid/lab.js'
import { type Gaussians, loadGaussians } from './gaussians.js'
import type { Hints } from './hints.js'
import type { CountedRows } from './prior.js'

/** A picture at one size with all that its labels depend on. */
export interface Level {
  readonly image: RgbImage
  readonly colours: CountedRows
  /** N: which of the colours each pixel has. */
  readonly index: Int32Array
  readonly field: Field
  readonly cut: MinimumCut
  readonly hints: Hints
  /** K, of each label. */
  readonly components: number
  /** Twice K, the background first; on the colours of this picture. */
  readonly gaussians: Gaussians
}

/** What a level is made from. */
export interface LevelOptions {
  readonly components: number
  readonly smoothness: number
}

/** The colours of a picture as rows. */
export const colourRows = (image: RgbImage): { readonly colours: CountedRows; readonly index: Int32Array } => {
  const { lab, index, counts } = distinctColours(image)
  return { colours: { rows: counts.length, columns: 3, data: lab, counts }, index }
}

/** Brings the colours of a picture to an executor. They stay there until the Gaussians are disposed of. */
export const openLevel = (
  executor: Executor,
  image: RgbImage,
  hints: Hints,
  { components, smoothness }: LevelOptions,
): TE.TaskEither<FitError, Level> => {
  const { colours, index } = colourRows(image)
  const field: Field = {
    width: image.width,
    height: image.height,
    weights: contrastWeights(image, contrastOf(image, smoothness)),
  }
  return pipe(
    loadGaussians(executor, colours, components),
    TE.map(
      (gaussians): Level => ({
        image,
        colours,
        index,
        field,
        cut: cutOf(field),
        hints,
        components,
        gaussians,
      }),
    ),
  )
}
