import { fromText, toText } from '@conjugate/em'
import type { Densities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import type { MixtureFit } from '../mixture/fit.js'
import { componentCount, type Mixture } from '../mixture/mixture.js'

const FORMAT = 'conjugate-mixture'
const VERSION = 1

/** A fit as JSON with the version of its format; every bit comes back from it by {@link fitFromText}. */
export const fitToText =
  <P, S, W>({ name, definition }: Pick<Mixture<never, unknown, P, S, never, W>, 'name' | 'definition'>) =>
  (fitted: MixtureFit<P, S, W>): string =>
    toText({ format: FORMAT, version: VERSION, name, definition, fit: fitted })

/**
 * The fit that a text holds. Errors: a text that is no fit, of another version, or of another mixture than this one.
 */
export const fitFromText =
  <Source, P, S, D extends Densities, W = Vector>(mixture: Mixture<Source, unknown, P, S, D, W>) =>
  (text: string): E.Either<FitError, MixtureFit<P, S, W>> => {
    const unreadable = (what: string, expected: string, received: unknown): E.Either<FitError, never> =>
      E.left({ _tag: 'UnreadableFit', what, expected, received: String(received) })
    const parsed = fromText(text)
    if (E.isLeft(parsed)) return unreadable('text', 'JSON', parsed.left)
    const file = parsed.right as Partial<Record<'format' | 'version' | 'name' | 'definition' | 'fit', unknown>> | null
    if (file?.format !== FORMAT) return unreadable('format', FORMAT, file?.format)
    if (file.version !== VERSION) return unreadable('version', String(VERSION), file.version)
    if (file.name !== mixture.name) return unreadable('mixture', mixture.name, file.name)
    const definition = toText(file.definition)
    if (definition !== toText(mixture.definition))
      return unreadable('definition', toText(mixture.definition), definition)
    const fitted = file.fit as MixtureFit<P, S, W> | undefined
    const count = componentCount(mixture)
    if (fitted?.components?.length !== count)
      return unreadable('components', `${count} of them`, fitted?.components?.length)
    // Parameters that are none, from a text that was written by hand, have no finite densities.
    const densities = E.tryCatch(() => mixture.steps.densities(fitted.components), String)
    return E.isRight(densities) && densities.right.logConstant.every(c => Number.isFinite(c))
      ? E.right(fitted)
      : unreadable('components', 'parameters of the family', E.isLeft(densities) ? densities.left : 'others')
  }
