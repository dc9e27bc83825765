import type { Random } from '@conjugate/distributions'
import { type LoadedBlocks, loadBlocks, type RowBlock, type ThreadCount, wasm } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { partsIn } from '../mixture/components.js'
import { rowsIn } from '../mixture/from-data.js'
import { type GrowingMoments, growingMoments, totalOf } from '../mixture/moments.js'
import { growingSizes } from '../mixture/sizes.js'
import { byName } from '../observations/named.js'
import { among, type Block, blocksOf, type OpenTable, through } from './blocks.js'
import type { Table } from './is-table.js'
import {
  aboutCentre,
  type Components,
  type Design,
  followed,
  type LoadedTable,
  loadedWithStart,
  type Parts,
  provisional,
  TO_START,
} from './loaded-table.js'
import { reading, rowsOfBlocks } from './rows-of-blocks.js'
import { drawn, evenly, type Sample } from './sample.js'
import type { Stopping } from './stopping.js'
import { type GrowingSum, growingSum } from './sum.js'

/** Observations among which a centre is found: as many as are looked at of those in memory. */
const LOOKED_AT = 1024

const weightsIn = ({ rowWeights }: Pick<Block, 'rowWeights'>) => rowWeights && { rowWeights }

/** Components of as many columns as a block has. */
const provisionalOf = (components: Components, data: unknown): E.Either<FitError, Parts> =>
  components.fromData
    ? pipe(
        rowsIn(data),
        E.chainW(({ columns }) => provisional(components, columns)),
      )
    : provisional(components, 0)

/** The first number of rows that is none; of a table's, cells that are missing have been told from those. */
const noNumberIn = ({ factors, rows: { columns, data } }: Design): FitError | undefined => {
  if (factors) return undefined
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number
    if (value - value !== 0) return { _tag: 'NonFiniteData', row: Math.floor(i / columns), column: i % columns, value }
  }
  return undefined
}

/** What the first round over a table tells. */
interface Counted {
  readonly parts: Parts
  /** How many observations count, and what they weigh. */
  readonly rows: number
  readonly total: number
}

/** The first round: whether all observations are the components', and how many there are. */
const counted = async (components: Components, table: OpenTable): Promise<E.Either<FitError, Counted>> => {
  let [parts, rows, total]: [Parts | undefined, number, number] = [undefined, 0, 0]
  const gone = await through(
    table,
    block => {
      const known = parts ? E.right(parts) : provisionalOf(components, block.data)
      if (E.isLeft(known)) return known
      parts = known.right
      const design = parts.designMatrix(block.data, weightsIn(block))
      if (E.isLeft(design)) return design
      const wrong = noNumberIn(design.right)
      if (wrong) return E.left(wrong)
      rows += design.right.rows.rows
      total += totalOf(design.right.rows.rows, block.rowWeights)
      return E.right(undefined)
    },
    true,
  )
  if (E.isLeft(gone)) return gone
  return rows === 0 || parts === undefined ? E.left({ _tag: 'NoRows' }) : E.right({ parts, rows, total })
}

/** What the second round tells: some of the observations, and where their means are. */
interface Sampled {
  readonly near: Sample
  readonly toStart: Sample
  readonly moments: GrowingMoments | undefined
  /** A check sum of the rows of which the moments are. */
  readonly seen: GrowingSum
}

/** What is said of a table that gives other observations than before. */
const changed: FitError = {
  _tag: 'UnreadableData',
  what: 'table',
  expected: 'the same rows every time it is read',
  received: 'others than before',
}

/** The rows of a block. */
const rowsOfBlock = (parts: Parts, block: Block, centre?: unknown): E.Either<FitError, Design> =>
  parts.designMatrix(block.data, centre === undefined ? weightsIn(block) : aboutCentre(centre))

const sampled = async (
  components: Components,
  table: OpenTable,
  { parts, rows, total }: Counted,
  random: Random,
): Promise<E.Either<FitError, Sampled>> => {
  const near = evenly(rows, LOOKED_AT)
  const toStart = drawn(rows, TO_START, random)
  const seen = growingSum()
  let moments: GrowingMoments | undefined
  const gone = await through(table, block => {
    const read = components.fromData
      ? rowsIn(block.data)
      : pipe(
          rowsOfBlock(parts, block),
          E.map(design => design.rows),
        )
    if (E.isLeft(read)) return read
    near.add(block.data, block.rowWeights, read.right.rows)
    toStart.add(block.data, block.rowWeights, read.right.rows)
    if (components.fromData && read.right.rows > 0) {
      moments ??= growingMoments(read.right.columns, total)
      moments.addToMean(read.right, block.rowWeights)
      seen.add(read.right.data as Float64Array, block.rowWeights)
    }
    return E.right(undefined)
  })
  return pipe(
    gone,
    E.chain(() => near.found()),
    E.bindTo('near'),
    E.bind('toStart', () => toStart.found()),
    E.map(found => ({ ...found, moments, seen })),
  )
}

/** What is made of blocks, which are disposed of unless something is. */
const kept = async <A>(
  blocks: LoadedBlocks<FitError>,
  use: () => TE.TaskEither<FitError, A>,
): Promise<E.Either<FitError, A>> => {
  let isKept = false
  try {
    const found = await use()()
    isKept = E.isRight(found)
    return found
  } finally {
    if (!isKept) await blocks.dispose()
  }
}

/**
 * Opens components on a table, in three rounds over it: how many observations there are, some of them, and all of them as rows.
 * The centre, the prior and the sums are those of the same observations in memory. Errors: those of the table and of the components;
 * those of the scratch.
 */
export const loadTable =
  (
    components: Components,
    given: Table<unknown>,
    random: Random,
    stops: Stopping,
    threads?: ThreadCount,
  ): TE.TaskEither<FitError, LoadedTable> =>
  async () => {
    const table: OpenTable = { table: given, components }
    const found = await reading(table, stops, () => loaded(components, table, random, stops, threads))
    // Columns are told by their names.
    return E.isLeft(found) && table.names ? E.left(byName(table.names)(found.left)) : found
  }

const loaded = async (
  components: Components,
  table: OpenTable,
  random: Random,
  stops: Stopping,
  threads: ThreadCount | undefined,
): Promise<E.Either<FitError, LoadedTable>> => {
  const first = await counted(components, table)
  if (E.isLeft(first)) return first
  const { parts, rows } = first.right
  const second = await sampled(components, table, first.right, random)
  if (E.isLeft(second)) return second
  const { near, toStart, moments, seen } = second.right
  const about = parts.designMatrix(near.data, near.rowWeights && { rowWeights: near.rowWeights })
  if (E.isLeft(about)) return about
  const { centre, origin, factors, rows: some } = about.right
  const { columns } = some
  const { scratch } = table.table
  const sizes = about.right.sizes && growingSizes({ columns, data: new Float64Array(0) }, undefined)
  const sum = growingSum()
  const taken = (block: Block, design: Design): void => {
    if (components.fromData) moments?.addToCovariance(design.rows as Matrix, block.rowWeights)
    sizes?.add(0, design.rows.rows, { data: design.rows.data as Float64Array, weights: block.rowWeights })
    sum.add(design.rows.data as Float64Array, block.rowWeights)
  }
  let isFirst = true
  async function* read(): AsyncGenerator<E.Either<FitError, RowBlock>, void> {
    const isCounting = isFirst
    isFirst = false
    const again = growingSum()
    for await (const block of blocksOf(table, true)) {
      if (E.isLeft(block)) return yield block
      const design = rowsOfBlock(parts, block.right, centre)
      if (E.isLeft(design)) return yield E.left(await among(table, block.right, design.left))
      if (isCounting) taken(block.right, design.right)
      else again.add(design.right.rows.data as Float64Array, block.right.rowWeights)
      yield E.right({ rows: design.right.rows, ...weightsIn(block.right) })
    }
    const other = isCounting ? moments && seen : again
    const expected = sum.found()
    if (other?.found().some((word, i) => word !== expected[i])) yield E.left(changed)
  }
  return pipe(
    loadBlocks<FitError>(
      { rows, columns, weighted: near.rowWeights !== undefined, read },
      {
        ...(origin && { origin }),
        ...(factors && { factors }),
        ...(scratch && { scratch }),
        ...(threads && { threads }),
      },
    ),
    TE.chain(
      blocks => () =>
        kept(blocks, () =>
          pipe(
            wasm,
            TE.bindTo('executor'),
            TE.bindW('known', () => TE.fromEither(followed(components, moments?.found))),
            TE.bindW('design', ({ known }) =>
              TE.fromEither(partsIn(known.components).designMatrix(toStart.data, aboutCentre(centre))),
            ),
            TE.bindW('loaded', ({ known, design, executor }) =>
              loadedWithStart(executor, {
                parts: partsIn(known.components),
                design,
                rowWeights: toStart.rowWeights,
                sizes: sizes?.found(),
                rows: rowsOfBlocks(blocks, table, stops),
                told: { fingerprint: () => [sum.found()] },
              }),
            ),
            TE.map(({ known, loaded }) => ({ ...known, ...(table.names && { names: table.names }), rows, loaded })),
          ),
        ),
    ),
  )()
}
