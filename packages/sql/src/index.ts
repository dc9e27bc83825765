export { type Columns, type Connection, type DuckDBOptions, duckdbRows, duckdbTable } from './duckdb.js'
export { describeSqlError, type SqlError } from './errors.js'
export { type RowSource, type Trusted, trusted } from './source.js'
