import * as tf from '@tensorflow/tfjs-core'
import { random } from '../random.js'
import { bind, broadcast, partsOf } from './shapes.js'
import type { Head, TensorDistribution, WithDivergences, WithEntropy } from './tensor-family.js'

/** The parameters of a family, and what its values are. */
export type ParametersOf<F> = F extends TensorDistribution<infer P, infer _X, infer _L> ? P : never
/** The members of the float64 family that are lifted. */
export type MemberTypeOf<F> = F extends TensorDistribution<infer _P, infer _X, infer L> ? L : never

type Columns<F> = { readonly [C in keyof F]: tf.Tensor }
type Parameters<F> = { readonly [C in keyof F]: ParametersOf<F[C]> }

/** Families of tensors side by side, by the names of their columns; with an entropy, and a divergence, where all columns have one. */
export type TensorProduct<F> = TensorProductFunctions<F> &
  (F[keyof F] extends WithEntropy<never> ? WithEntropy<Parameters<F>> : unknown) &
  (F[keyof F] extends WithDivergences<never> ? WithDivergences<Parameters<F>> : unknown)

/** What products of all families have. */
export interface TensorProductFunctions<F> {
  readonly name: string
  /** The sum of the log densities of the columns, whose leading axes are broadcast. */
  readonly logProb: (p: Parameters<F>) => (x: Columns<F>) => tf.Tensor
  /** Draws of all columns, each with noise of its own. */
  readonly sample: (p: Parameters<F>) => (shape: ReadonlyArray<number>, seed: number) => Columns<F>
  /** The mean of each column. */
  readonly mean: (p: Parameters<F>) => Columns<F>
  /** The variance of each column. */
  readonly variance: (p: Parameters<F>) => Columns<F>
  /** Parameters of all columns from the last axis of a network, one after another; columns of vectors have to say their lengths. */
  readonly head: (sizes?: { readonly [C in keyof F]?: number }) => Head<Parameters<F>>
  /** Parameters of a member of the float64 product, or of several. */
  readonly lift: (
    member:
      | { readonly [C in keyof F]: MemberTypeOf<F[C]> }
      | ReadonlyArray<{ readonly [C in keyof F]: MemberTypeOf<F[C]> }>,
  ) => Parameters<F>
}

type Column = TensorDistribution<Record<string, tf.Tensor>, tf.Tensor, unknown> &
  Partial<WithDivergences<Record<string, tf.Tensor>>>
type ColumnParameters = Readonly<Record<string, Record<string, tf.Tensor>>>

/** Independent columns, each of a family of tensors of its own, as one over records of tensors. */
export const productFamily = <F extends Readonly<Record<string, unknown>>>(families: F): TensorProduct<F> => {
  const columns = Object.entries(families) as unknown as [string, Column][]
  const sum = (of: (family: Column, column: string) => tf.Tensor): tf.Tensor =>
    tf.tidy(() => columns.map(([c, family]) => of(family, c)).reduce((a, b) => tf.add(a, b)))
  const each = (of: (family: Column, column: string) => tf.Tensor): Record<string, tf.Tensor> =>
    Object.fromEntries(columns.map(([c, family]) => [c, of(family, c)]))
  const product = {
    name: 'Product',
    logProb: (p: ColumnParameters) => (x: Record<string, tf.Tensor>) =>
      sum((family, c) => family.logProb(p[c]!)(x[c]!)),
    mean: (p: ColumnParameters) => each((family, c) => family.mean(p[c]!)),
    variance: (p: ColumnParameters) => each((family, c) => family.variance(p[c]!)),
    ...(columns.every(([, { entropy }]) => entropy) && {
      entropy: (p: ColumnParameters) => sum((family, c) => family.entropy!(p[c]!)),
    }),
    ...(columns.every(([, { klDivergence }]) => klDivergence) && {
      klDivergence: (p: ColumnParameters) => (q: ColumnParameters) =>
        sum((family, c) => family.klDivergence!(p[c]!)(q[c]!)),
    }),
    sample: (p: ColumnParameters) => (shape: ReadonlyArray<number>, seed: number) => {
      const stream = random(seed)
      return Object.fromEntries(columns.map(([c, family]) => [c, family.sample(p[c]!)(shape, stream.integer(2 ** 53))]))
    },
    head: (sizes: Readonly<Record<string, number>> = {}) => {
      const heads = columns.map(([c, family]) => [c, family.head(sizes[c])] as const)
      const units = heads.reduce((count, [, one]) => count + one.units, 0)
      return {
        units,
        parameters: (u: tf.Tensor) =>
          tf.tidy(() => {
            bind('Product.head', u.shape, [units], {})
            const parts = partsOf(
              u,
              heads.map(([, one]) => one.units),
            )
            return Object.fromEntries(heads.map(([c, one], i) => [c, one.parameters(parts[i]!)])) as never
          }),
        inverse: (p: ColumnParameters) =>
          tf.tidy(() => {
            const parts = heads.map(([c, one]) => one.inverse(p[c]!))
            const lead = parts.map(t => t.shape.slice(0, -1)).reduce((a, b) => broadcast('Product.head', a, b))
            return tf.concat(
              parts.map(t => tf.broadcastTo(t, [...lead, t.shape.at(-1)!])),
              -1,
            )
          }),
      }
    },
    lift: (member: Record<string, unknown> | ReadonlyArray<Record<string, unknown>>) =>
      Object.fromEntries(
        columns.map(([c, family]) => [
          c,
          family.lift(Array.isArray(member) ? member.map(m => m[c]) : (member as never)[c]),
        ]),
      ),
  }
  return product as unknown as TensorProduct<F>
}
