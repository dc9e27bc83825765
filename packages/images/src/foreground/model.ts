import { checkOptions, type InvalidOption } from '@conjugate/em'
import { atLeast, exactly, optional, whole } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { DEFAULT_SMOOTHNESS } from '../grid/contrast.js'

/**
 * Labels y_n in {background, foreground} under the field of a picture, and for each label a mixture of K Gaussians of Lab colours
 * with a normal-inverse-Wishart prior.
 */
export interface ForegroundModel {
  /** K, the number of Gaussians of each label. */
  readonly components: number
  /** gamma over sqrt(N): see `contrastField`. */
  readonly smoothness: number
}

/** What defines a model of foregrounds. */
export interface ForegroundModelOptions {
  /** K, the number of Gaussians of each label; 5 by default. */
  readonly components?: number
  /** How much neighbours like to have the same label; 0.05 by default. With 0 every pixel is labelled by its colour alone. */
  readonly smoothness?: number
}

const MOST_COMPONENTS = 100

const fields = { components: optional(whole(1, MOST_COMPONENTS)), smoothness: optional(atLeast(0)) }

/** Defines a model of foregrounds. Errors: an option is unknown or out of range. */
export const foregroundModel = (options: ForegroundModelOptions = {}): E.Either<InvalidOption, ForegroundModel> =>
  pipe(
    checkOptions(exactly(fields))(options),
    E.map(({ components = 5, smoothness = DEFAULT_SMOOTHNESS }) => ({ components, smoothness })),
  )

/** Checks what should be a model, or the Either that made one. */
export const checkForegroundModel = (
  given: ForegroundModel | E.Either<InvalidOption, ForegroundModel>,
): E.Either<InvalidOption, ForegroundModel> => {
  const isEither = typeof given === 'object' && given !== null && '_tag' in given
  if (isEither && given._tag === 'Left') return given
  const model = isEither ? (given as E.Right<ForegroundModel>).right : given
  return pipe(
    checkOptions(exactly(fields, 'a model of foregrounds'))(model),
    E.chain(foregroundModel),
    E.mapLeft(error => (error.option === 'options' ? { ...error, option: 'model' } : error)),
  )
}
