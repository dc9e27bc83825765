import { type Files, reasonOf } from '@conjugate/command-line'
import {
  type FigureError,
  type LabelRows,
  labelMapPng,
  labelRows,
  logProbabilityPlot,
  segmentationPanels,
} from '@conjugate/figures'
import type { LabelMixture } from '@conjugate/images'
import { toRows } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cutoutPng, maskPng } from './cut-out.js'
import type { RegionsResult } from './result.js'

const filesOf = (name: string) => ({
  panels: `${name}_seg.png`,
  objective: `${name}_log_probability.png`,
  labels: `${name}_labels.png`,
  summary: `${name}.json`,
  cutout: `${name}_cutout.png`,
  mask: `${name}_mask.png`,
})

/** The names of the files that results are written to: a cut-out and its mask of foregrounds alone. */
export const regionNames = (name: string, isForeground: boolean): readonly string[] => {
  const { cutout, mask, ...all } = filesOf(name)
  return [...Object.values(all), ...(isForeground ? [cutout, mask] : [])]
}

const gaussianOf = ({ mean, covariance }: LabelMixture['components'][number]) => ({
  mean: Array.from(mean),
  covariance: toRows(covariance),
})

const mixtureOf = ({ weights, components }: LabelMixture) =>
  components.map((component, k) => ({ weight: weights[k], ...gaussianOf(component) }))

/** Each label with its pixels and its part of the objective. */
const labelsOf = (result: RegionsResult) =>
  result._tag === 'Foreground'
    ? {
        background: { pixels: result.counts[0], components: mixtureOf(result.found.background) },
        foreground: { pixels: result.counts[1], components: mixtureOf(result.found.foreground) },
      }
    : {
        components: result.found.components.map((component, k) => ({
          pixels: result.counts[k],
          ...gaussianOf(component),
        })),
      }

const summary = (result: RegionsResult, version: string): string => {
  const { job, picture, settings, transparent, found, seconds } = result
  const { box, foreground, background, smoothness } = settings
  const { backend, objective, parts, fitted, objectives, coarse } = found
  const content = {
    image: job.photo,
    width: picture.width,
    height: picture.height,
    imagesInFile: picture.images,
    bitsPerChannel: picture.depth.bits,
    white: picture.depth.white,
    transparentPixels: transparent,
    model: 'regions',
    version,
    ...(smoothness !== undefined && { smoothness }),
    ...(result._tag === 'Foreground' && {
      hints: { box, foreground, background },
      // Absent where there are hints.
      certainty: result.found.certainty,
      foregroundPixels: result.counts[1],
      // The objective is of the labels before.
      pixelsInSmallParts: result.inSmallParts,
    }),
    backend,
    objective,
    parts,
    fitted: { ...fitted, objectives },
    coarse,
    colours: 'L/100, (a + 128)/255, (b + 128)/255',
    ...labelsOf(result),
    seconds,
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

const figures = (result: RegionsResult, version: string): TE.TaskEither<FigureError, Files> => {
  const { job, picture, image, counts, found } = result
  const files = filesOf(job.name)
  const components = counts.length
  const size = { width: image.width, height: image.height, components }
  const all = labelRows(found.labels, size)
  const { opacity } = image
  const rows: LabelRows = {
    ...size,
    read: (row, into) => {
      all.read(row, into)
      if (opacity === undefined) return
      for (let x = 0; x < image.width; x++) if (opacity[row * image.width + x] === 0) into[x] = components
    },
  }
  const visible = counts.reduce((a, b) => a + b, 0)
  const { width, height, objectives } = found.coarse
  const title = `${job.name}: log joint probability, ${width} x ${height} pixels`
  return pipe(
    TE.Do,
    TE.apS('panels', () =>
      segmentationPanels({
        image: picture,
        labels: rows,
        weights: counts.map(count => count / visible),
        ...(result._tag === 'Foreground' && { names: ['Background', 'Foreground'] }),
      })(),
    ),
    TE.apS('labels', () => labelMapPng({ ...rows, hasBlanks: result.transparent > 0 })()),
    TE.apS('objective', async () => logProbabilityPlot({ title, values: objectives })),
    TE.map(({ panels, labels, objective }) => ({
      [files.panels]: panels,
      [files.objective]: objective,
      [files.labels]: labels,
      [files.summary]: summary(result, version),
    })),
  )
}

/** Draws the figures of a result and writes its summary, with the version of the program, in memory. */
export const regionFiles =
  (result: RegionsResult, version: string): TE.TaskEither<FigureError, Files> =>
  async () => {
    const drawn = await figures(result, version)()
    if (E.isLeft(drawn) || result._tag === 'Components') return drawn
    const { cutout, mask } = filesOf(result.job.name)
    return TE.tryCatch(
      async () => ({ ...drawn.right, [cutout]: await cutoutPng(result), [mask]: await maskPng(result) }),
      (cause): FigureError => ({ _tag: 'FigureFailed', figure: 'cut-out', reason: reasonOf(cause) }),
    )()
  }
