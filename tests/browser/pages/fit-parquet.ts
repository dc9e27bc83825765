import { describeFitError, type FitError, fit, gaussianMixture, latentClassMixture } from '@conjugate/models'
import { describeSqlError, type SqlError } from '@conjugate/sql'
import { type Hyparquet, type ParquetFile, parquetRows, parquetTable } from '@conjugate/sql/parquet'
import * as hyparquet from 'hyparquet'

/** Where the bytes of a file are: at an address that gives parts of it, or here. */
export type Where = { readonly url: string } | { readonly base64: string }

const fileOf = async (where: Where): Promise<ParquetFile> => {
  if ('url' in where) return hyparquet.asyncBufferFromUrl(where)
  const blob = new Blob([Uint8Array.from(atob(where.base64), letter => letter.charCodeAt(0))])
  return { byteLength: blob.size, slice: (start, end) => blob.slice(start, end).arrayBuffer() }
}

const got = <A>(
  result: { readonly _tag: 'Right'; readonly right: A } | { readonly _tag: 'Left'; readonly left: FitError | SqlError },
): A => {
  if (result._tag === 'Right') return result.right
  const { left } = result
  throw new Error(
    left._tag === 'InvalidSource' || left._tag === 'WritingFailed' ? describeSqlError(left) : describeFitError(left),
  )
}

/** Fits rows of numbers, and a table with missing cells, of one file. */
export const fitParquet = async (where: Where) => {
  const file = await fileOf(where)
  const reader = hyparquet as unknown as Hyparquet
  const rows = got(parquetRows(reader, file, { columns: ['x', 'y'] }))
  const clouds = got(await fit(gaussianMixture({ components: 2 }), rows, { iterations: 10 })())
  const latent = got(latentClassMixture({ components: 2, concentration: 2, columns: { kind: 3, said: 2 } }))
  const table = got(parquetTable(reader, file, { columns: ['kind', 'said'] }))
  const classes = got(await fit(latent, table as never, { iterations: 10 })())
  return {
    rows: [clouds, classes].map(fitted => (fitted as { readonly rows?: number }).rows),
    backend: clouds.backend,
    objectives: [clouds.objectives, classes.objectives],
    means: clouds.components.map(({ mean }) => [...mean]),
  }
}
