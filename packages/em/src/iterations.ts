import * as E from 'fp-ts/lib/Either.js'
import type { EMError, EMModel, Iteration } from './model.js'

type Step<P, S, F> = E.Either<EMError<F>, Iteration<P, S>>

const evaluate = async <P, S, F>(model: EMModel<P, S, F>, parameters: P, index: number): Promise<Step<P, S, F>> => {
  const expectation = await model.expect(parameters)()
  if (E.isLeft(expectation))
    return E.left({ _tag: 'StepFailed', step: 'expectation', iteration: index, cause: expectation.left })
  const logPrior = model.logPrior(parameters)
  const objective = expectation.right.logLikelihood + logPrior
  return Number.isFinite(objective)
    ? E.right({ index, parameters, expectation: expectation.right, logPrior, objective })
    : E.left({ _tag: 'ObjectiveNotFinite', iteration: index, objective })
}

const roundingOf = <P, S, F>(model: EMModel<P, S, F>, { parameters, expectation, logPrior }: Iteration<P, S>): number =>
  1e-12 * (Math.abs(expectation.logLikelihood) + Math.abs(logPrior)) + (model.rounding?.(parameters, expectation) ?? 0)

const checkAscent = <P, S, F>(
  model: EMModel<P, S, F>,
  before: Iteration<P, S>,
  after: Iteration<P, S>,
): Step<P, S, F> => {
  if (after.objective >= before.objective) return E.right(after)
  const rounding = roundingOf(model, before) + roundingOf(model, after)
  return before.objective - after.objective <= rounding
    ? E.right(after)
    : E.left({
        _tag: 'ObjectiveDecreased',
        iteration: after.index,
        from: before.objective,
        to: after.objective,
        rounding,
      })
}

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
