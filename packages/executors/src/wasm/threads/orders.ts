import * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError, LoadedRows } from '../../contract/executor.js'
import { totalsIn } from '../kernel/expectation.js'
import { type Answer, loadedRows, sumsGivenOf } from '../kernel/loaded.js'
import { type Given, runPass } from '../kernel/passes.js'
import { disposed, failed, growTo, largestIn, pagesOf, prepare, type Resident } from '../kernel/resident.js'
import { type Pass, type PassResults, passNames, placeOf, putRange, resultsOf } from '../kernel/results.js'
import { sumRange, type Workspace } from '../kernel/workspace.js'
import { awakeFor } from './channel.js'
import * as control from './control.js'
import type { Crew } from './crew.js'
import { endOfGiven, isWorthThreads, orderOf, putGiven, rangesAtOnce, sumPut } from './given.js'
import type { Report } from './messages.js'

/** What the calling thread sleeps for. */
interface Waiting {
  readonly hear: (report: Report) => void
  readonly isOver: () => boolean
  readonly wake: (failure: ExecutorError | undefined) => void
}

/** Adds the sums of all ranges in the order of the rows, as a single thread does. */
const addUp = (workspace: Workspace): Float64Array => {
  const totals = totalsIn(workspace)
  for (let range = 0; range < workspace.layout.ranges; range++) totals.add(range)
  return totals.found()
}

/**
 * Goes on at once with what is there, and with what comes later before any other order, which waits for the same: slots have to be read
 * by then, so that a step of a promise between them would be too late.
 */
const after = <A, B>(answer: Answer<A>, next: (found: A) => Answer<B>): Answer<B> => {
  if (answer instanceof Promise) return answer.then(found => (E.isLeft(found) ? found : next(found.right)))
  return E.isLeft(answer) ? answer : next(answer.right)
}

/** Orders to a crew, one at a time. The calling thread takes ranges like any other, so that it waits for nobody to begin. */
export const orders = (
  initial: Resident,
  describe: (threads: number, missing: string | undefined) => string,
  crewOf: (wake: (failure?: ExecutorError, report?: Report) => void) => Crew,
): { readonly crew: Crew; readonly rows: LoadedRows } => {
  const counters = control.controlOf(initial.memory.buffer, initial.shape.threads)
  const awake = awakeFor()
  let resident: Resident | undefined = initial
  let waiting: Waiting | undefined
  /** What is under way while this thread sleeps. */
  let busy: Promise<unknown> | undefined
  const crew = crewOf((failure, report) => {
    if (report) waiting?.hear(report)
    if (failure || waiting?.isOver()) waiting?.wake(failure)
  })
  const sleep = <A>(found: A, isOver: () => boolean, hear: Waiting['hear']): Promise<E.Either<ExecutorError, A>> => {
    const isAwake = crew.need()
    const woken = new Promise<ExecutorError | undefined>(wake => {
      waiting = { hear, isOver, wake }
    }).then(failure => {
      waiting = busy = undefined
      isAwake()
      return failure ? E.left(failure) : E.right(found)
    })
    busy = woken
    return woken
  }
  const order = <A>(
    prepared: (resident: Resident) => E.Either<ExecutorError, Workspace>,
    run: (workspace: Workspace) => Answer<A>,
  ): Answer<A> => {
    if (busy) return busy.then(() => order(prepared, run))
    const failure = resident ? crew.failure() : disposed
    if (failure || !resident) return E.left(failure ?? disposed)
    const last = resident.last
    const workspace = prepared(resident)
    if (E.isLeft(workspace)) return workspace
    if (resident.last !== last) control.laidOut(counters)
    return run(workspace.right)
  }
  const preparedFor =
    (densities: Densities) =>
    (there: Resident): E.Either<ExecutorError, Workspace> =>
      prepare(there, densities)
  const take = (): number => control.take(counters, control.CALLER)
  /** Computes ranges of an order until all of them have been taken. How many this thread took. */
  const takePart = (
    pass: number,
    { layout: { ranges } }: Workspace,
    compute: (range: number) => void,
    seed?: number,
  ): number => {
    control.dispatch(counters, pass, ranges, seed)
    let computed = 0
    for (let range = take(); range !== control.NONE; range = take(), computed++) compute(range)
    return computed
  }
  /** Has all ranges leave their sums in slots. */
  const sums = (
    pass: number,
    workspace: Workspace,
    compute: (range: number) => void,
    first?: number,
  ): Answer<Workspace> => {
    const { ranges } = workspace.layout
    const areDone = (): boolean => control.allDone(counters, ranges)
    control.finish(counters, takePart(pass, workspace, compute, first), ranges)
    if (control.lookFor(areDone, awake)) return E.right(workspace)
    control.callerSleeps(counters)
    // A worker may have finished before the flag was set, and then wakes nobody: look again.
    return areDone() ? E.right(workspace) : sleep(workspace, areDone, () => {})
  }
  /** The sums with what is given, from a range on, some ranges at a time. */
  const sumsFrom = (workspace: Workspace, given: Given, first: number): Answer<Float64Array> => {
    const { layout } = workspace
    const [{ memory }, pass] = [initial, orderOf(given)]
    putGiven(memory, layout, given, first)
    const next = first + rangesAtOnce(layout, pass)
    return after(
      sums(pass, workspace, range => sumPut(memory, workspace, range, pass, first), first),
      there => (next < layout.ranges ? sumsFrom(there, given, next) : E.right(addUp(there))),
    )
  }
  const sumsGiven = (workspace: Workspace, given: Given): Answer<Float64Array> => {
    const { layout } = workspace
    if (!isWorthThreads(layout)) return E.right(sumsGivenOf(workspace, given))
    const grown = E.tryCatch(() => growTo(initial.memory, pagesOf(endOfGiven(layout, orderOf(given)))), failed)
    // Where there is no room for it, this thread finds the same by itself.
    return E.isRight(grown) ? sumsFrom(workspace, given, 0) : E.right(sumsGivenOf(workspace, given))
  }
  const results = <P extends Pass>(
    pass: P,
    workspace: Workspace,
    seed: number,
    into: PassResults[P] | undefined,
  ): Answer<PassResults[P]> => {
    const { layout } = workspace
    const found = resultsOf(pass, layout, layout.rows, into)
    let missing = layout.ranges
    const compute = (range: number): void => {
      runPass(pass, workspace, range, found, placeOf(layout, range).row, seed)
      missing--
    }
    takePart(control.FIRST_PASS + passNames.indexOf(pass), workspace, compute, seed)
    const areThere = (): boolean => missing === 0
    if (areThere()) return E.right(found)
    return sleep(found, areThere, report => {
      if (report._tag !== 'Results') return
      putRange(pass, layout, report.range, report.values as PassResults[P], found)
      missing--
    })
  }
  const dispose = (): void => {
    if (resident === undefined) return
    ranOn()
    resident = undefined
    control.shutDown(counters)
    waiting?.wake(disposed)
  }
  // Counted while there are rows: the memory is used again.
  let ran = 1
  const ranOn = (): string => {
    if (resident) ran = 1 + control.helpersOf(counters)
    return describe(ran, crew.missing())
  }
  return {
    crew,
    rows: loadedRows({
      resident: initial,
      largest: largestIn(initial),
      ranOn,
      summed: (prepared, end) =>
        order(prepared, workspace =>
          after(
            sums(control.SUMS, workspace, range => sumRange(workspace, range, range)),
            there => E.right(end(addUp(there))),
          ),
        ),
      sumsGiven: (densities, given) => order(preparedFor(densities), workspace => sumsGiven(workspace, given)),
      results: (pass, densities, seed = 0, into) =>
        order(preparedFor(densities), workspace => results(pass, workspace, seed, into)),
      dispose,
    }),
  }
}
