import type { InvalidParameter } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Densities, StatisticsOf } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { ComponentSteps } from './mixture.js'

/** What components are that know nothing of each other: each has a prior and an M-step of its own. `D` is their form. */
export interface Independent<T extends ComponentTypes, D extends Densities> {
  readonly densities: (components: ReadonlyArray<T['component']>) => D
  readonly statistics: (densities: D, sums: StatisticsOf<D>) => ReadonlyArray<T['statistics']>
  /** One for each of the K components. */
  readonly maximize: ReadonlyArray<(statistics: T['statistics']) => E.Either<InvalidParameter, T['component']>>
  /** One for each of the K components. */
  readonly logPrior: ReadonlyArray<(component: T['component']) => number>
  readonly rounding: (densities: D, counts: Vector, spacing: number) => number
  /** One for each of the K components: see `ComponentSteps`. */
  readonly priorSize?: ReadonlyArray<(component: T['component']) => number>
  /** Of one component, as many numbers for each. */
  readonly coordinates: Coordinates<T['component']>
}

const ofEach = <P>({ toVector, fromVector }: Coordinates<P>, count: number): Coordinates<ReadonlyArray<P>> => ({
  toVector: components => Float64Array.from(components.flatMap(c => Array.from(toVector(c)))),
  fromVector: vector => {
    const size = vector.length / count
    const components: P[] = []
    for (let k = 0; k < count; k++) {
      const component = fromVector(vector.subarray(k * size, (k + 1) * size))
      if (E.isLeft(component)) return component
      components.push(component.right)
    }
    return E.right(components)
  },
})

/** Components side by side. */
export const independentComponents = <T extends ComponentTypes, D extends Densities>({
  densities,
  statistics,
  maximize,
  logPrior,
  rounding,
  priorSize,
  coordinates,
}: Independent<T, D>): ComponentSteps<T> => {
  /** Densities of an E-step, until its rounding is told. */
  const known = new WeakMap<ReadonlyArray<T['component']>, D>()
  const take = (components: ReadonlyArray<T['component']>): D => {
    const found = known.get(components)
    known.delete(components)
    return found ?? densities(components)
  }
  return {
    densities: components => {
      const found = densities(components)
      known.set(components, found)
      return found
    },
    // Sums are those of densities of the same form.
    statistics: statistics as unknown as ComponentSteps<T>['statistics'],
    maximize: all => {
      const components: T['component'][] = []
      for (const [k, s] of all.entries()) {
        const component = maximize[k]!(s)
        if (E.isLeft(component))
          return E.left({ ...component.left, parameter: `components[${k}].${component.left.parameter}` })
        components.push(component.right)
      }
      return E.right(components)
    },
    logPrior: components => components.reduce((sum, c, k) => sum + logPrior[k]!(c), 0),
    rounding: (components, counts, spacing) => rounding(take(components), counts, spacing),
    ...(priorSize && { priorSize: components => components.reduce((sum, c, k) => sum + priorSize[k]!(c), 0) }),
    coordinates: ofEach(coordinates, maximize.length),
  }
}
