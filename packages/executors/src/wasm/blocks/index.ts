import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BlockOptions, LoadedBlocks, PredictionBlock, RowBlocks, Scratch } from '../../contract/blocks.js'
import { checkDensities } from '../../contract/densities.js'
import { mismatch } from '../../contract/errors.js'
import type { Densities, ExecutorError } from '../../contract/executor.js'
import { mayOverflow, overflowAt, overflowOfExpectation } from '../../contract/overflow.js'
import { checkRows } from '../../contract/rows.js'
import { expectationOf } from '../kernel/expectation.js'
import type { Kernel } from '../kernel/kernel.js'
import { runPass } from '../kernel/passes.js'
import { disposed, failed } from '../kernel/resident.js'
import { type Pass, type PassResults, predictionIn, resultsOf } from '../kernel/results.js'
import type { Workspace } from '../kernel/workspace.js'
import { describeThreads } from '../threads/describe.js'
import { type Place, placeFor } from './crew.js'
import { type Basket, basketFor } from './gather.js'
import { AREAS, type Room } from './room.js'
import { sumsOf } from './sums.js'
import { type Found, fromBlocks, fromScratch, type Supply, spool } from './supply.js'

const CHUNK_BYTES = 2 ** 21

/** Goes through all chunks: while one is worked on, the next is fetched. */
const throughChunks = async <Failure>(
  room: Room,
  supply: Supply<Failure>,
  use: (workspace: Workspace, chunk: number) => ExecutorError | undefined,
): Promise<Found<Failure, void>> => {
  let next: Promise<Found<Failure, void>> | undefined = room.chunks > 0 ? supply.fetch(room.whole(0), 0) : undefined
  try {
    for (let chunk = 0; chunk < room.chunks; chunk++) {
      const here = await next!
      next = undefined
      if (E.isLeft(here)) return here
      if (chunk + 1 < room.chunks) next = supply.fetch(room.whole(chunk + 1), (chunk + 1) % AREAS)
      const wrong = use(room.turnTo(chunk % AREAS, chunk), chunk)
      if (wrong) return E.left(wrong)
    }
    return E.right(undefined)
  } finally {
    await next
    await supply.end()
  }
}

const cancelled: ExecutorError = { _tag: 'Interrupted', backend: 'wasm', reason: 'the pass was cancelled' }

/** One after the other, whatever becomes of each. */
const inTurn = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <A>(work: () => Promise<A>): Promise<A> => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

/** What rows in blocks are computed with, once they have been looked at. */
interface Opened extends Place {
  readonly kernel: Kernel
  readonly scratch: Scratch | undefined
  /** The greatest size of a value. */
  readonly largest: number
}

const rowsOf = <Failure>(
  source: RowBlocks<Failure>,
  options: BlockOptions,
  { kernel, room, crew, scratch, largest }: Opened,
): LoadedBlocks<Failure> => {
  const { rows, columns } = source
  const { factors } = options
  const turns = inTurn()
  let isOver = false
  const newBasket = (): Basket => basketFor(source, room.chunkRows)
  let basket: Basket | undefined
  // Passes take turns, and have the memory of the one before: what is new in each has the collector run.
  const basketOfPasses = (): Basket => {
    basket ??= newBasket()
    return basket
  }
  const supply = (basketNow = basketOfPasses): Supply<Failure> =>
    scratch ? fromScratch(room, scratch) : fromBlocks(room, source, options, basketNow())
  const asked = (densities: Densities): E.Either<ExecutorError, Densities> =>
    isOver ? E.left(disposed) : checkDensities({ columns, factors }, densities)
  /** Looks at something of all rows under the densities that are prepared; tells what is wrong with the first row of which it is. */
  const look = async <P extends Pass>(
    pass: P,
    wrongIn: (values: PassResults[P]) => ExecutorError | undefined,
  ): Promise<Found<Failure, void>> =>
    throughChunks(room, supply(), (workspace, chunk) => {
      const target = resultsOf(pass, workspace.layout, workspace.layout.rows)
      runPass(pass, workspace, 0, target, 0)
      const wrong = wrongIn(target)
      return wrong && 'row' in wrong && wrong.row !== undefined
        ? { ...wrong, row: wrong.row + chunk * room.chunkRows }
        : wrong
    })
  /** Whether a row has the density 0, or what is wrong with one. */
  const logsOf = async (): Promise<Found<Failure, Float64Array>> => {
    let least = 0
    const found = await look('logProb', logs => {
      for (const log of logs) least = Math.min(least, log)
      return overflowAt(logs)
    })
    return E.isLeft(found) ? found : E.right(Float64Array.of(least))
  }
  const sums = async <D extends Densities>(densities: D, signal: AbortSignal | undefined) => {
    const all = room.prepare(densities)
    if (E.isLeft(all)) return all
    if (mayOverflow(densities, () => largest)) {
      const looked = await look('logDensities', logs => overflowAt(logs, densities.components))
      if (E.isLeft(looked)) return looked
    }
    const added = await sumsOf({ room, crew, all: all.right }, supply(), () =>
      isOver ? disposed : signal?.aborted ? cancelled : undefined,
    )
    if (E.isLeft(added)) return added
    const found = expectationOf(densities, added.right)
    const logs: { failure?: ExecutorError | Failure } = {}
    const wrong = await overflowOfExpectation(found, async () => {
      const looked = await logsOf()
      if (E.isRight(looked)) return looked
      logs.failure = looked.left
      return E.right(new Float64Array(0))
    })
    if (logs.failure !== undefined) return E.left(logs.failure)
    return wrong ? E.left(wrong) : E.right(found)
  }
  const predicted = async (
    densities: Densities,
    chunk: number,
    fetched: Supply<Failure>,
  ): Promise<Found<Failure, PredictionBlock>> => {
    if (isOver) return E.left(disposed)
    const ready = room.prepare(densities)
    if (E.isLeft(ready)) return ready
    const here = await fetched.fetch(room.whole(chunk), 0)
    if (E.isLeft(here)) return here
    const workspace = room.turnTo(0, chunk)
    const target = resultsOf('prediction', workspace.layout, workspace.layout.rows)
    runPass('prediction', workspace, 0, target, 0)
    const found = predictionIn(target, densities.components)
    const wrong = overflowAt(found.responsibilities.data, densities.components) ?? overflowAt(found.logProb)
    return wrong ? E.left(wrong) : E.right({ first: chunk * room.chunkRows, ...found })
  }
  return {
    rows,
    columns,
    description: describeThreads(
      kernel,
      crew.threads,
      crew.missing && `a worker did not start: ${crew.missing}`,
      scratch ? 'rows from a scratch file' : 'rows read in every pass',
    ),
    expectation: (densities, signal) => () =>
      turns(async () => {
        const checked = asked(densities)
        return E.isLeft(checked) ? checked : sums(checked.right as typeof densities, signal)
      }),
    predictions: async function* (densities) {
      const checked = asked(densities)
      if (E.isLeft(checked)) return yield checked
      const fetched = supply(newBasket)
      try {
        for (let chunk = 0; chunk < room.chunks; chunk++) {
          const found = await turns(() => predicted(checked.right, chunk, fetched))
          yield found
          if (E.isLeft(found)) return
        }
      } finally {
        await fetched.end()
      }
    },
    dispose: () => {
      const isFirst = !isOver
      isOver = true
      return turns(async () => {
        if (!isFirst) return
        crew.end()
        await scratch?.close().catch(() => {})
      })
    },
  }
}

/** Errors: what is said of the rows is nonsense. Of no rows at all, so that only shapes and the origin are looked at. */
const checkSource = (
  { rows, columns }: RowBlocks<unknown>,
  { origin, factors, chunkBytes = CHUNK_BYTES }: BlockOptions,
): E.Either<ExecutorError, number> =>
  !Number.isSafeInteger(rows) || rows < 0
    ? E.left(mismatch('rows', 0, rows))
    : !(chunkBytes > 0)
      ? E.left(mismatch('chunkBytes', CHUNK_BYTES, chunkBytes))
      : pipe(
          checkRows(
            { rows: 0, columns, data: new Float64Array(0) },
            { ...(origin && { origin }), ...(factors && { factors }) },
          ),
          E.map(() => chunkBytes),
        )

/** Rows in blocks on a kernel; see `loadBlocks`. */
export const blocksOn =
  (kernel: Kernel) =>
  <Failure>(
    source: RowBlocks<Failure>,
    options: BlockOptions = {},
  ): TE.TaskEither<ExecutorError | Failure, LoadedBlocks<Failure>> =>
    pipe(
      TE.fromEither(checkSource(source, options)),
      TE.chain(chunkBytes => placeFor(kernel, source, options, chunkBytes)),
      TE.bindTo('place'),
      TE.bindW('scratch', ({ place }) =>
        pipe(
          options.scratch ?? TE.right(undefined),
          TE.mapLeft(error => {
            place.crew.end()
            return error
          }),
        ),
      ),
      TE.chainW(({ place, scratch }) => async () => {
        const closed = async <A>(found: E.Either<ExecutorError | Failure, A>): Promise<Found<Failure, A>> => {
          if (E.isRight(found)) return found
          place.crew.end()
          await scratch?.close().catch(() => {})
          return found
        }
        try {
          const largest = await closed(await spool(place.room, source, options, scratch))
          return E.isLeft(largest)
            ? largest
            : E.right(rowsOf(source, options, { ...place, kernel, scratch, largest: largest.right }))
        } catch (error) {
          return closed(E.left(failed(error)))
        }
      }),
    )
