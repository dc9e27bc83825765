import { fromText, toText } from '@conjugate/em'
import { allOf, is, object, oneOf, type Schema } from '@conjugate/em/schema'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { fitOf } from '../checks/fitted.js'
import { tried } from '../checks/functions.js'
import { checkModel } from '../checks/model.js'
import { dual, type Given } from '../door/dual.js'
import type { TypesOf } from '../door/types.js'
import { describeFitError, type FitError } from '../errors.js'
import { forFit } from '../mixture/from-data.js'
import type { AnyModel, Fittable } from '../mixture/types.js'

const VERSION = 5

/** What a text is of. */
const headOf = ({ components, labels }: AnyModel): Readonly<Record<string, unknown>> => ({
  format: 'conjugate-fit',
  version: VERSION,
  name: `${components.name}, ${labels.name}`,
  definition: { components: components.definition, labels: labels.definition },
})

/** Writes a fit as JSON with the version of its format; every bit comes back by {@link fitFromText}. */
export const fitToText: {
  <M extends Fittable>(model: Given<M>, fitted: TypesOf<M>['fit']): E.Either<FitError, string>
  <M extends Fittable>(fitted: NoInfer<TypesOf<M>['fit']>): (model: Given<M>) => E.Either<FitError, string>
} = dual((given: Given<AnyModel>, fitted: unknown) =>
  tried(() =>
    pipe(
      checkModel(given),
      E.map(model => toText({ ...headOf(model), fit: fitted })),
    ),
  ),
) as never

/**
 * Reads the fit that a text holds. Errors: the text is no fit as a whole, which is told with the place that is wrong; it is of
 * another version, or of another model than this one.
 */
export const fitFromText: {
  <M extends Fittable>(model: Given<M>, text: string): E.Either<FitError, TypesOf<M>['fit']>
  (text: string): <M extends Fittable>(model: Given<M>) => E.Either<FitError, TypesOf<M>['fit']>
} = dual((given: Given<AnyModel>, text: string) =>
  tried(() =>
    pipe(
      checkModel(given),
      E.chain(model => read(model, text)),
    ),
  ),
) as never

const read = (model: AnyModel, text: string): E.Either<FitError, unknown> => {
  const unreadable = (what: string, expected: string, received: string): E.Either<FitError, never> =>
    E.left({ _tag: 'UnreadableFit', what, expected, received })
  if (typeof text !== 'string') return unreadable('text', 'a text', describeValue(text))
  const parsed = fromText(text)
  if (E.isLeft(parsed)) return unreadable('text', 'JSON', parsed.left)
  const { definition, ...told } = headOf(model)
  const own = toText(definition)
  const fitted = (parsed.right as { readonly fit?: unknown } | null)?.fit
  const known = forFit(model.components, model.dialect ? model.dialect.unshown((fitted ?? {}) as never) : fitted)
  if (E.isLeft(known)) return unreadable('fit.prior', 'a prior of this model', describeFitError(known.left))
  const whole = allOf(
    ...Object.entries(told).map(([name, value]) => exactlyAt(name, value as string | number)),
    object({
      definition: is('that of this model', value => toText(value) === own),
      fit: fitOf({ ...model, components: known.right }),
    }),
  )
  const found = whole(parsed.right)
  return found
    ? unreadable(found.path.slice(1) || 'text', found.expected, found.received)
    : E.right((parsed.right as { readonly fit: unknown }).fit)
}

/** One property, before anything else is looked at. */
const exactlyAt = (name: string, value: string | number): Schema => object({ [name]: oneOf(value) })
