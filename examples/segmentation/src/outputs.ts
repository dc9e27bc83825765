import type { Files } from '@conjugate/command-line'
import { type FigureError, labelMapPng, logProbabilityPlot, segmentationPanels } from '@conjugate/figures'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { RgbImage } from './image.js'
import { pixelCounts, type Segmentation } from './segmentation.js'

/** A segmented photo with all that its files tell. */
export interface Result {
  /** The photo as it was asked for. */
  readonly photo: string
  readonly name: string
  readonly image: RgbImage
  readonly segmentation: Segmentation
  /** Of the fit alone. */
  readonly seconds: number
}

const filesOf = (name: string) => ({
  panels: `${name}_seg.png`,
  logProbability: `${name}_log_probability.png`,
  labels: `${name}_labels.png`,
  summary: `${name}.json`,
})

/** The names of the files that a photo's results are written to. */
export const outputNames = (name: string): readonly string[] => Object.values(filesOf(name))

const summary = ({ photo, image, segmentation, seconds }: Result): string => {
  const { backend, logProbs, components } = segmentation
  const counts = pixelCounts(segmentation)
  const content = {
    image: photo,
    width: image.width,
    height: image.height,
    backend,
    logProbs,
    components: components.map(({ mean, covariance, weight }, k) => ({ mean, covariance, weight, pixels: counts[k] })),
    seconds,
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

/** Draws a photo's figures and writes its summary, in memory. */
export const outputFiles = (result: Result): TE.TaskEither<FigureError, Files> => {
  const { name, image, segmentation } = result
  const { components, labels, logProbs } = segmentation
  const files = filesOf(name)
  const title = `${name}: log joint probability, K = ${components.length}`
  return pipe(
    TE.Do,
    TE.bind('panels', () => segmentationPanels({ image, assignments: labels, components })),
    TE.bind('logProbability', () => TE.fromEither(logProbabilityPlot({ title, values: logProbs }))),
    TE.map(({ panels, logProbability }) => ({
      [files.panels]: panels,
      [files.logProbability]: logProbability,
      [files.labels]: labelMapPng({
        width: image.width,
        height: image.height,
        labels,
        components: components.length,
      }),
      [files.summary]: summary(result),
    })),
  )
}
