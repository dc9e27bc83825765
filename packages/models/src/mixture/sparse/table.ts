import { type ColumnPair, productPrior } from '@conjugate/distributions'
import type { Matrix, Vector } from '@conjugate/linalg'
import { describeValue, reading, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../../errors.js'
import type { ComponentTypes } from '../../model/component-model.js'
import { isSparse } from '../../observations/data.js'
import { type Row, unknownColumn } from '../../observations/tables.js'
import type { Places } from '../centre.js'
import type { Form, PairTypes, SourceRows } from '../forms/form.js'
import { formOf } from '../forms/of-pair.js'
import { isOwnStatistic } from '../forms/own-statistic.js'
import { arrange } from '../forms/product.js'
import { type Cells, pairOf } from '../forms/table-factors.js'
import type { Centring, DesignMatrix, MixtureParts } from '../mixture.js'
import type { ColumnSizes } from '../sizes.js'
import { type DensePart, linearRows, type SparsePlace } from './joined.js'
import { NOT_THE_ROW, type ReadSparse, readSparse, sizesIn } from './read.js'

type Columns = ReadonlyArray<readonly [name: string, pair: ColumnPair]>

/** A table that has been read: rows of the factors before the linear one, if there are any, and those of that one. */
export interface SparseTable<T extends ComponentTypes> {
  readonly design: DesignMatrix<T>
  readonly factors: Matrix | undefined
  readonly linear: ReturnType<typeof linearRows>
  readonly places: ReadonlyArray<SparsePlace>
  /** What is not sparse. */
  readonly others: SourceRows<Row> | undefined
}

/** Tells of which column an error of sparse rows is. */
const ofColumn =
  (name: string) =>
  (e: FitError): FitError => {
    if (e._tag === 'UnreadableData') return { ...e, what: e.what ? `${name}.${e.what}` : name }
    return e._tag === 'ImpossibleObservation' ? { ...e, column: name } : e
  }

const readPlace = (
  [name, pair]: Columns[number],
  given: unknown,
  rowWeights: Vector | undefined,
): E.Either<FitError, ReadSparse | undefined> => {
  if (!isSparse(given)) return E.right(undefined)
  const { likelihood, block } = pairOf(pair)
  if (block === undefined || !isOwnStatistic(likelihood, block))
    return unreadable({
      column: name,
      expected: `cells with all of their numbers: ${NOT_THE_ROW}`,
      received: 'sparse rows',
    })
  const { columns } = given.rows
  return columns === block
    ? pipe(readSparse(given.rows, likelihood, rowWeights, true), E.mapLeft(ofColumn(name)))
    : unreadable({ what: `${name}.columns`, expected: `${block}`, received: describeValue(columns) })
}

/** Rows of the columns that are not sparse, as products have them. */
const readOthers = (
  columns: Columns,
  source: Row,
  about: Places<Row>,
): E.Either<FitError, SourceRows<Row> | undefined> => {
  if (columns.length === 0) return E.right(undefined)
  const pair = productPrior(Object.fromEntries(columns) as never) as never
  const form = formOf(pair) as unknown as Form<PairTypes<Cells, Cells, Row, Cells>>
  return form.designMatrix(source as never, {}, about)
}

/** The sizes of columns next to each other. */
const sideBySide = (a: ColumnSizes | undefined, columns: number, b: ColumnSizes): ColumnSizes => {
  const joined = <A extends Float64Array | Uint8Array>(all: A, first: A | undefined, rest: A): A => {
    if (first) all.set(first.subarray(0, columns))
    all.set(rest, columns)
    return all
  }
  const width = columns + b.total.length
  return {
    total: joined(new Float64Array(width), a?.total, b.total),
    greatest: joined(new Float64Array(width), a?.greatest, b.greatest),
    signed: joined(new Uint8Array(width), a?.signed, b.signed),
  }
}

/** The first columns of a matrix. */
const firstColumns = ({ rows, columns: all, data }: Matrix, columns: number): Matrix => {
  const found = new Float64Array(rows * columns)
  for (let n = 0, to = 0; n < rows; n++) for (let c = 0; c < columns; c++, to++) found[to] = data[n * all + c]!
  return { rows, columns, data: found }
}

/**
 * Reads a table of which some columns are sparse rows. Errors: those of the columns; sparse rows in a column whose pair is not linear in
 * a row; columns of different lengths.
 */
export const readSparseTable = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  source: Row,
  centring: Centring<T['component']>,
): E.Either<FitError, SparseTable<T>> =>
  reading<FitError, SparseTable<T>>(undefined, 'columns by their names, some of them sparse rows', () =>
    readTable(parts, source, centring),
  )

const readTable = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  source: Row,
  { rowWeights, ...centring }: Centring<T['component']>,
): E.Either<FitError, SparseTable<T>> => {
  const columns = parts.columns
  if (columns === undefined)
    return unreadable({
      expected: 'columns with all of their numbers: components of this kind are not linear in a cell',
      received: 'sparse rows',
    })
  const unknown = unknownColumn(
    columns.map(([name]) => ({ name })),
    source,
  )
  if (unknown) return unreadable(unknown)
  const read = new Map<string, ReadSparse>()
  for (const column of columns) {
    const found = readPlace(column, source[column[0]], rowWeights)
    if (E.isLeft(found)) return found
    if (found.right) read.set(column[0], found.right)
  }
  const others = columns.filter(([name]) => !read.has(name))
  const ofOthers = Object.fromEntries(Object.entries(source).filter(([name]) => !read.has(name)))
  const noRows = Object.fromEntries(columns.map(([name]) => [name, []])) as unknown as T['data']
  const isAbout = centring.fitted !== undefined || centring.centre !== undefined
  return pipe(
    isAbout ? parts.designMatrix(noRows, centring) : E.right(undefined),
    E.bindTo('about'),
    E.bindW('rest', ({ about }) =>
      readOthers(others, ofOthers, {
        ...(about && { places: [about.centre as Row] }),
        ...(rowWeights && { weights: rowWeights }),
      }),
    ),
    E.bindW('none', ({ about, rest }) =>
      about ? E.right(about) : parts.designMatrix(noRows, { centre: { ...rest?.centre } }),
    ),
    E.chainW(({ rest, none }) => joined({ columns, others, read, rest, none, rowWeights })),
  )
}

interface Found<T extends ComponentTypes> {
  readonly columns: Columns
  readonly others: Columns
  readonly read: ReadonlyMap<string, ReadSparse>
  readonly rest: SourceRows<Row> | undefined
  /** The design of no rows, about the centre. */
  readonly none: DesignMatrix<T>
  readonly rowWeights: Vector | undefined
}

const joined = <T extends ComponentTypes>({
  columns,
  others,
  read,
  rest,
  none,
  rowWeights,
}: Found<T>): E.Either<FitError, SparseTable<T>> => {
  const lengths = new Map(columns.map(([name]) => [name, read.get(name)?.rows ?? rest!.rows.rows]))
  const [first, rows] = [...lengths][0]!
  for (const [column, length] of lengths)
    if (length !== rows)
      return unreadable({ column, expected: `${rows} cells, as many as column ${first} has`, received: `${length}` })
  const whole = arrange(columns, undefined)
  const places = whole.others.flatMap(({ name, pair, first: at, presence }): ReadonlyArray<SparsePlace> => {
    const found = read.get(name)
    return found ? [{ name, read: found, compared: pair.likelihood.compared, first: at, presence }] : []
  })
  const { linearColumns } = whole
  const factorColumns = none.rows.columns - linearColumns
  const columnOf: number[] = []
  for (let c = 0, p = 0; c < linearColumns - 1; c++) {
    while (p < places.length && places[p]!.presence < c) p++
    if (p === places.length || c < places[p]!.first) columnOf.push(c)
  }
  const hasLinear = rest !== undefined && arrange(others, undefined).linearColumns > 0
  const dense: DensePart | undefined = hasLinear
    ? {
        data: rest.rows.data as Float64Array,
        width: rest.rows.columns,
        from: factorColumns,
        columnOf: Int32Array.from(columnOf),
      }
    : undefined
  const linear = linearRows(rows, linearColumns, places, dense)
  const sizes = sideBySide(rest?.sizes, factorColumns, sizesIn(linear, rowWeights))
  return E.right({
    design: { ...none, sizes },
    factors: factorColumns > 0 ? firstColumns(rest!.rows, factorColumns) : undefined,
    linear,
    places,
    others: rest,
  })
}
