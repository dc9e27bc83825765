// Points of a path in the coordinates of the data, which are converted when they are first read: most of them nobody reads.
import type { Expectation, Iteration } from '@conjugate/em'

/** How what a point is made of is converted. */
export interface Conversion<P, S> {
  readonly parameters: (parameters: P) => P
  readonly expectation: (expectation: Expectation<S>) => Expectation<S>
}

const SOURCE = Symbol('source')

interface Moved {
  readonly [SOURCE]: {
    readonly point: Readonly<Record<string, unknown>>
    readonly conversion: Readonly<Record<string, (part: unknown) => unknown>>
    readonly converted: Record<string, unknown>
  }
}

/**
 * A property that is found when it is first read. All points share its getter: for objects with getters of their own, engines make a
 * hidden class each, which takes longer than the conversion and is seldom thrown away.
 */
const later = (part: keyof Conversion<never, never>): PropertyDescriptor & ThisType<Moved> => ({
  enumerable: true,
  get() {
    const { point, conversion, converted } = this[SOURCE]
    converted[part] ??= conversion[part]!(point[part])
    return converted[part]
  },
})

const [parameters, expectation] = [later('parameters'), later('expectation')]

/** The same point in other coordinates. */
export const movedPoint = <P, S>(point: Iteration<P, S>, conversion: Conversion<P, S>): Iteration<P, S> => {
  const { index, logPrior, objective, rounding, position } = point
  const moved = { index, logPrior, objective, rounding, position }
  Object.defineProperty(moved, SOURCE, { value: { point, conversion, converted: {} } })
  Object.defineProperty(moved, 'parameters', parameters)
  return Object.defineProperty(moved, 'expectation', expectation) as object as Iteration<P, S>
}
