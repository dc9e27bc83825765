import type { Tensor } from '@tensorflow/tfjs-core'
import { widen } from '../tensors/widen.js'
import type { Upload } from './kind.js'
import { type Mixing, unmixed } from './mixing.js'
import type { ResidentRows } from './rows.js'
import type { Tf } from './tfjs.js'

/** What densities about means and their statistics have in common. */
interface About {
  readonly components: number
  readonly columns: number
  /** K x D. */
  readonly mean: Float64Array
}

export interface UploadedMeans {
  /** 1 x K x E x 1; the zero at the end keeps the ones of the rows. */
  readonly means: Tensor
  /** K x D: the means as they were uploaded less the exact ones, in the units of the densities. */
  readonly shifts: Float64Array
}

/** Of scaled columns, mixed or not, which are of less in size. */
const MOST = 2

/**
 * The means, rounded, or where they have to be among rows the nearest places there. About a mean far from all rows, such as
 * that of a component that has almost none, float32 would lose what tells them apart.
 */
export const uploadMeans = (
  upload: Upload,
  { centres, columnScales: scales }: ResidentRows,
  { components, columns, mean }: About,
  { mix, unmix }: Mixing = unmixed,
  amongRows = false,
): UploadedMeans => {
  const scaled = mean.map((m, i) => (m - centres[i % columns]!) / scales[i % columns]!)
  const near = (m: number): number => (amongRows ? Math.max(-MOST, Math.min(MOST, m)) : m)
  const rounded = mix(scaled).map(m => Math.fround(near(m)))
  return {
    means: upload(widen(rounded, columns), [1, components, columns + 1, 1]),
    shifts: unmix(rounded).map((m, i) => (m - scaled[i]!) * scales[i % columns]!),
  }
}

/** Deviations, 0 where a cell is missing. */
export const presentOnly = (tf: Tf, deviations: Tensor, present: Tensor | undefined): Tensor =>
  present === undefined ? deviations : tf.mul(deviations, present)

/** The weights of the cells that are there, G x 1 x K x E, where some are missing. */
export const presentWeights = (tf: Tf, responsibilities: Tensor, present: Tensor | undefined): ReadonlyArray<Tensor> =>
  present === undefined ? [] : [tf.matMul(tf.expandDims(responsibilities, 1), present, false, true)]

/**
 * Takes the sums of the scaled rows about the rounded means back to the units of the densities and to the exact means, in
 * place. The result does the same with a sum of products of the columns i and j. Where cells are missing, `present` are the
 * scaled weights of those that are there, K x E.
 */
export const restoreMoments = (
  { columnScales: scales, weightScale }: ResidentRows,
  shifts: Float64Array,
  { weight, sum }: { readonly weight: Float64Array; readonly sum: Float64Array },
  present?: Float64Array,
): ((k: number, i: number, j: number, product: number) => number) => {
  const columns = scales.length
  for (let k = 0; k < weight.length; k++) weight[k]! *= weightScale
  const weightOf = (k: number, i: number): number =>
    present ? present[k * (columns + 1) + i]! * weightScale : weight[k]!
  const sums = sum.map((s, i) => s * scales[i % columns]! * weightScale)
  for (let i = 0; i < sum.length; i++) sum[i] = sums[i]! + weightOf(Math.floor(i / columns), i % columns) * shifts[i]!
  return (k, i, j, product) => {
    const [a, b] = [k * columns + i, k * columns + j]
    const scaled = product * scales[i]! * scales[j]! * weightScale
    // In this order the result is symmetric to the bit.
    return scaled + (sums[a]! * shifts[b]! + shifts[a]! * sums[b]!) + weightOf(k, i) * (shifts[a]! * shifts[b]!)
  }
}
