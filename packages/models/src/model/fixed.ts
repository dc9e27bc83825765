import { invalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes } from './component-model.js'
import type { Fixed, OpenModel } from './em-model.js'
import type { Model, ModelParameters } from './model.js'

/** Errors: something is to stay as it starts that the model does not learn. */
export const checkFixed =
  <C extends ComponentTypes, L extends LabelTypes>(
    { components: { joint } }: Pick<Model<C, L>, 'components'>,
    { bound }: OpenModel<C, L>,
    fixed: Fixed | undefined,
  ) =>
  ({ components }: ModelParameters<C, L>): E.Either<FitError, void> => {
    const { components: numbers = [], ...names } = fixed ?? {}
    const learnt = Object.keys(bound.initial)
    const unknown = Object.keys(names).find(name => !learnt.includes(name))
    const wrong = (option: string, expected: string, received: string): E.Either<FitError, never> =>
      invalidOption(option, expected, received)
    if (unknown !== undefined) return wrong(`fixed.${unknown}`, `components or ${learnt.join(', ')}`, 'unknown')
    if (joint && numbers.length > 0)
      return wrong('fixed.components', 'none, since the components share parameters', `[${numbers.join(', ')}]`)
    const most = components.length - 1
    const outside = numbers.findIndex(k => k > most)
    return outside < 0
      ? E.right(undefined)
      : wrong(`fixed.components[${outside}]`, `a whole number from 0 to ${most}`, String(numbers[outside]))
  }
