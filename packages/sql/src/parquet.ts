export { type Hyparquet, type ParquetFile, type ParquetOptions, parquetRows, parquetTable } from './parquet-tables.js'
