import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../../contract/densities.js'
import { mismatch } from '../../contract/errors.js'
import type { Densities, ExecutorError, LoadedRows, StatisticsOf } from '../../contract/executor.js'
import {
  mayLoseNorms,
  mayOverflow,
  overflowAt,
  overflowOfExpectation,
  overflowOfSums,
} from '../../contract/overflow.js'
import { checkResponsibilities } from '../../contract/responsibilities.js'
import { type CheckedRows, checkRowWeights } from '../../contract/rows.js'
import { expectationOf, totalsIn } from './expectation.js'
import type { Memory } from './host.js'
import type { Kernel } from './kernel.js'
import { ownMemories } from './memories.js'
import { type Given, runPass, sumGiven } from './passes.js'
import { disposed, failed, largestIn, mayLeaveOut, prepare, type Resident, storeRows } from './resident.js'
import { drawsIn, type Pass, type PassResults, placeOf, predictionIn, resultsOf } from './results.js'
import { sumRange, type Workspace } from './workspace.js'

/** What is there at once, or comes later. */
export type Answer<A> = E.Either<ExecutorError, A> | Promise<E.Either<ExecutorError, A>>

/** What has to be there to compute the sums and the results of rows. */
export interface Engine {
  readonly resident: Resident
  /** The greatest size of a value, or more. */
  readonly largest: () => number
  /** Adds up the sums of all ranges in their order, once memory is ready for it, and makes something of them before all else. */
  readonly summed: <A>(
    prepared: (resident: Resident) => E.Either<ExecutorError, Workspace>,
    end: (totals: Float64Array) => A,
  ) => Answer<A>
  /** The sums with N x K given responsibilities, or by N labels. */
  readonly sumsGiven: (densities: Densities, responsibilities: Given) => Answer<Float64Array>
  /** What is drawn, is by a seed; they may be written to an array that is there. */
  readonly results: <P extends Pass>(
    pass: P,
    densities: Densities,
    seed?: number,
    into?: PassResults[P],
  ) => Answer<PassResults[P]>
  readonly ranOn?: () => string
  readonly dispose: () => void
}

/** The code of steps that may leave something out: an import takes a good part of a millisecond each time. */
let stepCode: typeof import('../skipping/sums.js') | undefined

/** Loads that code with the first such step; without sums everything has to be computed. */
const sumsOfStep = async (
  engine: Engine,
  densities: Densities,
  sequence: object,
): Promise<E.Either<ExecutorError, Float64Array> | undefined> => {
  if (stepCode === undefined) {
    const code = await TE.tryCatch(() => import('../skipping/sums.js'), failed)()
    if (E.isLeft(code)) return code
    stepCode = code.right
  }
  return stepCode.sumsOfStep(engine, densities, sequence)
}

/** Norms whose terms overflow both ways are those of rows as far away as they may be. */
const withoutNaN = (logs: Float64Array): Float64Array => {
  for (let i = 0; i < logs.length; i++) if (Number.isNaN(logs[i])) logs[i] = Number.NEGATIVE_INFINITY
  return logs
}

/**
 * Rows on an engine, with densities that are checked, and so are results. Functions are called in every iteration, so without
 * `pipe`.
 */
export const loadedRows = (engine: Engine): LoadedRows => {
  const { resident, largest, summed, sumsGiven, results, ranOn, dispose } = engine
  const { rows, columns, factors } = resident.shape
  const overflowOfLogits = async (densities: Densities): Promise<ExecutorError | undefined> => {
    const logs = await results('logDensities', densities)
    return E.isLeft(logs) ? logs.left : overflowAt(logs.right, densities.components)
  }
  /** Log densities are looked at by themselves where they may be none: the kernel takes NaN for the least of numbers. */
  const check = async <D extends Densities>(given: D): Promise<E.Either<ExecutorError, D>> => {
    const checked = checkDensities({ columns, factors }, given)
    if (E.isLeft(checked) || !mayOverflow(checked.right, largest)) return checked
    const wrong = await overflowOfLogits(checked.right)
    return wrong ? E.left(wrong) : checked
  }
  const run =
    <P extends Pass>(
      pass: P,
      densities: Densities,
      seed?: number,
      into?: PassResults[P],
    ): TE.TaskEither<ExecutorError, PassResults[P]> =>
    async () => {
      const checked = await check(densities)
      return E.isLeft(checked) ? checked : results(pass, checked.right, seed, into)
    }
  const sumsOf = async <D extends Densities>(
    densities: D,
    given: Given,
  ): Promise<E.Either<ExecutorError, StatisticsOf<D>>> => {
    const checked = checkDensities({ columns, factors }, densities)
    if (E.isLeft(checked)) return checked
    const totals = await sumsGiven(checked.right, given)
    if (E.isLeft(totals)) return totals
    const { statistics } = expectationOf(checked.right, totals.right)
    const overflow = overflowOfSums(statistics)
    return overflow ? E.left(overflow) : E.right(statistics)
  }
  return {
    rows,
    columns,
    ...(ranOn && { ranOn }),
    expectation: (densities, options) => async () => {
      const weights = checkRowWeights(rows, options)
      if (E.isLeft(weights)) return weights
      const checked = await check(densities)
      if (E.isLeft(checked)) return checked
      // Other weights than those of the rows make a step by itself.
      const sequence = weights.right === undefined ? options?.sequence : undefined
      const answer =
        (sequence &&
          mayLeaveOut(resident.shape) &&
          checked.right.components > 2 &&
          (await sumsOfStep(engine, checked.right, sequence))) ||
        summed(
          there => prepare(there, checked.right, weights.right),
          sums => sums,
        )
      const totals = answer instanceof Promise ? await answer : answer
      if (E.isLeft(totals)) return totals
      const found = expectationOf(checked.right, totals.right)
      const wrong = overflowOfExpectation(found, async () => results('logProb', checked.right))
      const overflow = wrong instanceof Promise ? await wrong : wrong
      return overflow ? E.left(overflow) : E.right(found)
    },
    responsibilities: densities =>
      pipe(
        run('responsibilities', densities),
        TE.map(data => ({ rows, columns: densities.components, data })),
      ),
    assignments: densities => run('assignments', densities),
    logProb: densities => run('logProb', densities),
    prediction: densities =>
      pipe(
        run('prediction', densities),
        TE.map(all => predictionIn(all, densities.components)),
      ),
    logDensities: (densities, into) =>
      pipe(
        run('logDensities', densities, undefined, into),
        TE.map(data => ({
          rows,
          columns: densities.components,
          data: mayLoseNorms(densities, largest) ? withoutNaN(data) : data,
        })),
      ),
    weightedStatistics: (densities, responsibilities) => async () => {
      const given = checkResponsibilities(responsibilities, rows, densities)
      return E.isLeft(given) ? given : sumsOf(densities, given.right)
    },
    draws: (densities, seed) => pipe(run('draws', densities, seed), TE.map(drawsIn)),
    labelStatistics: (densities, labels) => async () => {
      if (labels.length !== rows) return E.left(mismatch('labels', rows, labels.length))
      const beyond = labels.find(label => label >= densities.components)
      return beyond === undefined
        ? sumsOf(densities, labels)
        : E.left(mismatch('components of the labels', densities.components, beyond + 1))
    },
    dispose,
  }
}

/** Sums over all ranges, in the calling thread, each of which is left in the first slot; where responsibilities are given, of these. */
const addUp = (workspace: Workspace, given?: Given): Float64Array => {
  const totals = totalsIn(workspace)
  for (let range = 0; range < workspace.layout.ranges; range++) {
    if (given) sumGiven(workspace, range, 0, given)
    else sumRange(workspace, range, 0)
    totals.add(0)
  }
  return totals.found()
}

/** The sums of all rows with given responsibilities, in the calling thread. */
export const sumsGivenOf = (workspace: Workspace, given: Given): Float64Array => addUp(workspace, given)

const resultsOfAll = <P extends Pass>(
  pass: P,
  workspace: Workspace,
  seed: number,
  into: PassResults[P] | undefined,
): PassResults[P] => {
  const { layout } = workspace
  const target = resultsOf(pass, layout, layout.rows, into)
  for (let range = 0; range < layout.ranges; range++)
    runPass(pass, workspace, range, target, placeOf(layout, range).row, seed)
  return target
}

/** Rows in a memory of the calling thread. */
export const rowsOn = (initial: Resident): LoadedRows => {
  let resident: Resident | undefined = initial
  const prepared = (densities: Densities): E.Either<ExecutorError, Workspace> =>
    resident === undefined ? E.left(disposed) : prepare(resident, densities)
  return loadedRows({
    resident: initial,
    largest: largestIn(initial),
    summed: (ready, end) => {
      const workspace = resident === undefined ? E.left(disposed) : ready(resident)
      if (E.isLeft(workspace)) return workspace
      return E.right(end(addUp(workspace.right)))
    },
    sumsGiven: (densities, responsibilities) => {
      const workspace = prepared(densities)
      return E.isLeft(workspace) ? workspace : E.right(sumsGivenOf(workspace.right, responsibilities))
    },
    results: (pass, densities, seed = 0, into) => {
      const workspace = prepared(densities)
      return E.isLeft(workspace) ? workspace : E.right(resultsOfAll(pass, workspace.right, seed, into))
    },
    dispose: () => {
      resident = undefined
    },
  })
}

/** Loads rows into the calling thread, in a memory that other rows are loaded in once these have been disposed of. */
export const loadRows = (kernel: Kernel, checked: CheckedRows): TE.TaskEither<ExecutorError, LoadedRows> => {
  let memory: Memory | undefined
  const release = (): void => {
    if (memory) ownMemories.release(memory)
    memory = undefined
  }
  return pipe(
    storeRows(kernel, checked, 1, pages => {
      memory = ownMemories.take(pages)
      return memory
    }),
    TE.bimap(
      error => {
        release()
        return error
      },
      resident => {
        const rows = rowsOn(resident)
        const dispose = (): void => {
          rows.dispose()
          release()
        }
        return { ...rows, dispose }
      },
    ),
  )
}
