import { fromText, toText } from '@conjugate/em'
import { allOf, is, object, oneOf, type Schema } from '@conjugate/em/schema'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { fitOf } from '../checks/fitted.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { dual, type Given } from '../door/dual.js'
import { describeFitError, type FitError } from '../errors.js'
import type { MixtureFit } from '../mixture/fit.js'
import { forFit } from '../mixture/from-data.js'
import type { AMixture, AnyMixture, ComponentOf, StatisticsOf, WeightsOf } from '../mixture/types.js'

const FORMAT = 'conjugate-mixture'
const VERSION = 3

/** Writes a fit as JSON with the version of its format; every bit comes back by {@link fitFromText}. */
export const fitToText: {
  <M extends AMixture>(
    fitted: NoInfer<MixtureFit<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>,
  ): (model: Given<M>) => E.Either<FitError, string>
  <M extends AMixture>(
    model: Given<M>,
    fitted: MixtureFit<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>,
  ): E.Either<FitError, string>
} = dual((given: Given<AnyMixture>, fitted: unknown) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.map(({ name, definition }) => toText({ format: FORMAT, version: VERSION, name, definition, fit: fitted })),
    ),
  ),
) as never

/**
 * Reads the fit that a text holds. Errors: the text is no fit as a whole, which is told with the place that is wrong; it is of
 * another version, or of another mixture than this one.
 */
export const fitFromText: {
  (
    text: string,
  ): <M extends AMixture>(
    model: Given<M>,
  ) => E.Either<FitError, MixtureFit<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    text: string,
  ): E.Either<FitError, MixtureFit<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>
} = dual((given: Given<AnyMixture>, text: string) => tried(() => read(given, text))) as never

const read = (given: Given<AnyMixture>, text: string): E.Either<FitError, unknown> => {
  const checked = checkMixture(given)
  if (E.isLeft(checked)) return checked
  const mixture = checked.right
  const unreadable = (what: string, expected: string, received: string): E.Either<FitError, never> =>
    E.left({ _tag: 'UnreadableFit', what, expected, received })
  if (typeof text !== 'string') return unreadable('text', 'a text', describeValue(text))
  const parsed = fromText(text)
  if (E.isLeft(parsed)) return unreadable('text', 'JSON', parsed.left)
  const definition = toText(mixture.definition)
  const fitted = (parsed.right as { readonly fit?: unknown } | null)?.fit
  const known = forFit(mixture, fitted)
  if (E.isLeft(known)) return unreadable('fit.prior', 'a prior of this mixture', describeFitError(known.left))
  const whole = allOf(
    exactlyAt('format', FORMAT),
    exactlyAt('version', VERSION),
    exactlyAt('name', mixture.name),
    object({
      definition: is('that of this mixture', value => toText(value) === definition),
      fit: fitOf(known.right),
    }),
  )
  const found = whole(parsed.right)
  return found
    ? unreadable(found.path.slice(1) || 'text', found.expected, found.received)
    : E.right((parsed.right as { readonly fit: unknown }).fit)
}

/** One property, before anything else is looked at. */
const exactlyAt = (name: string, value: string | number): Schema => object({ [name]: oneOf(value) })
