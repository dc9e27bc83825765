export {
  type Arrow,
  arrow,
  type DuckDB,
  duckdb,
  duckdbConnections,
  hasArrow,
  hasDatabases,
  type Postgres,
  postgres,
} from './databases.js'
export { fixtureNames, readFixture } from './fixtures.js'
export { hasMasks, hasPhotos, type Photo, photoFolder, readMask, readPhoto } from './photos.js'
export { hasPostgres, type PostgresServer, postgresServer } from './postgres.js'
export { hasPython, python } from './python.js'
export { right, rightOf } from './right.js'
export { grpcClient, hasSpark, type SparkServer, sparkServer } from './spark.js'
export { type StoredCells, storedCells } from './stored.js'
