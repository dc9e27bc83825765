import {
  type Densities,
  type Executor,
  type ExpectationOptions,
  type LoadedRows,
  type LoadOptions,
  selectExecutor,
  type ThreadCount,
} from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'

export type Pass = 'responsibilities' | 'assignments' | 'logProb' | 'prediction' | 'logDensities'

const executors = new Map<string, Executor>()
const resident: LoadedRows[] = []

/** What a test asks of the executors of the page. Rows that are loaded go by a number. */
const host = {
  make: async (name: string, threads: ThreadCount) => {
    const made = await selectExecutor(name, threads)()
    if (E.isLeft(made)) return made
    executors.set(`${name} ${threads}`, made.right)
    const { backend, description, relativeRounding } = made.right
    return E.right({ backend, description, ...(relativeRounding !== undefined && { relativeRounding }) })
  },
  load: async (name: string, threads: ThreadCount, rows: Matrix, options: LoadOptions | undefined) => {
    const loaded = await executors.get(`${name} ${threads}`)!.load(rows, options)()
    return E.isLeft(loaded) ? loaded : E.right(resident.push(loaded.right) - 1)
  },
  expectation: (rows: number, densities: Densities, options: ExpectationOptions | undefined) =>
    resident[rows]!.expectation(densities, options)(),
  run: (rows: number, pass: Pass, densities: Densities) => resident[rows]![pass](densities)(),
  sums: (rows: number, densities: Densities, given: Matrix) => resident[rows]!.weightedStatistics(densities, given)(),
  dispose: (rows: number) => resident[rows]!.dispose(),
  /** Of TensorFlow.js, in the whole page. */
  tensors: async () => {
    const { getBackend, memory } = await import('@tensorflow/tfjs-core')
    return getBackend() ? memory().numTensors : 0
  },
}

declare global {
  var executorHost: typeof host
}

globalThis.executorHost = host
