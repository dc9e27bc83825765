import * as E from 'fp-ts/lib/Either.js'
import type { EMError, EMModel, Iteration } from './model.js'

/** A point of the path, or why it ends there. */
export type Step<P, S, F> = E.Either<EMError<F>, Iteration<P, S>>

/** The E-step at parameters, with the objective there. */
export const evaluate = async <P, S, F>(
  model: EMModel<P, S, F>,
  parameters: P,
  index: number,
): Promise<Step<P, S, F>> => {
  const expectation = await model.expect(parameters)()
  if (E.isLeft(expectation))
    return E.left({ _tag: 'StepFailed', step: 'expectation', iteration: index, cause: expectation.left })
  const logPrior = model.logPrior(parameters)
  const objective = expectation.right.logLikelihood + logPrior
  if (!Number.isFinite(objective)) return E.left({ _tag: 'ObjectiveNotFinite', iteration: index, objective })
  const point: Iteration<P, S> = {
    index,
    parameters,
    expectation: expectation.right,
    logPrior,
    objective,
    rounding: () => roundingOf(model, point),
    position: { index, parameters },
  }
  return E.right(point)
}

/** What float64 sums over millions of rows in blocks stay within. */
export const roundingOfSums = ({ expectation, logPrior }: Iteration<unknown, unknown>): number =>
  1e-12 * (Math.abs(expectation.logLikelihood) + Math.abs(logPrior))

const roundingOf = <P, S, F>(model: EMModel<P, S, F>, point: Iteration<P, S>): number =>
  roundingOfSums(point) +
  (model.rounding?.(point.parameters, point.expectation) ?? 0) +
  (point.expectation.rounding ?? 0)

/** The later of two points, or an error where the objective fell from one to the other by more than rounding. */
export const checkAscent = <P, S, F>(
  model: EMModel<P, S, F>,
  before: Iteration<P, S>,
  after: Iteration<P, S>,
): Step<P, S, F> => {
  const fall = before.objective - after.objective
  if (fall <= 0) return E.right(after)
  // Near its end a path falls by less than sums are off; the rest is then not asked for.
  if (fall <= roundingOfSums(before) + roundingOfSums(after)) return E.right(after)
  const rounding = roundingOf(model, before) + roundingOf(model, after)
  return fall <= rounding
    ? E.right(after)
    : E.left({
        _tag: 'ObjectiveDecreased',
        iteration: after.index,
        from: before.objective,
        to: after.objective,
        rounding,
      })
}
