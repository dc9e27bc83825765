import {
  type Box,
  type MixedPixels,
  mixedPixels,
  type RgbImage,
  type Segmentation,
  type SmoothComponents,
} from '@conjugate/images'
import * as E from 'fp-ts/lib/Either.js'
import type { Picture } from '../image.js'
import type { Settings } from '../options.js'
import type { Job } from '../run.js'

interface Found {
  readonly job: Job
  readonly settings: Settings
  readonly picture: Picture
  /** The same as the models take it. */
  readonly image: RgbImage
  readonly transparent: number
  /** How many of the pixels that can be seen have each label. */
  readonly counts: readonly number[]
  /** Of the fit alone. */
  readonly seconds: number
}

/** Foreground and background of a photo. */
export interface Foreground extends Found {
  readonly _tag: 'Foreground'
  readonly found: Segmentation
  readonly mixed: MixedPixels
}

/** Smooth components of a photo. */
export interface Components extends Found {
  readonly _tag: 'Components'
  readonly found: SmoothComponents
}

export type RegionsResult = Foreground | Components

/** How many of the pixels that can be seen have each of K labels. */
export const countsOf = (labels: Uint8Array, { opacity }: RgbImage, count: number): readonly number[] => {
  const counts = new Array<number>(count).fill(0)
  for (let n = 0; n < labels.length; n++) if (opacity === undefined || opacity[n]! > 0) counts[labels[n]!]!++
  return counts
}

/** Four numbers as a box. */
export const boxOf = ([x, y, width, height]: readonly number[]): Box => ({
  x: x!,
  y: y!,
  width: width!,
  height: height!,
})

const nothing: MixedPixels = { pixels: new Int32Array(), shares: new Float64Array(), colours: new Uint8Array() }

/** The pixels at the boundary of labels; none where there is no boundary. */
export const mixedOf = (image: RgbImage, labels: Uint8Array): MixedPixels => {
  const mixed = mixedPixels(image, labels)
  return E.isRight(mixed) ? mixed.right : nothing
}
