import { fromText, toText } from '@conjugate/em'
import { allOf, is, object, oneOf, type Schema } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import { describeValue, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { fitOf } from '../checks/fitted.js'
import { checkMixture } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { MixtureFit } from '../mixture/fit.js'
import type { Mixture } from '../mixture/mixture.js'

const FORMAT = 'conjugate-mixture'
const VERSION = 2

/** Writes a fit as JSON with the version of its format; every bit comes back by {@link fitFromText}. */
export const fitToText =
  <P, S, W>({ name, definition }: Pick<Mixture<never, unknown, P, S, never, W>, 'name' | 'definition'>) =>
  (fitted: MixtureFit<P, S, W>): string =>
    toText({ format: FORMAT, version: VERSION, name, definition, fit: fitted })

/**
 * Reads the fit that a text holds. Errors: the text is no fit as a whole, which is told with the place that is wrong; it is of
 * another version, or of another mixture than this one.
 */
export const fitFromText =
  <Source, P, S, D extends Densities, W = Vector>(mixture: Mixture<Source, unknown, P, S, D, W>) =>
  (text: string): E.Either<FitError, MixtureFit<P, S, W>> => {
    const checked = checkMixture(mixture)
    if (E.isLeft(checked)) return checked
    const unreadable = (what: string, expected: string, received: string): E.Either<FitError, never> =>
      E.left({ _tag: 'UnreadableFit', what, expected, received })
    if (typeof text !== 'string') return unreadable('text', 'a text', describeValue(text))
    const parsed = fromText(text)
    if (E.isLeft(parsed)) return unreadable('text', 'JSON', parsed.left)
    const definition = toText(mixture.definition)
    const whole = allOf(
      exactlyAt('format', FORMAT),
      exactlyAt('version', VERSION),
      exactlyAt('name', mixture.name),
      object({
        definition: is('that of this mixture', value => toText(value) === definition),
        fit: fitOf(mixture),
      }),
    )
    const found = whole(parsed.right)
    return found
      ? unreadable(found.path.slice(1) || 'text', found.expected, found.received)
      : E.right((parsed.right as { readonly fit: MixtureFit<P, S, W> }).fit)
  }

/** One property, before anything else is looked at. */
const exactlyAt = (name: string, value: string | number): Schema => object({ [name]: oneOf(value) })
