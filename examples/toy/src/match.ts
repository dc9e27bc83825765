import type { Vector } from '@conjugate/linalg'
import type { Experiment } from './experiment.js'

const squaredDistance = (a: Vector, b: Vector): number =>
  Array.from(a).reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)

/**
 * For each true cluster the index of the fitted component that is nearest, of those that earlier clusters left: the
 * numbers of a mixture's components mean nothing by themselves.
 */
export const matchComponents = ({ truth, fitted }: Experiment): readonly number[] => {
  const left = new Set(fitted.components.keys())
  return truth.map(({ mean }) => {
    const distance = (k: number): number => squaredDistance(mean, fitted.components[k]?.mean ?? [])
    const nearest = [...left].reduce((best, k) => (distance(k) < distance(best) ? k : best))
    left.delete(nearest)
    return nearest
  })
}
