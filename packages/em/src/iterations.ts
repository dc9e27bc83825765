import * as E from 'fp-ts/lib/Either.js'
import { checkAscent, evaluate, type Step } from './evaluate.js'
import type { EMModel } from './model.js'

/**
 * The path of EM from initial parameters: the initial point, then one point for each M-step, without end. It ends after
 * the first error. Progress bars, stopping rules and checkpoints are consumers; nothing is computed before it is asked
 * for.
 *
 * Errors: a step that fails, an objective that is not finite, and an objective that falls by more than rounding.
 */
export const iterations = <P, S, F>(model: EMModel<P, S, F>): ((initial: P) => AsyncGenerator<Step<P, S, F>, void>) =>
  async function* (initial) {
    let step = await evaluate(model, initial, 0)
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
