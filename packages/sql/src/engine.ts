// For packages that bring an engine of their own: statements in its dialect, and tables that it sums. No promise is made of it.
export { cellsSql, columnSql, type Stored } from './aggregate/columns.js'
export { type Dialect, duckdbDialect, postgresDialect, sparkDialect, statementOf } from './aggregate/dialect.js'
export type { Engine } from './aggregate/engine.js'
export { expectationSql, saidSql } from './aggregate/expectation.js'
export { askedOf } from './aggregate/logits.js'
export { type PlaceOptions, sqlPlace } from './aggregate/place.js'
export { type SumsOptions, sumsOn } from './aggregate/sums.js'
export * from './aggregate/survey.js'
