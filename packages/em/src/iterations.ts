import * as E from 'fp-ts/lib/Either.js'
import { checkAscent, evaluate, type Step } from './evaluate.js'
import type { EMModel, Position } from './model.js'

/**
 * The path of EM from initial parameters: the initial point, then one point for each M-step, without end. It ends after
 * the first error. Progress bars, stopping rules and checkpoints are consumers; nothing is computed before it is asked
 * for. A position, of a point that a path has reached before, makes it go on from there instead.
 *
 * Errors: a step that fails, an objective that is not finite, and an objective that falls by more than rounding.
 */
export const iterations = <P, S, F>(
  model: EMModel<P, S, F>,
): ((initial: P, position?: Position<P>) => AsyncGenerator<Step<P, S, F>, void>) =>
  async function* (initial, position = { index: 0, parameters: initial }) {
    let step = await evaluate(model, position.parameters, position.index)
    for (;;) {
      yield step
      if (E.isLeft(step)) return
      const before = step.right
      const next = model.maximize(before.expectation.statistics)
      if (E.isLeft(next)) {
        yield E.left({ _tag: 'StepFailed', step: 'maximization', iteration: before.index, cause: next.left })
        return
      }
      const after: Step<P, S, F> = await evaluate(model, next.right, before.index + 1)
      step = E.isLeft(after) ? after : checkAscent(model, before, after.right)
    }
  }
