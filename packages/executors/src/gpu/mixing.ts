import { columnScales } from './scale.js'

/** How rows x of D columns come from mixed ones z: x = U z. All arrays are row-major and of any number of rows. */
export interface Mixing {
  /** z of each x. */
  readonly mix: (rows: Float64Array) => Float64Array
  /** x of each z. */
  readonly unmix: (mixed: Float64Array) => Float64Array
  /** U' v of each v, which has the inner product with z that v has with x. */
  readonly dual: (vectors: Float64Array) => Float64Array
}

const same = <A>(a: A): A => a

/** Rows as they are. */
export const unmixed: Mixing = { mix: same, unmix: same, dual: same }

/** Columns of which others explain all but this share of the variance are kept as what is not explained. */
const LEAST_SHARE = 2 ** -10

/** Below this share the rest is rounding, and explains nothing. */
const ROUNDING_SHARE = 2 ** -40

/** Rows that are looked at, evenly spread. */
const SAMPLE = 4096

/** The covariance of D columns, by its lower triangle. */
const covariance = (values: Float64Array, columns: number): Float64Array => {
  const rows = values.length / columns
  const count = Math.min(rows, SAMPLE)
  const at = (n: number): number => Math.floor((n * rows) / count) * columns
  const means = new Float64Array(columns)
  for (let n = 0; n < count; n++) for (let i = 0; i < columns; i++) means[i]! += values[at(n) + i]! / count
  const result = new Float64Array(columns * columns)
  const centred = new Float64Array(columns)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < columns; i++) centred[i] = values[at(n) + i]! - means[i]!
    for (let i = 0; i < columns; i++)
      for (let j = 0; j <= i; j++) result[i * columns + j]! += (centred[i]! * centred[j]!) / count
  }
  return result
}

/**
 * The unit lower triangular U of a covariance U D U', where some column is almost a combination of those before it;
 * otherwise `undefined`.
 */
const decorrelation = (ofColumns: Float64Array, n: number): Float64Array | undefined => {
  const unit = new Float64Array(n * n)
  const rest = new Float64Array(n)
  let nearSingular = false
  for (let i = 0; i < n; i++) {
    const variance = ofColumns[i * n + i]!
    rest[i] = variance
    for (let j = 0; j < i; j++) {
      let shared = ofColumns[i * n + j]!
      for (let m = 0; m < j; m++) shared -= unit[i * n + m]! * unit[j * n + m]! * rest[m]!
      unit[i * n + j] = rest[j]! > ROUNDING_SHARE * ofColumns[j * n + j]! ? shared / rest[j]! : 0
      rest[i]! -= unit[i * n + j]! ** 2 * rest[j]!
    }
    unit[i * n + i] = 1
    if (rest[i]! < LEAST_SHARE * variance) nearSingular = true
  }
  return nearSingular ? unit : undefined
}

/** Each row by a function of it that writes D numbers. */
const mapRows = (
  values: Float64Array,
  columns: number,
  write: (row: Float64Array, target: Float64Array) => void,
): Float64Array => {
  const result = new Float64Array(values.length)
  for (let from = 0; from < values.length; from += columns)
    write(values.subarray(from, from + columns), result.subarray(from, from + columns))
  return result
}

const triangular = (lower: Float64Array, n: number): Mixing => ({
  mix: values =>
    mapRows(values, n, (x, z) => {
      for (let i = 0; i < n; i++) {
        let value = x[i]!
        for (let j = 0; j < i; j++) value -= lower[i * n + j]! * z[j]!
        z[i] = value / lower[i * n + i]!
      }
    }),
  unmix: values =>
    mapRows(values, n, (z, x) => {
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) x[i]! += lower[i * n + j]! * z[j]!
    }),
  dual: values =>
    mapRows(values, n, (v, w) => {
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) w[j]! += lower[i * n + j]! * v[i]!
    }),
})

/**
 * Columns that are almost a combination of others, which float32 could not tell from one: the least direction of a
 * covariance would be lost in the rounding of the others. Mixed, each column is what those before it don't tell, computed in
 * float64, in units of about 1.
 */
export const mixingOf = (rows: Float64Array, columns: number): Mixing => {
  const unit = decorrelation(covariance(rows, columns), columns)
  if (!unit) return unmixed
  const scales = columnScales(triangular(unit, columns).mix(rows), columns)
  return triangular(
    unit.map((u, i) => u * scales[i % columns]!),
    columns,
  )
}
