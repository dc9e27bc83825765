import { type LabelRows, labelRows } from '@conjugate/figures/drawing'
import {
  type Box,
  type MixedPixels,
  mixedPixels,
  type RgbImage,
  type Segmentation,
  type SmoothComponents,
  withoutSmallParts,
} from '@conjugate/images'
import * as E from 'fp-ts/lib/Either.js'
import type { Picture } from '../image.js'
import type { Settings } from '../options.js'
import type { Job } from '../run.js'
import type { Strokes } from './hints.js'

/** A photo as it was asked for, and the name of its results. */
export type Named = Pick<Job, 'photo' | 'name'>

/** What the model of regions is told. */
export type RegionSettings = Pick<
  Settings,
  'components' | 'smoothness' | 'box' | 'lasso' | 'foreground' | 'background' | 'seed' | 'restarts'
>

interface Found {
  readonly job: Named
  readonly settings: RegionSettings
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
  /** Pixels of small parts that have taken the other label. */
  readonly inSmallParts: number
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

/** The labels of pixels row by row, where those that are transparent have none. */
export const visibleRows = (
  labels: Uint8Array,
  { width, height, opacity }: RgbImage,
  components: number,
): LabelRows => {
  const all = labelRows(labels, { width, height, components })
  return {
    ...all,
    read: (row, into) => {
      all.read(row, into)
      if (opacity === undefined) return
      for (let x = 0; x < width; x++) if (opacity[row * width + x] === 0) into[x] = components
    },
  }
}

/** Four numbers as a box. */
export const boxOf = ([x, y, width, height]: readonly number[]): Box => ({
  x: x!,
  y: y!,
  width: width!,
  height: height!,
})

/**
 * What is found of a foreground without specks and small holes, but where a stroke says what they are, or nothing is seen; and how
 * many pixels that changed.
 */
export const tidied = (
  found: Segmentation,
  { width, height, opacity }: RgbImage,
  { foreground, background }: Strokes,
): Pick<Foreground, 'found' | 'inSmallParts'> => {
  const { labels } = found
  const isKept = (n: number): boolean => opacity?.[n] === 0 || !!foreground?.[n] || !!background?.[n]
  const hasKept = opacity !== undefined || foreground !== undefined || background !== undefined
  const tidy = withoutSmallParts(
    labels,
    { width, height },
    hasKept ? { kept: labels.map((_, n) => (isKept(n) ? 1 : 0)) } : {},
  )
  if (E.isLeft(tidy)) return { found, inSmallParts: 0 }
  let inSmallParts = 0
  for (let n = 0; n < labels.length; n++) if (labels[n] !== tidy.right[n]) inSmallParts++
  return { found: { ...found, labels: tidy.right }, inSmallParts }
}

const nothing: MixedPixels = { pixels: new Int32Array(), shares: new Float64Array(), colours: new Uint8Array() }

/** The pixels at the boundary of labels; none where there is no boundary. */
export const mixedOf = (image: RgbImage, labels: Uint8Array): MixedPixels => {
  const mixed = mixedPixels(image, labels)
  return E.isRight(mixed) ? mixed.right : nothing
}
