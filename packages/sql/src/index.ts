export { type ComputingConnection, duckdbSums } from './aggregate/duckdb.js'
export type { Grouping } from './aggregate/place.js'
export { type PostgresClient, type PostgresOptions, postgresSums } from './aggregate/postgres.js'
export type { ColumnNames, SumsOptions } from './aggregate/sums.js'
export type { WrittenTo } from './aggregate/write.js'
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
