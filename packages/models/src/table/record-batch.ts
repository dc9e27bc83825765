interface RecordBatch {
  readonly schema: { readonly fields: ReadonlyArray<{ readonly name: string }> }
  readonly getChild: (name: string) => unknown
}

const isRecordBatch = (block: unknown): block is RecordBatch =>
  typeof block === 'object' &&
  block !== null &&
  typeof (block as Partial<RecordBatch>).getChild === 'function' &&
  Array.isArray((block as Partial<RecordBatch>).schema?.fields)

/** A record batch of Apache Arrow, such as a stream of it gives, as its vectors by their names; any other block as it is. */
export const columnsOfBatch = (block: unknown): unknown =>
  isRecordBatch(block)
    ? Object.fromEntries(block.schema.fields.map(({ name }) => [name, block.getChild(name)] as const))
    : block
