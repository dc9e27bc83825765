import { checkOptions, type InvalidOption } from '@conjugate/em'
import { anything, exactly } from '@conjugate/em/schema'
import { selectExecutor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkSmoothness } from '../grid/contrast.js'
import { checkImage, type RgbImage } from '../grid/image.js'
import { checkHints } from './checks.js'
import { checkForegroundModel, type ForegroundModel } from './model.js'
import { searchFields } from './search-fields.js'
import { segmentChecked } from './stages.js'
import type { Segmentation, SegmentOptions } from './types.js'

const optionsOf = exactly({
  box: anything,
  foreground: anything,
  background: anything,
  ...searchFields,
})

type GivenModel = ForegroundModel | E.Either<InvalidOption, ForegroundModel>

const segmentImage = (
  given: GivenModel,
  image: RgbImage,
  options: SegmentOptions = {},
): TE.TaskEither<FitError, Segmentation> =>
  pipe(
    checkForegroundModel(given),
    E.bindTo('model'),
    E.chainFirst(() => checkImage(image)),
    E.chainFirst(({ model }) => checkSmoothness(image, model.smoothness)),
    E.chainFirst(() => checkOptions(optionsOf)(options)),
    E.chainFirst(() => checkHints(image, options)),
    TE.fromEither,
    TE.bindW('executor', () => selectExecutor(options.backend, options.threads ?? 1)),
    TE.chainW(({ model, executor }) => segmentChecked(executor, model, image, options)),
  )

const isImage = (value: unknown): value is RgbImage => typeof value === 'object' && value !== null && 'data' in value

/**
 * Separates the foreground of a picture from its background. The labels y and the parameters theta are at a (local) maximum of
 * J(y, theta) = log p(x | y, theta) + log p(theta) - sum of w_mn over neighbours m, n whose labels differ: the labels by exact
 * minimum cuts, the parameters by MAP-EM, in turns, first on a small picture and then on all of it. A box says that what is
 * outside is background; strokes say what some pixels are. Without any of these the foreground is what most resembles those
 * of photos of which that is known: a guess, of which `certainty` tells how sure it is.
 * `segment(model, image, options)`, or `pipe(model, segment(image, options))`.
 *
 * Errors: the model, the picture or an option is none; smoothness makes gamma more than 16,384 nats; a box that is outside, or has all of the picture in it; strokes that are
 * empty, or contradict each other or the box; the backend is not available; a function among the options throws; it is cancelled.
 * Source: Rother, Kolmogorov and Blake, GrabCut: interactive foreground extraction using iterated graph cuts (2004), with
 * conjugate priors.
 */
export const segment: {
  (image: RgbImage, options?: SegmentOptions): (model: GivenModel) => TE.TaskEither<FitError, Segmentation>
  (model: GivenModel, image: RgbImage, options?: SegmentOptions): TE.TaskEither<FitError, Segmentation>
} = ((first: GivenModel | RgbImage, second: RgbImage | SegmentOptions | undefined, third?: SegmentOptions) =>
  isImage(first)
    ? (model: GivenModel) => segmentImage(model, first, second as SegmentOptions | undefined)
    : segmentImage(first, second as RgbImage, third)) as never
