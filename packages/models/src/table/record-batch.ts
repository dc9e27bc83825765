interface Cells {
  readonly length: number
  readonly get: (row: number) => unknown
}

interface RecordBatch {
  readonly schema: {
    readonly fields: ReadonlyArray<{ readonly name: string; readonly type?: { readonly typeId?: number } }>
  }
  readonly getChild: (name: string) => unknown
}

/** The number of the type of truth values. Source: Arrow's Schema.fbs, union Type. */
const BOOL = 6

/** Truth values as 0 and 1. */
const asNumbers = (cells: Cells): Cells => ({
  length: cells.length,
  get: row => {
    const cell = cells.get(row)
    return typeof cell === 'boolean' ? Number(cell) : cell
  },
})

const isRecordBatch = (block: unknown): block is RecordBatch =>
  typeof block === 'object' &&
  block !== null &&
  typeof (block as Partial<RecordBatch>).getChild === 'function' &&
  Array.isArray((block as Partial<RecordBatch>).schema?.fields)

/** A record batch of Apache Arrow, such as a stream of it gives, as its vectors by their names, truth values as 0 and 1; any other block as it is. */
export const columnsOfBatch = (block: unknown): unknown =>
  isRecordBatch(block)
    ? Object.fromEntries(
        block.schema.fields.map(({ name, type }) => {
          const cells = block.getChild(name)
          return [name, type?.typeId === BOOL ? asNumbers(cells as Cells) : cells] as const
        }),
      )
    : block
