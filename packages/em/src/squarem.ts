import * as E from 'fp-ts/lib/Either.js'
import { checkAscent, evaluate, type Step } from './evaluate.js'
import type { EMModel, Iteration, Position } from './model.js'

/** Parameters as a vector, for example of natural parameters, in which steps can be extrapolated. */
export interface Coordinates<Parameters> {
  readonly toVector: (parameters: Parameters) => Float64Array
  /** The parameters of a vector. Errors: the vector stands for no parameters, since an extrapolation can go too far. */
  readonly fromVector: (vector: Float64Array) => E.Either<unknown, Parameters>
}

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))

/** Equal entries have not moved, infinite ones too: a probability that stays 0, as a logarithm. */
const subtract = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => (v === b[i] ? 0 : v - b[i]!))

/** How far a leap goes, in EM steps; 1 is EM itself. It may grow by this factor after each leap that was as long as allowed. */
const GROWTH = 4

interface Leap {
  readonly target: Float64Array
  readonly length: number
}

/**
 * Where two EM steps from `start` over `first` to `second` point to: start + 2 a r + a^2 v with r the first step, v the
 * change between the steps and a = |r|/|v|, at most `longest`. `undefined` where that is no further than `second` itself.
 */
const extrapolate = (
  start: Float64Array,
  first: Float64Array,
  second: Float64Array,
  longest: number,
): Leap | undefined => {
  const r = subtract(first, start)
  const v = subtract(subtract(second, first), r)
  const length = Math.min(norm(r) / norm(v), longest)
  // Not a number where nothing moves, or where a coordinate is infinite.
  if (!(length > 1)) return undefined
  return { target: start.map((s, i) => s + 2 * length * r[i]! + length * length * v[i]!), length }
}

/**
 * The path of EM with every second step extrapolated from the two before it. A step that would lower the objective, or
 * leave the parameter space, is replaced by the plain EM step, so the path still never falls; it may end in another local
 * maximum than plain EM. It yields one point for each accepted step; a rejected one costs an E-step without a point.
 *
 * Source: Varadhan and Roland, Simple and globally convergent methods for accelerating the convergence of any EM
 * algorithm (2008), scheme S3.
 */
export const squarem =
  <P>(coordinates: Coordinates<P>) =>
  <S, F>(model: EMModel<P, S, F>): ((initial: P, position?: Position<P>) => AsyncGenerator<Step<P, S, F>, void>) => {
    type Point = Iteration<P, S>

    /** The point that plain EM reaches, where the M-step has been done. */
    const plain = async (before: Point, parameters: P): Promise<Step<P, S, F>> => {
      const after: Step<P, S, F> = await evaluate(model, parameters, before.index + 1)
      return E.isLeft(after) ? after : checkAscent(model, before, after.right)
    }

    /** The extrapolated point, if it is one and not below `before`. */
    const reach = async (before: Point, target: Float64Array): Promise<Point | undefined> => {
      const parameters = coordinates.fromVector(target)
      if (E.isLeft(parameters)) return undefined
      const reached: Step<P, S, F> = await evaluate(model, parameters.right, before.index + 1)
      return E.isRight(reached) && reached.right.objective >= before.objective ? reached.right : undefined
    }

    return async function* (initial, position = { index: 0, parameters: initial }) {
      let step = await evaluate(model, position.parameters, position.index)
      let start: P | undefined = position.cycle?.start ?? undefined
      let longest = position.cycle?.longest ?? GROWTH

      const leap = async (from: P, before: Point, next: P): Promise<Point | undefined> => {
        const [a, b, c] = [from, before.parameters, next].map(coordinates.toVector)
        const found = extrapolate(a!, b!, c!, longest)
        if (found === undefined) return undefined
        const reached = await reach(before, found.target)
        if (found.length === longest) longest = reached ? longest * GROWTH : Math.max(GROWTH, longest / GROWTH)
        return reached
      }

      for (;;) {
        if (E.isLeft(step)) {
          yield step
          return
        }
        const before: Point = step.right
        yield E.right({ ...before, position: { ...before.position, cycle: { start: start ?? null, longest } } })
        const next = model.maximize(before.expectation.statistics)
        if (E.isLeft(next)) {
          yield E.left({ _tag: 'StepFailed', step: 'maximization', iteration: before.index, cause: next.left })
          return
        }
        const leapt: Point | undefined = start === undefined ? undefined : await leap(start, before, next.right)
        step = leapt ? E.right(leapt) : await plain(before, next.right)
        // Steps alternate: a plain one from the start of a cycle, then one that may leap and start the next cycle.
        start = start === undefined ? before.parameters : undefined
      }
    }
  }
