import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { RgbImage } from './image.js'
import type { Settings } from './options.js'

/** One cluster of colours; red, green and blue run from 0 to 1. */
export interface Component {
  readonly mean: readonly number[]
  readonly covariance: readonly (readonly number[])[]
  readonly weight: number
}

/** A photo taken apart by colour. */
export interface Segmentation {
  /** What computed it, for a person to read. */
  readonly backend: string
  /** How many colours were computed, where pixels of one colour were grouped. */
  readonly distinctColours: number | undefined
  /** The log joint probability before each iteration and after the last. */
  readonly logProbs: readonly number[]
  readonly components: readonly Component[]
  /** The most probable component of each pixel, from 0. */
  readonly labels: ArrayLike<number>
}

/** Called after each iteration with how many are done, of all restarts together. */
export type OnProgress = (done: number) => void

export type FitError = { readonly _tag: 'FitFailed'; readonly reason: string }

/** Fits the mixture to the colours of an image. */
export type Segmenter = (
  image: RgbImage,
  settings: Settings,
  onProgress: OnProgress,
) => TE.TaskEither<FitError, Segmentation>

/** How many pixels fell to each component. */
export const pixelCounts = ({ components, labels }: Segmentation): readonly number[] => {
  const counts = components.map(() => 0)
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] ?? 0
    counts[label] = (counts[label] ?? 0) + 1
  }
  return counts
}
