import type {
  Densities,
  FactorDensities,
  ProductDensities,
  QuadraticDensities,
  StatisticsOf,
} from '@conjugate/executors'

interface OfRows {
  readonly logLikelihood: number
  readonly responsibilities: Float64Array
  readonly assignments: Int32Array
  readonly logProb: Float64Array
  readonly logDensities: Float64Array
}

/** Of products, the sums of factors by names of their own. */
export type NaiveResults<D extends Densities = QuadraticDensities> = OfRows &
  (D extends ProductDensities ? { readonly weight: Float64Array } : StatisticsOf<D>)

type Row = ArrayLike<number> & Iterable<number>

/** What stands in the interface for one component and a row: its logarithm, and its part in every sum but the weight. */
interface Definition {
  readonly logit: (row: Row) => number
  readonly parts: (row: Row) => Readonly<Record<string, ReadonlyArray<number>>>
}

const range = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, i) => i)

const dot = (a: ReadonlyArray<number>, b: Row): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)

/** Factors with their first columns. */
const partsOf = (factors: ReadonlyArray<FactorDensities>) => {
  let end = 0
  return factors.map(factor => {
    end += factor.columns
    return [factor, end - factor.columns] as const
  })
}

/** A cell that is missing deviates from no mean. */
const deviation = (x: number, mean: number): number => (Number.isNaN(x) ? 0 : x - mean)

const define = (densities: Densities | FactorDensities, k: number): Definition => {
  const { columns } = densities
  const constant = densities.logConstant[k]!
  /** Of this component, in rows of D numbers. */
  const rowsOf = (values: Float64Array, count: number): ReadonlyArray<ReadonlyArray<number>> =>
    range(count).map(i => Array.from(values.subarray((k * count + i) * columns, (k * count + i + 1) * columns)))
  switch (densities._tag) {
    case 'Quadratic': {
      const [mean] = rowsOf(densities.mean, 1)
      const whitening = rowsOf(densities.whitening, columns)
      const residual = (row: Row) => mean!.map((m, i) => deviation(row[i]!, m))
      return {
        logit: row => {
          const d = residual(row)
          const whitened = whitening.map(w => dot(w, d))
          return constant - dot(whitened, whitened) / 2
        },
        parts: row => {
          const d = residual(row)
          return { sum: d, outer: d.flatMap(a => d.map(b => a * b)) }
        },
      }
    }
    case 'Diagonal': {
      const [mean] = rowsOf(densities.mean, 1)
      const [scale] = rowsOf(densities.scale, 1)
      const residual = (row: Row) => mean!.map((m, i) => deviation(row[i]!, m))
      return {
        logit: row => {
          const scaled = residual(row).map((d, i) => scale![i]! * d)
          return constant - dot(scaled, scaled) / 2
        },
        parts: row => {
          const d = residual(row)
          return { sum: d, squares: d.map(v => v * v) }
        },
      }
    }
    case 'Linear': {
      const [natural] = rowsOf(densities.natural, 1)
      return { logit: row => constant + dot(natural!, row), parts: row => ({ sum: Array.from(row) }) }
    }
    case 'Indexed': {
      const [levels, natural] = [densities.levels, densities.natural.subarray(k * densities.levels)]
      return {
        logit: ([index]) => constant + (Number.isNaN(index) ? 0 : natural[index!]!),
        parts: ([index]) => ({ sum: range(levels).map(level => (level === index ? 1 : 0)) }),
      }
    }
    case 'Offset':
      return { logit: row => constant + row[k]!, parts: () => ({}) }
    case 'Product': {
      const parts = partsOf(densities.factors).map(
        ([factor, first]) =>
          [define(factor, k), (row: Row) => Array.from(row).slice(first, first + factor.columns)] as const,
      )
      return {
        logit: row => parts.reduce((sum, [{ logit }, own]) => sum + logit(own(row)), constant),
        parts: row =>
          Object.fromEntries(
            parts.flatMap(([definition, own], f) =>
              Object.entries(definition.parts(own(row))).map(([name, values]) => [`${name} of factor ${f}`, values]),
            ),
          ),
      }
    }
  }
}

/** The sums by name with N x K given responsibilities, in plain loops. */
export const naiveSums = (
  values: Float64Array,
  densities: Densities,
  given: Float64Array,
): Readonly<Record<string, Float64Array>> => {
  const { components, columns } = densities
  const sums: Record<string, Float64Array> = { weight: new Float64Array(components) }
  for (let n = 0; n < values.length / columns; n++)
    for (let k = 0; k < components; k++) {
      const q = given[n * components + k]!
      sums['weight']![k]! += q
      const parts = define(densities, k).parts(values.slice(n * columns, (n + 1) * columns))
      for (const [name, ofRow] of Object.entries(parts)) {
        sums[name] ??= new Float64Array(components * ofRow.length)
        for (const [i, value] of ofRow.entries()) sums[name][k * ofRow.length + i]! += q * value
      }
    }
  return sums
}

/** The definitions in plain loops over N x D rows that are less the origin already. */
export const naive = <D extends Densities>(
  values: Float64Array | ReadonlyArray<number>,
  densities: D,
  rowWeights?: ArrayLike<number>,
): NaiveResults<D> => {
  const { components, columns, logConstant } = densities
  const definitions = range(components).map(k => define(densities, k))
  const rows = values.length / columns
  const weight = new Float64Array(components)
  const sums = Object.entries(define(densities, 0).parts(new Float64Array(columns))).map(
    ([name, { length }]) => [name, new Float64Array(components * length)] as const,
  )
  const responsibilities = new Float64Array(rows * components)
  const assignments = new Int32Array(rows)
  const logProb = new Float64Array(rows)
  const logDensities = new Float64Array(rows * components)
  let logLikelihood = 0
  for (let n = 0; n < rows; n++) {
    const row = values.slice(n * columns, (n + 1) * columns)
    const logits = definitions.map(({ logit }, k) =>
      logConstant[k] === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : logit(row),
    )
    logDensities.set(logits, n * components)
    const max = Math.max(...logits)
    const possible = max > Number.NEGATIVE_INFINITY
    const total = possible ? logits.reduce((s, l) => s + Math.exp(l - max), 0) : 0
    logProb[n] = possible ? max + Math.log(total) : Number.NEGATIVE_INFINITY
    assignments[n] = logits.indexOf(max)
    const w = rowWeights ? rowWeights[n]! : 1
    if (w > 0) logLikelihood += w * logProb[n]!
    for (let k = 0; k < components; k++) {
      const q = possible ? Math.exp(logits[k]! - max) / total : 0
      responsibilities[n * components + k] = q
      if (w * q === 0) continue
      weight[k]! += w * q
      const ofRow = definitions[k]!.parts(row)
      for (const [name, sum] of sums)
        for (const [i, value] of ofRow[name]!.entries()) sum[k * ofRow[name]!.length + i]! += w * q * value
    }
  }
  const ofRows = { logLikelihood, responsibilities, assignments, logProb, logDensities }
  const results = { weight, ...Object.fromEntries(sums), ...ofRows }
  // The definition of each kind names the sums of its statistics.
  return results as unknown as NaiveResults<D>
}
