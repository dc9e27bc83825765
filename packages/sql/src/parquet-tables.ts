import { describeValue, fromColumns, type Matrix, toNumber, type Vector } from '@conjugate/linalg'
import { type Table, type TableOptions, table } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Columns } from './duckdb.js'
import type { SqlError } from './errors.js'
import { checkNames } from './source.js'

/** A file of which parts can be had, such as `asyncBufferFromFile` and `asyncBufferFromUrl` of hyparquet give. */
export interface ParquetFile {
  readonly byteLength: number
  readonly slice: (start: number, end?: number) => ArrayBuffer | Promise<ArrayBuffer>
}

interface Metadata {
  readonly row_groups: ReadonlyArray<{ readonly num_rows: bigint }>
  readonly schema: ReadonlyArray<{ readonly name: string }>
}

/** As much of `hyparquet` as is used, which is pure JavaScript. */
export interface Hyparquet {
  readonly parquetMetadataAsync: (file: ParquetFile) => Promise<Metadata>
  readonly parquetRead: (options: {
    readonly file: ParquetFile
    readonly metadata: never
    readonly columns: string[]
    readonly rowStart: number
    readonly rowEnd: number
    readonly onChunk: (chunk: {
      readonly columnName: string
      readonly columnData: ArrayLike<unknown>
      readonly rowStart: number
    }) => void
    readonly compressors?: never
  }) => Promise<void>
}

/** Which columns of a parquet file, and where they are kept. */
export interface ParquetOptions<Name extends string = string> extends Pick<TableOptions<never>, 'scratch'> {
  /** The names of the columns that the model is of. */
  readonly columns: ReadonlyArray<Name>
  /** The column by which each row counts. */
  readonly weight?: string
  /** How pages are compressed besides by snappy: `compressors` of hyparquet-compressors. */
  readonly compressors?: Readonly<Record<string, unknown>>
}

const wrong = (what: string, received: unknown, expected: string): Error =>
  new Error(`${what}: ${describeValue(received)}, expected ${expected}`)

const numberOf = (cell: unknown): number | undefined =>
  cell === null || cell === undefined ? Number.NaN : typeof cell === 'boolean' ? Number(cell) : toNumber(cell)

/** Reads columns of numbers, a group of rows at a time. Throws what cannot be read, in a line. */
async function* groupsOf(
  { parquetMetadataAsync, parquetRead }: Hyparquet,
  file: ParquetFile,
  names: ReadonlyArray<string>,
  compressors: ParquetOptions['compressors'],
): AsyncGenerator<ReadonlyArray<Float64Array>, void> {
  const metadata = await parquetMetadataAsync(file)
  const unknown = names.find(name => !metadata.schema.some(column => column.name === name))
  if (unknown !== undefined) throw wrong('columns', unknown, 'the name of a column of the file')
  let first = 0
  for (const { num_rows } of metadata.row_groups) {
    const rows = Number(num_rows)
    const end = first + rows
    const columns = names.map(() => new Float64Array(rows))
    // What is thrown where cells are given is heard by nobody.
    let failure: Error | undefined
    let given = 0
    await parquetRead({
      file,
      metadata: metadata as never,
      columns: [...names],
      rowStart: first,
      rowEnd: end,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const column = columns[names.indexOf(columnName)]
        if (column === undefined) return
        for (let n = Math.max(rowStart, first); n < Math.min(rowStart + columnData.length, end); n++) {
          given++
          const cell = columnData[n - rowStart]
          const number = numberOf(cell)
          if (number === undefined) failure ??= wrong(`row ${n}, column ${columnName}`, cell, 'a number')
          else column[n - first] = number
        }
      },
      ...(compressors && { compressors: compressors as never }),
    })
    if (failure) throw failure
    if (given !== rows * names.length) throw wrong('cells', given, `${rows} of each of ${names.length} columns`)
    yield columns
    first = end
  }
}

const tableOf = <Block extends object>(
  hyparquet: Hyparquet,
  file: ParquetFile,
  { columns, weight, scratch, compressors }: ParquetOptions,
  made: (columns: ReadonlyArray<Float64Array>) => Block,
): E.Either<SqlError, Table<Block>> =>
  pipe(
    checkNames('columns', columns),
    E.chainFirst(() => (weight === undefined ? E.right([]) : checkNames('weight', [weight]))),
    E.map(names => {
      const weights = new WeakMap<object, Vector>()
      async function* blocks(): AsyncGenerator<Block, void> {
        const asked = weight === undefined || names.includes(weight) ? names : [...names, weight]
        for await (const all of groupsOf(hyparquet, file, asked, compressors)) {
          const block = made(all.slice(0, names.length))
          if (weight !== undefined) weights.set(block, all[asked.indexOf(weight)]!)
          yield block
        }
      }
      return table(blocks, {
        ...(scratch && { scratch }),
        ...(weight !== undefined && { rowWeights: (block: Block) => weights.get(block)! }),
      })
    }),
  )

/**
 * Columns by name of a parquet file, read by `hyparquet` without a database, in a page as well, for `fit` of mixtures of tables: a group
 * of rows at a time, as the file has them. A cell that is null is missing.
 * Errors: no columns, or one twice. What cannot be read is an error of the fit, in one line.
 *
 * @example
 * import * as hyparquet from 'hyparquet'
 * parquetTable(hyparquet, await hyparquet.asyncBufferFromUrl({ url }), { columns: ['smokes', 'visits'] })
 */
export const parquetTable = <const Name extends string>(
  hyparquet: Hyparquet,
  file: ParquetFile,
  options: ParquetOptions<Name>,
): E.Either<SqlError, Table<Columns<Name>>> =>
  tableOf(
    hyparquet,
    file,
    options,
    columns => Object.fromEntries(options.columns.map((name, i) => [name, columns[i]!])) as Columns<Name>,
  )

/**
 * The same as rows of numbers, for mixtures of Gaussians of any kind. Errors: see {@link parquetTable}; a cell that is null is an error
 * of the fit.
 */
export const parquetRows = (
  hyparquet: Hyparquet,
  file: ParquetFile,
  options: ParquetOptions,
): E.Either<SqlError, Table<Matrix>> => tableOf(hyparquet, file, options, fromColumns)
