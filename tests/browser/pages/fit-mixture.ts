import type { BackendRequest, ThreadCount } from '@conjugate/executors'
import { describeFitError, fit, gaussianMixture } from '@conjugate/models'

export interface FittedMixture {
  readonly backend: string
  readonly weights: ReadonlyArray<number>
  readonly means: ReadonlyArray<ReadonlyArray<number>>
  readonly covariances: ReadonlyArray<ReadonlyArray<number>>
  readonly objectives: ReadonlyArray<number>
  readonly assignments: ReadonlyArray<number>
}

/** 5,000 rows of 3 columns in three overlapping clusters, by arithmetic that is exact everywhere. */
const rows = (): number[][] => {
  let state = 1
  const step = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 16) / 2 ** 16
  }
  const bump = (): number => step() + step() + step() - 1.5
  return Array.from({ length: 5000 }, (_, n) => {
    const [x, y] = [bump(), bump()]
    return [100 + x + (n % 3) * 1.5, y - x / 2 + (n % 3 === 1 ? 2 : 0), bump() * 4]
  })
}

/** The same fit wherever it runs. */
export const fitMixture = async (
  backend: string,
  iterations: number,
  threads: ThreadCount = 'auto',
): Promise<FittedMixture> => {
  const model = gaussianMixture({
    components: 3,
    concentration: 2,
    prior: {
      mean: [100, 0, 0],
      meanPrecision: 0.1,
      degreesOfFreedom: 5,
      scale: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    },
  })
  const options = { iterations, seed: 3, backend: backend as BackendRequest, threads }
  const result = await fit(model, rows(), options)()
  if (result._tag === 'Left') throw new Error(describeFitError(result.left))
  const { weights, components, objectives, assignments } = result.right
  return {
    backend: result.right.backend,
    weights: Array.from(weights),
    means: components.map(c => Array.from(c.mean)),
    covariances: components.map(c => Array.from(c.covariance.data)),
    objectives,
    assignments: Array.from(assignments),
  }
}
