import type { Files } from '@conjugate/command-line'
import { type FigureError, labelMapPng, logProbabilityPlot, segmentationPanels } from '@conjugate/figures'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Picture } from './image.js'
import type { PixelLabels } from './labels.js'
import { filesOf } from './names.js'
import type { Segmentation } from './segmentation.js'

/** A segmented photo with all that its files tell. */
export interface Result {
  /** The photo as it was asked for. */
  readonly photo: string
  readonly name: string
  readonly image: Picture
  readonly segmentation: Segmentation
  readonly labels: PixelLabels
  /** Pixels without a colour, which were left out. */
  readonly transparent: number
  readonly distinctColours: number
  /** Of the fit alone. */
  readonly seconds: number
}

const summary = ({ photo, image, segmentation, labels, transparent, distinctColours, seconds }: Result): string => {
  const { backend, logProbs, ending, components } = segmentation
  const { stoppedBy, converged, lastGain } = ending
  const { width, height, depth, images } = image
  const content = {
    image: photo,
    width,
    height,
    imagesInFile: images,
    bitsPerChannel: depth.bits,
    white: depth.white,
    transparentPixels: transparent,
    distinctColours,
    backend,
    logProbs,
    stoppedBy,
    converged,
    // Of no iterations nothing is known, which JSON has no number for.
    lastGain: Number.isFinite(lastGain) ? lastGain : null,
    components: components.map(({ mean, covariance, weight }, k) => ({
      mean,
      covariance,
      weight,
      pixels: labels.counts[k],
    })),
    seconds,
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

/** Draws a photo's figures and writes its summary, in memory. */
export const outputFiles = (result: Result): TE.TaskEither<FigureError, Files> => {
  const { name, image, segmentation, labels, transparent } = result
  const { components, logProbs } = segmentation
  const files = filesOf(name)
  const title = `${name}: log joint probability, K = ${components.length}`
  const map = {
    width: image.width,
    height: image.height,
    components: components.length,
    read: labels.read,
  }
  return pipe(
    TE.Do,
    // Side by side: while one is compressed in the background, the next is drawn.
    TE.apS('panels', () => segmentationPanels({ image, labels: map, weights: components.map(c => c.weight) })()),
    TE.apS('labels', () => labelMapPng({ ...map, hasBlanks: transparent > 0 })()),
    TE.apS('logProbability', () => logProbabilityPlot({ title, values: logProbs })()),
    TE.map(({ panels, logProbability, labels: png }) => ({
      [files.panels]: panels,
      [files.logProbability]: logProbability,
      [files.labels]: png,
      [files.summary]: summary(result),
    })),
  )
}
