import type { InvalidOption } from '@conjugate/em'
import { invalidOption } from '@conjugate/em'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { checkLength, type Field, steps, unitsPerNat } from '../grid/field.js'

/**
 * For each place one unit more than all of its neighbours weigh: what a label costs beyond that changes no labels, so that
 * costs of any size, infinite ones too, are whole numbers within Int32. `weights` are as those of a field.
 */
export const limitsOf = ({ width, height }: Field, weights: Int32Array): Int32Array => {
  const places = width * height
  const limits = new Int32Array(places).fill(1)
  for (let d = 0; d < 4; d++) {
    const offset = steps[d]!.y * width + steps[d]!.x
    for (let n = 0, at = d * places; n < places; n++, at++) {
      if (weights[at] === 0) continue
      limits[n]! += weights[at]!
      limits[n + offset]! += weights[at]!
    }
  }
  return limits
}

/** A cost in units, within the limit of its place. */
export const unitsOf = (nats: number, limit: number): number =>
  Math.max(-limit, Math.min(limit, Math.round(nats * unitsPerNat)))

/** Checks one cost for each place. Errors: there are others than N; one is NaN. */
export const checkCosts = (
  option: string,
  costs: ArrayLike<number>,
  length: number,
): E.Either<InvalidOption, ArrayLike<number>> => {
  const checked = checkLength(option, costs, length)
  if (E.isLeft(checked)) return checked
  for (let i = 0; i < length; i++)
    if (!(costs[i]! <= Number.POSITIVE_INFINITY))
      return invalidOption(`${option}[${i}]`, 'a number, or an infinity', describeValue(costs[i]))
  return checked
}
