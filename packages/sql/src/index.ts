export { type Columns, type DuckDBOptions, duckdbRows, duckdbTable } from './duckdb.js'
export { describeSqlError, type SqlError } from './errors.js'
export {
  type PredictionOptions,
  type PredictionTarget,
  type WritingConnection,
  writePredictions,
} from './predictions.js'
export type { Connection } from './reading.js'
export { type RowSource, type Trusted, trusted } from './source.js'
