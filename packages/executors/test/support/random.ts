import type {
  Densities,
  DiagonalDensities,
  FactorDensities,
  FormDensities,
  IndexedDensities,
  LinearDensities,
  OffsetDensities,
  ProductDensities,
  QuadraticDensities,
} from '@conjugate/executors'

/** Uniform numbers in [0, 1), the same ones for the same seed. */
export const uniforms = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Numbers of spread 1, more of them near 0. */
export const normals = (seed: number): (() => number) => {
  const uniform = uniforms(seed)
  return () => 2 * (uniform() + uniform() + uniform() - 1.5)
}

/** N x D rows in [-3, 3), in steps of 2^-20: adding a whole number below 2^30 to them is exact. */
export const randomRows = (rows: number, columns: number, seed: number): Float64Array => {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: rows * columns }, () => Math.round((uniform() * 6 - 3) * 2 ** 20) / 2 ** 20)
}

/** K Gaussians of random weights, means and lower Cholesky factors of the precision. */
export const randomDensities = (components: number, columns: number, seed: number): QuadraticDensities => {
  const uniform = uniforms(seed + 1)
  const mean = Float64Array.from({ length: components * columns }, () => uniform() * 4 - 2)
  const whitening = new Float64Array(components * columns * columns)
  const logConstant = new Float64Array(components)
  for (let k = 0; k < components; k++) {
    let logDeterminant = 0
    for (let i = 0; i < columns; i++)
      for (let j = 0; j <= i; j++) {
        const value = i === j ? 0.5 + uniform() : uniform() - 0.5
        whitening[(k * columns + i) * columns + j] = value
        if (i === j) logDeterminant += Math.log(value)
      }
    logConstant[k] = Math.log((0.1 + uniform()) / components) - (columns / 2) * Math.log(2 * Math.PI) + logDeterminant
  }
  return { _tag: 'Quadratic', components, columns, mean, whitening, logConstant }
}

/** K Gaussians of independent columns. */
export const randomDiagonal = (components: number, columns: number, seed: number): DiagonalDensities => {
  const { mean, whitening, logConstant } = randomDensities(components, columns, seed)
  const scale = Float64Array.from({ length: components * columns }, (_, i) => {
    const column = i % columns
    return whitening[(i - column) * columns + column * (columns + 1)]!
  })
  return { _tag: 'Diagonal', components, columns, mean, scale, logConstant }
}

/** K densities of random natural parameters and constants. */
export const randomLinear = (components: number, columns: number, seed: number): LinearDensities => {
  const uniform = uniforms(seed + 2)
  const natural = Float64Array.from({ length: components * columns }, () => uniform() * 2 - 1)
  const logConstant = Float64Array.from({ length: components }, () => Math.log(0.1 + uniform()))
  return { _tag: 'Linear', components, columns, natural, logConstant }
}

/** Numbers of columns that sum to at least a number of them, by turns of forms. */
const shares = (columns: number): ReadonlyArray<number> => {
  const [quadratic, diagonal] = [Math.floor((columns + 1) / 3), Math.ceil((columns - 1) / 3)]
  return [quadratic, diagonal, columns - quadratic - diagonal]
}

/** K products of factors of all forms, where there are columns enough, with constants of their own. */
export const randomProduct = (components: number, columns: number, seed: number): ProductDensities => {
  const random = [randomDensities, randomDiagonal, randomLinear]
  const factors = shares(columns).flatMap(
    (share, f): ReadonlyArray<FactorDensities> => (share === 0 ? [] : [random[f]!(components, share, seed + f)]),
  )
  const { logConstant } = randomLinear(components, 1, seed)
  return { _tag: 'Product', components, columns, factors, logConstant }
}

/** Offsets for K components, which are in the rows; constants of their own. */
export const randomOffset = (components: number, seed: number): OffsetDensities => ({
  _tag: 'Offset',
  components,
  columns: components,
  logConstant: randomLinear(components, 1, seed).logConstant,
})

/** Logarithms for each of some levels, an eighth of which are -Infinity. */
export const randomIndexed = (components: number, levels: number, seed: number): IndexedDensities => {
  const { natural, logConstant } = randomLinear(components, levels, seed)
  const logs = natural.map((v, i) => (i % 8 === 5 ? Number.NEGATIVE_INFINITY : v))
  return { _tag: 'Indexed', components, columns: 1, levels, natural: logs, logConstant }
}

/**
 * Without a share of the cells that the factors of a product can lack: all of a row, or none, of a quadratic one. As many
 * offsets are -Infinity. Numbers from -3 to 3 become indices of all levels.
 */
export const withGaps = (
  data: Float64Array,
  { columns, factors }: ProductDensities,
  share: number,
  seed: number,
): Float64Array => {
  const uniform = uniforms(seed)
  const gappy = data.slice()
  for (let row = 0; row < data.length; row += columns) {
    let at = row
    for (const factor of factors) {
      const { _tag, columns: width } = factor
      const isMissing = uniform() < share
      for (let i = 0; i < width; i++, at++)
        if (_tag !== 'Linear' && (_tag === 'Quadratic' ? isMissing : uniform() < share))
          gappy[at] = _tag === 'Offset' ? Number.NEGATIVE_INFINITY : Number.NaN
        else if (factor._tag === 'Indexed')
          gappy[at] = Math.min(factor.levels - 1, Math.floor(((gappy[at]! + 3) / 6) * factor.levels))
    }
  }
  return gappy
}

type Named<D extends Densities> = readonly [
  name: string,
  random: (components: number, columns: number, seed: number) => D,
]

/** Every form of densities: a new one is a new row. */
export const factorKinds: ReadonlyArray<Named<FormDensities>> = [
  ['quadratic', randomDensities],
  ['diagonal', randomDiagonal],
  ['linear', randomLinear],
]

/** Every kind of densities. */
export const kinds: ReadonlyArray<Named<Densities>> = [...factorKinds, ['product', randomProduct]]

/** The arrays of some densities that have so many numbers for each component, its constants apart. */
const parametersOf = (densities: FactorDensities): ReadonlyArray<readonly [name: string, values: Float64Array]> =>
  Object.entries(densities).filter(([name, value]) => value instanceof Float64Array && name !== 'logConstant')

type Change = (values: Float64Array, size: number) => Float64Array

const withParameters = <D extends Densities | FactorDensities>(densities: D, change: Change): D =>
  densities._tag === 'Product'
    ? { ...densities, factors: densities.factors.map(factor => withParameters(factor, change)) }
    : {
        ...densities,
        ...Object.fromEntries(
          parametersOf(densities as FactorDensities).map(([name, values]) => [
            name,
            change(values, values.length / densities.components),
          ]),
        ),
      }

/** The components of some densities, in the order of their indices. */
export const pick = <D extends Densities | FactorDensities>(densities: D, indices: ReadonlyArray<number>): D => ({
  ...(densities._tag === 'Product'
    ? { ...densities, factors: densities.factors.map(factor => pick(factor, indices)) }
    : withParameters(densities, (values, size) =>
        Float64Array.from(indices.flatMap(k => Array.from(values.subarray(k * size, (k + 1) * size)))),
      )),
  components: indices.length,
  logConstant: Float64Array.from(indices, k => densities.logConstant[k]!),
})

/** With every parameter of one component set to one value. */
export const overwrite = <D extends Densities>(densities: D, k: number, value: number): D =>
  withParameters(densities, (values, size) => values.slice().fill(value, k * size, (k + 1) * size))

export const withConstant = <D extends Densities | FactorDensities>(densities: D, k: number, constant: number): D => ({
  ...densities,
  logConstant: densities.logConstant.with(k, constant),
})
