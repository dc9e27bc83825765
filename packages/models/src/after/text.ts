import { fromText, toText } from '@conjugate/em'
import { allOf, is, object, oneOf, type Schema } from '@conjugate/em/schema'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { fitOf, modelFitOf } from '../checks/fitted.js'
import { tried } from '../checks/functions.js'
import { checkFittable } from '../checks/model.js'
import { dual, type Given, kind } from '../door/dual.js'
import type { TypesOf } from '../door/types.js'
import { describeFitError, type FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { forFit } from '../mixture/from-data.js'
import type { AnyMixture, Fittable } from '../mixture/types.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'

const VERSION = 4

type AnyModel = Model<ComponentTypes, LabelTypes>

/** What a text is of: a name, a definition, and what a fit has to be. */
interface Written {
  readonly format: string
  readonly name: string
  readonly definition: unknown
  readonly schemaFor: (fitted: unknown) => E.Either<FitError, Schema>
}

const writtenOf = (model: Fittable): Written => {
  if (model[kind] === 'mixture') {
    const mixture = model as unknown as AnyMixture
    const { name, definition } = mixture
    const schemaFor = (fitted: unknown) => pipe(forFit(mixture, fitted), E.map(fitOf))
    return { format: 'conjugate-mixture', name, definition, schemaFor }
  }
  const { components, labels } = model as unknown as AnyModel
  const ofSequences = model[kind] === 'hidden Markov model'
  return {
    format: ofSequences ? 'conjugate-hidden-markov-model' : 'conjugate-model',
    name: `${components.name}, ${labels.name}`,
    definition: { components: components.definition, labels: labels.definition },
    schemaFor: fitted => {
      const emitted = fitted as { readonly emissions?: unknown; readonly prior?: unknown } | null | undefined
      const ofComponents = ofSequences ? { components: emitted?.emissions, prior: emitted?.prior } : fitted
      return pipe(
        forFit(components, ofComponents),
        E.map(known => modelFitOf({ components: known, labels }, ofSequences)),
      )
    },
  }
}

/** Writes a fit as JSON with the version of its format; every bit comes back by {@link fitFromText}. */
export const fitToText: {
  <M extends Fittable>(fitted: NoInfer<TypesOf<M>['fit']>): (model: Given<M>) => E.Either<FitError, string>
  <M extends Fittable>(model: Given<M>, fitted: TypesOf<M>['fit']): E.Either<FitError, string>
} = dual((given: Given<Fittable>, fitted: unknown) =>
  tried(() =>
    pipe(
      checkFittable(given),
      E.map(writtenOf),
      E.map(({ format, name, definition }) => toText({ format, version: VERSION, name, definition, fit: fitted })),
    ),
  ),
) as never

/**
 * Reads the fit that a text holds. Errors: the text is no fit as a whole, which is told with the place that is wrong; it is of
 * another version, or of another model than this one.
 */
export const fitFromText: {
  (text: string): <M extends Fittable>(model: Given<M>) => E.Either<FitError, TypesOf<M>['fit']>
  <M extends Fittable>(model: Given<M>, text: string): E.Either<FitError, TypesOf<M>['fit']>
} = dual((given: Given<Fittable>, text: string) =>
  tried(() =>
    pipe(
      checkFittable(given),
      E.chain(model => read(writtenOf(model), text)),
    ),
  ),
) as never

const read = ({ format, name, definition, schemaFor }: Written, text: string): E.Either<FitError, unknown> => {
  const unreadable = (what: string, expected: string, received: string): E.Either<FitError, never> =>
    E.left({ _tag: 'UnreadableFit', what, expected, received })
  if (typeof text !== 'string') return unreadable('text', 'a text', describeValue(text))
  const parsed = fromText(text)
  if (E.isLeft(parsed)) return unreadable('text', 'JSON', parsed.left)
  const own = toText(definition)
  const fitted = (parsed.right as { readonly fit?: unknown } | null)?.fit
  const known = schemaFor(fitted)
  if (E.isLeft(known)) return unreadable('fit.prior', 'a prior of this mixture', describeFitError(known.left))
  const whole = allOf(
    exactlyAt('format', format),
    exactlyAt('version', VERSION),
    exactlyAt('name', name),
    object({ definition: is('that of this mixture', value => toText(value) === own), fit: known.right }),
  )
  const found = whole(parsed.right)
  return found
    ? unreadable(found.path.slice(1) || 'text', found.expected, found.received)
    : E.right((parsed.right as { readonly fit: unknown }).fit)
}

/** One property, before anything else is looked at. */
const exactlyAt = (name: string, value: string | number): Schema => object({ [name]: oneOf(value) })
