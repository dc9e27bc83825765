import { constantsOf } from '../../contract/densities.js'
import type {
  Densities,
  DensitiesOf,
  DensitiesTag,
  DiagonalDensities,
  FactorDensities,
  FactorTag,
  IndexedDensities,
  LinearDensities,
  OffsetDensities,
  ProductDensities,
  QuadraticDensities,
} from '../../contract/executor.js'
import { numbersOf } from './layout.js'

/** Rows of a whitening matrix, and components of linear densities, that the kernel takes at a time. */
const ROWS = 4
const COMPONENTS = 2

/** Scales residuals so that logits come out to base 2 without the factor 1/2. */
export const SCALE: number = Math.sqrt(Math.LOG2E / 2)

/**
 * Constant, mean and whitening matrix of each component; the matrix in tiles of four rows: left of the diagonal triangle
 * column by column, then the triangle row by row.
 */
const packQuadratic = (target: Float64Array, densities: QuadraticDensities): void => {
  const { components, columns, mean, whitening, logConstant } = densities
  let at = 0
  for (let k = 0; k < components; k++) {
    const matrix = whitening.subarray(k * columns * columns, (k + 1) * columns * columns)
    target[at++] = logConstant[k]! * Math.LOG2E
    for (let column = 0; column < columns; column++) target[at++] = mean[k * columns + column]!
    for (let i = 0; i < columns; i += ROWS) {
      const end = Math.min(i + ROWS, columns)
      for (let column = 0; column < i; column++)
        for (let row = i; row < end; row++) target[at++] = SCALE * matrix[row * columns + column]!
      for (let row = i; row < end; row++)
        for (let column = i; column <= row; column++) target[at++] = SCALE * matrix[row * columns + column]!
    }
  }
}

/** Constant, mean and scale of each component. */
const packDiagonal = (target: Float64Array, densities: DiagonalDensities): void => {
  const { components, columns, mean, scale, logConstant } = densities
  let at = 0
  for (let k = 0; k < components; k++) {
    target[at++] = logConstant[k]! * Math.LOG2E
    for (let column = 0; column < columns; column++) target[at++] = mean[k * columns + column]!
    for (let column = 0; column < columns; column++) target[at++] = SCALE * scale[k * columns + column]!
  }
}

/** Two components at a time: their constants, then their natural parameters column by column. */
const packLinear = (target: Float64Array, { components, columns, natural, logConstant }: LinearDensities): void => {
  let at = 0
  for (let first = 0; first < components; first += COMPONENTS) {
    const end = Math.min(first + COMPONENTS, components)
    for (let k = first; k < end; k++) target[at++] = logConstant[k]! * Math.LOG2E
    for (let column = 0; column < columns; column++)
      for (let k = first; k < end; k++) target[at++] = natural[k * columns + column]! * Math.LOG2E
  }
}

/** Level by level the logarithms of all components, behind what is added where an index is missing. */
const packIndexed = (target: Float64Array, { components, levels, natural }: IndexedDensities): void => {
  target.fill(0, 0, components)
  for (let k = 0; k < components; k++)
    for (let level = 0; level < levels; level++)
      target[(1 + level) * components + k] = natural[k * levels + level]! * Math.LOG2E
}

const packOffset = (target: Float64Array, { logConstant }: OffsetDensities): void => {
  for (const [k, constant] of logConstant.entries()) target[k] = constant * Math.LOG2E
}

/** One factor behind the other, with constants that count for nothing, and then those of the products. */
const packProduct = (target: Float64Array, densities: ProductDensities): void => {
  let at = 0
  for (const factor of densities.factors) {
    const end = at + densities.components * numbersOf(factor)
    packDensities(target.subarray(at, end), factor)
    at = end
  }
  for (const constant of constantsOf(densities)) target[at++] = constant * Math.LOG2E
}

const packers: { readonly [T in DensitiesTag | FactorTag]: (target: Float64Array, densities: DensitiesOf<T>) => void } =
  {
    Quadratic: packQuadratic,
    Diagonal: packDiagonal,
    Linear: packLinear,
    Offset: packOffset,
    Indexed: packIndexed,
    Product: packProduct,
  }

/** Writes densities as the kernel reads them, with constants to base 2. */
export const packDensities = (target: Float64Array, densities: Densities | FactorDensities): void => {
  const pack = packers[densities._tag] as (target: Float64Array, densities: Densities | FactorDensities) => void
  pack(target, densities)
}
