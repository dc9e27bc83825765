import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type { Densities, ExecutorError, LoadedRows, MixtureExpectation } from '../executor.js'
import type { CheckedRows } from '../rows.js'
import { addPartials, emptyTotals, expectationOf, partialsLength } from '../wasm/expectation.js'
import type { Kernel } from '../wasm/kernel.js'
import { remoteShare } from './remote.js'
import { localShare, type Part, type Pass, type PassResults, type Share } from './share.js'

/** Runs tasks at the same time. The first is meant to be the calling thread's own, so it is started last. */
const together = async <A>(
  tasks: ReadonlyArray<TE.TaskEither<ExecutorError, A>>,
  afterOwn: () => void = () => {},
): Promise<E.Either<ExecutorError, ReadonlyArray<A>>> => {
  const others = tasks.slice(1).map(task => task())
  const own = await Promise.all(tasks.slice(0, 1).map(task => task()))
  afterOwn()
  return E.sequenceArray([...own, ...(await Promise.all(others))])
}

/** One array after the other. */
const join = <A extends Float64Array | Int32Array>(parts: ReadonlyArray<A>, empty: A): A => {
  let at = 0
  for (const part of parts) {
    empty.set(part, at)
    at += part.length
  }
  return empty
}

/** Adds the partial sums of all ranges in the order of the rows, as a single thread does. */
const addUp = <D extends Densities>(parts: ReadonlyArray<Float64Array>, densities: D): MixtureExpectation<D> => {
  const totals = emptyTotals(densities)
  const length = partialsLength(densities)
  for (const part of parts)
    for (let at = 0; at < part.length; at += length) addPartials(part.subarray(at, at + length), totals)
  return expectationOf(densities, totals)
}

const loaded = (rows: number, columns: number, shares: ReadonlyArray<Share>): LoadedRows => {
  const run = <D extends Densities, P extends Pass, A>(
    densities: D,
    pass: P,
    finish: (parts: ReadonlyArray<PassResults[P]>, densities: D) => A,
  ): TE.TaskEither<ExecutorError, A> =>
    pipe(
      TE.fromEither(checkDensities(columns, densities)),
      TE.chain(checked =>
        pipe(
          () =>
            together(
              shares.map(share => share.run(pass, checked)),
              () => {
                for (const share of shares) share.stayAwake()
              },
            ),
          TE.map(parts => finish(parts, checked)),
        ),
      ),
    )
  return {
    rows,
    columns,
    expectation: densities => run(densities, 'partialSums', addUp),
    responsibilities: densities =>
      run(densities, 'responsibilities', (parts, { components }) => ({
        rows,
        columns: components,
        data: join(parts, new Float64Array(rows * components)),
      })),
    assignments: densities => run(densities, 'assignments', parts => join(parts, new Int32Array(rows))),
    logProb: densities => run(densities, 'logProb', parts => join(parts, new Float64Array(rows))),
    dispose: () => {
      for (const share of shares) share.end()
    },
  }
}

/** Loads the first part into the calling thread and each other part into a worker of its own. */
export const loadParts = (
  kernel: Kernel,
  { rows, columns }: CheckedRows,
  parts: ReadonlyArray<Part>,
): TE.TaskEither<ExecutorError, LoadedRows> => {
  const opened: Share[] = []
  const keep = TE.map((share: Share) => {
    opened.push(share)
    return share
  })
  return pipe(
    () =>
      together(parts.map((part, i) => keep(i === 0 ? localShare(kernel, part) : remoteShare(kernel.variant, part)))),
    TE.bimap(
      error => {
        // The others may have started.
        for (const share of opened) share.end()
        return error
      },
      shares => loaded(rows, columns, shares),
    ),
  )
}
