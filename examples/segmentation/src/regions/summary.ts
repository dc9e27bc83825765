import type { LabelMixture } from '@conjugate/images'
import { toRows } from '@conjugate/linalg'
import type { RegionsResult } from './result.js'

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

/** What a file tells of a result: parameters, pixel counts, objectives and what they consist of, as JSON. */
export const summary = (result: RegionsResult, version: string): string => {
  const { job, picture, settings, transparent, found, seconds } = result
  const { box, lasso, foreground, background, smoothness } = settings
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
      hints: { box, lasso, foreground, background },
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
