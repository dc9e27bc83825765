import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cutOf, type MinimumCut } from '../cut/minimum-cut.js'
import { contrastOf, contrastWeights } from '../grid/contrast.js'
import { type Field, unitsOfDifferences, unitsPerNat } from '../grid/field.js'
import { type RgbImage, visibilityOf } from '../grid/image.js'
import { distinctColours } from '../grid/lab.js'
import { type Counts, type Gaussians, loadGaussians } from './gaussians.js'
import type { Hints } from './hints.js'
import type { CountedRows } from './prior.js'

/** A picture at one size with all that its labels depend on. */
export interface Level {
  readonly image: RgbImage
  readonly colours: CountedRows
  /** N: which of the colours each pixel has. */
  readonly index: Int32Array
  readonly field: Field
  /** What labels lose by neighbours that differ, in nats; known again for labels that have been asked for before. */
  readonly lossOf: (labels: Uint8Array) => number
  readonly cut: MinimumCut
  /** N, of two labels: room for the costs of a cut, which are others for each. */
  readonly scratch: Float64Array
  readonly hints: Hints
  /** L; of two, 0 is the background and 1 the foreground. */
  readonly labelCount: number
  /** K, of each label. */
  readonly components: number
  /** L times K, those of label 0 first; on the colours of this picture. */
  readonly gaussians: Gaussians
}

/** What a level is made from. */
export interface LevelOptions extends Counts {
  readonly smoothness: number
}

/** The colours of a picture as rows, each of which counts as often as it is seen. */
export const colourRows = (
  image: RgbImage,
  visibility: Float64Array | undefined = visibilityOf(image),
): { readonly colours: CountedRows; readonly index: Int32Array } => {
  const { lab, index, counts } = distinctColours(image)
  if (visibility !== undefined) {
    counts.fill(0)
    for (let n = 0; n < index.length; n++) counts[index[n]!]! += visibility[n]!
  }
  return { colours: { rows: counts.length, columns: 3, data: lab, counts }, index }
}

/** What is known, where pixels count as much as they are opaque. */
const seen = (hints: Hints, visibility: Float64Array | undefined): Hints =>
  visibility === undefined
    ? hints
    : {
        ...hints,
        weights: hints.weights ? hints.weights.map((w, n) => w * visibility[n]!) : visibility,
        ...(hints.leaning && { leaning: hints.leaning.map((h, n) => h * visibility[n]!) }),
      }

const lossIn = (field: Field): Level['lossOf'] => {
  const known = new WeakMap<Uint8Array, number>()
  return labels => {
    const loss = known.get(labels) ?? unitsOfDifferences(field, labels) / unitsPerNat
    known.set(labels, loss)
    return loss
  }
}

/** Brings the colours of a picture to an executor. They stay there until the Gaussians are disposed of. */
export const openLevel = (
  executor: Executor,
  image: RgbImage,
  hints: Hints,
  { labels: labelCount, components, smoothness }: LevelOptions,
): TE.TaskEither<FitError, Level> => {
  const visibility = visibilityOf(image)
  const { colours, index } = colourRows(image, visibility)
  const field: Field = {
    width: image.width,
    height: image.height,
    weights: contrastWeights(image, contrastOf(image, smoothness)),
  }
  return pipe(
    loadGaussians(executor, colours, { labels: labelCount, components }),
    TE.map(
      (gaussians): Level => ({
        image,
        colours,
        index,
        field,
        lossOf: lossIn(field),
        cut: cutOf(field),
        scratch: new Float64Array(labelCount === 2 ? index.length : 0),
        hints: seen(hints, visibility),
        labelCount,
        components,
        gaussians,
      }),
    ),
  )
}

/** Does something with a level, which is closed afterwards. */
export const withLevel =
  <A>(
    opened: TE.TaskEither<FitError, Level>,
    use: (level: Level) => TE.TaskEither<FitError, A>,
  ): TE.TaskEither<FitError, A> =>
  async () => {
    const level = await opened()
    if (E.isLeft(level)) return level
    try {
      return await use(level.right)()
    } finally {
      level.right.gaussians.dispose()
    }
  }
