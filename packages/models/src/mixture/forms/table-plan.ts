import type { Support } from '@conjugate/distributions'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import type { Row } from '../../observations/tables.js'
import type { CellPair } from './form.js'
import type { Index } from './indices.js'
import {
  baseFrom,
  type PlanBase,
  type PlanCell,
  type RowColumn,
  type RowPlan,
  statisticsFrom,
  unplanned,
} from './row-plan.js'
import type { CellPlace } from './table-factors.js'

/** Which columns of a table are rows of what. */
interface Arranged {
  readonly pairs: ReadonlyArray<readonly [name: string, pair: CellPair]>
  readonly factors: ReadonlyArray<{ readonly places: ReadonlyArray<CellPlace> }>
  readonly indices: ReadonlyArray<Index>
  readonly others: ReadonlyArray<{
    readonly name: string
    readonly pair: CellPair
    readonly block: number | undefined
    readonly first: number
    readonly presence: number
  }>
  /** 0 where all columns are indices. */
  readonly linearColumns: number
}

const FINITE = { least: -Number.MAX_VALUE, greatest: Number.MAX_VALUE }

/** The rows of a table about a centre, as `rowsOf` writes them, as a plan. Errors: a column of which there is no expression. */
export const planOfTable = (
  { pairs, factors, indices, others, linearColumns }: Arranged,
  support: Support | undefined,
  centre: Row | undefined,
): E.Either<FitError, RowPlan> => {
  const mayMiss = support?._tag === 'Table' && support.missing
  const cells: PlanCell[] = []
  /** The first cell of each column. */
  const firstOf = new Map<string, number>()
  for (const [column, { likelihood, block, translation }] of pairs) {
    firstOf.set(column, cells.length)
    const own = likelihood.support
    const told = own && own._tag !== 'Table' ? own.values : undefined
    const values = block === undefined ? own?._tag === 'Number' && told : (told ?? FINITE)
    if (!values) return unplanned(`a column ${JSON.stringify(column)} of which there is none`)
    const about = translation && centre?.[column]
    const expected = support?._tag === 'Table' ? support.columns[column]!.expected : ''
    const cell = { column, values, expected, mayMiss }
    if (block === undefined) cells.push({ ...cell, centre: typeof about === 'number' ? about : 0 })
    else for (let part = 0; part < block; part++) cells.push({ ...cell, part, centre: (about as Vector)?.[part] ?? 0 })
  }
  const linear: RowColumn[] = new Array(Math.max(0, linearColumns - 1))
  const columns: RowColumn[] = []
  for (const { name, size, presence } of factors.flatMap(({ places }) => places)) {
    const cell = firstOf.get(name)!
    for (let i = 0; i < size; i++) columns.push({ _tag: 'Cell', cell: cell + i })
    linear[presence] = { _tag: 'Presence', cell }
  }
  for (const { places } of indices)
    columns.push({
      _tag: 'Index',
      digits: places.map(({ name, levels, radix }) => ({ cell: firstOf.get(name)!, levels, radix })),
    })
  const parts: PlanBase[] = []
  for (const { name, pair, block = 1, first, presence } of others) {
    const cell = firstOf.get(name)!
    const { statisticExpression } = pair.likelihood
    const base = baseFrom(pair.likelihood, block, cell)
    if (!statisticExpression || !base) return unplanned(`a column ${JSON.stringify(name)} of which there is none`)
    for (const [i, entry] of statisticsFrom(statisticExpression(block), cell).entries()) linear[first + i] = entry
    linear[presence] = { _tag: 'Presence', cell }
    parts.push(base)
  }
  return E.right({
    form: 'table',
    cells,
    columns: [...columns, ...(linearColumns > 0 ? [...linear, { _tag: 'LogBase', parts } as const] : [])],
  })
}
