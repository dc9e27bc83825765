import type { DiagonalDensities, LoadedRows, MixtureExpectation, QuadraticDensities } from '@conjugate/executors'
import { uniforms } from './random.js'
import { success } from './run.js'

/** What has a distance of each row from each component. */
export type Metric = QuadraticDensities | DiagonalDensities

const normals = (seed: number): (() => number) => {
  const uniform = uniforms(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

export interface Clusters {
  readonly data: Float64Array
  /** Weights, means and covariances to start from, near those that rows are drawn from. */
  readonly start: Parameters
}

interface Parameters {
  readonly weights: Float64Array
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/** Rows of K normals whose means are so many standard deviations apart, in random order. */
export const clusters = (
  rows: number,
  columns: number,
  components: number,
  separation: number,
  seed: number,
): Clusters => {
  const [normal, uniform] = [normals(seed), uniforms(seed + 1)]
  const truth = Float64Array.from(
    { length: components * columns },
    () => (normal() * separation) / Math.sqrt(2 * columns),
  )
  const deviation = Float64Array.from({ length: components * columns }, () => 0.6 + 0.8 * uniform())
  const data = new Float64Array(rows * columns)
  for (let n = 0; n < rows; n++) {
    const k = Math.floor(uniform() * components)
    // Columns that depend on the one before.
    for (let i = 0, last = 0; i < columns; i++) {
      last = 0.5 * last + normal()
      data[n * columns + i] = truth[k * columns + i]! + deviation[k * columns + i]! * last
    }
  }
  const covariance = new Float64Array(components * columns * columns)
  for (let k = 0; k < components; k++)
    for (let i = 0; i < columns; i++) covariance[(k * columns + i) * columns + i] = 1.5
  return {
    data,
    start: {
      weights: new Float64Array(components).fill(1 / components),
      mean: truth.map(m => m + 0.3 * normal()),
      covariance,
    },
  }
}

/** Densities of normals, about the origin. */
const densitiesOf = ({ weights, mean, covariance }: Parameters, isDiagonal: boolean): Metric => {
  const components = weights.length
  const columns = mean.length / components
  const [size, whitening] = [columns * columns, new Float64Array(covariance.length)]
  const logConstant = Float64Array.from(weights, w => Math.log(w) - (columns / 2) * Math.log(2 * Math.PI))
  for (let k = 0; k < components; k++) {
    const [c, f, w] = [covariance.subarray(k * size), new Float64Array(size), whitening.subarray(k * size)]
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = isDiagonal && i !== j ? 0 : c[i * columns + j]!
        for (let l = 0; l < j; l++) sum -= f[i * columns + l]! * f[j * columns + l]!
        f[i * columns + j] = i === j ? Math.sqrt(sum) : sum / f[j * columns + j]!
      }
      logConstant[k]! -= Math.log(f[i * columns + i]!)
    }
    for (let j = 0; j < columns; j++)
      for (let i = j; i < columns; i++) {
        let sum = i === j ? 1 : 0
        for (let l = j; l < i; l++) sum -= f[i * columns + l]! * w[l * columns + j]!
        w[i * columns + j] = sum / f[i * columns + i]!
      }
  }
  if (!isDiagonal) return { _tag: 'Quadratic', components, columns, mean, whitening, logConstant }
  const scale = Float64Array.from(mean, (_, i) => whitening[i * columns + (i % columns)]!)
  return { _tag: 'Diagonal', components, columns, mean, scale, logConstant }
}

/** The M-step, with variances of at least 1e-6. */
const maximised = (densities: Metric, { statistics }: MixtureExpectation<Metric>): Parameters => {
  const { components, columns } = densities
  const { weight, sum } = statistics
  const covariance = new Float64Array(components * columns * columns)
  const total = weight.reduce((s, w) => s + w, 0)
  for (let k = 0; k < components; k++)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) {
        const at = (k * columns + i) * columns + j
        const products =
          'outer' in statistics ? statistics.outer[at]! : i === j ? statistics.squares[k * columns + i]! : 0
        const means = (sum[k * columns + i]! / weight[k]!) * (sum[k * columns + j]! / weight[k]!)
        covariance[at] = products / weight[k]! - means + (i === j ? 1e-6 : 0)
      }
  return {
    weights: weight.map(w => w / total),
    mean: densities.mean.map((m, i) => m + sum[i]! / weight[Math.floor(i / columns)]!),
    covariance,
  }
}

/** What an E-step on the way took and gave. */
export interface Step {
  readonly densities: Metric
  readonly found: MixtureExpectation<Metric>
}

export interface PathOptions {
  readonly isDiagonal?: boolean
  /** Changes the densities before a step. */
  readonly change?: (densities: Metric, step: number) => Metric
  readonly sequence?: object
  readonly onStep?: (step: Step) => void
}

/** So many steps of EM. */
export const pathOf = async (
  rows: LoadedRows,
  { start }: Clusters,
  steps: number,
  { isDiagonal = false, change = d => d, sequence, onStep }: PathOptions = {},
): Promise<ReadonlyArray<Step>> => {
  const path: Step[] = []
  let parameters = start
  for (let step = 0; step < steps; step++) {
    const densities = change(densitiesOf(parameters, isDiagonal), step)
    const found = await success(rows.expectation(densities, sequence && { sequence }))
    path.push({ densities, found })
    onStep?.({ densities, found })
    parameters = maximised(densities, found)
  }
  return path
}
