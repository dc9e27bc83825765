import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type { Densities, ExecutorError, LoadedRows, MixtureExpectation } from '../executor.js'
import type { CheckedRows } from '../rows.js'
import { addPartials, emptyTotals, expectationOf, partialsLength } from '../wasm/expectation.js'
import type { Kernel } from '../wasm/kernel.js'
import { remoteShare } from './remote.js'
import { type LocalShare, localShare, type Part, type Pass, type PassResults, type Share } from './share.js'

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

const loaded = (rows: number, columns: number, own: LocalShare, others: ReadonlyArray<Share>): LoadedRows => {
  const run =
    <D extends Densities, P extends Pass, A>(
      densities: D,
      pass: P,
      finish: (parts: ReadonlyArray<PassResults[P]>, densities: D) => A,
    ): TE.TaskEither<ExecutorError, A> =>
    // Called in every iteration, so without the calls that `pipe` would take.
    async () => {
      const checked = checkDensities(columns, densities)
      if (E.isLeft(checked)) return checked
      const pending = others.map(share => share.run(pass, checked.right)())
      const parts = [own.compute(pass, checked.right)]
      for (const share of others) share.stayAwake()
      for (const part of pending) parts.push(await part)
      const all = E.sequenceArray(parts)
      return E.isLeft(all) ? all : E.right(finish(all.right, checked.right))
    }
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
      own.end()
      for (const share of others) share.end()
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
  const keep = <S extends Share>(share: TE.TaskEither<ExecutorError, S>): TE.TaskEither<ExecutorError, S> =>
    pipe(
      share,
      TE.map(one => {
        opened.push(one)
        return one
      }),
    )
  const load = async (): Promise<E.Either<ExecutorError, LoadedRows>> => {
    // Workers first, since this thread is busy with its own part.
    const started = parts.slice(1).map(part => keep(remoteShare(kernel.variant, part))())
    const own = await keep(localShare(kernel, parts[0]!))()
    const others = E.sequenceArray(await Promise.all(started))
    if (E.isLeft(own)) return own
    return E.isLeft(others) ? others : E.right(loaded(rows, columns, own.right, others.right))
  }
  return pipe(
    load,
    TE.mapLeft(error => {
      // The others may have started.
      for (const share of opened) share.end()
      return error
    }),
  )
}
