import { fitParquet } from './fit-parquet.js'

declare global {
  var fitParquetInPage: typeof fitParquet
}

globalThis.fitParquetInPage = fitParquet
