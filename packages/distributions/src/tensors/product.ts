import * as tf from '@tensorflow/tfjs-core'
import { random } from '../random.js'
import type { TensorDistribution } from './tensor-family.js'

/** The parameters of a family, and what its values are. */
export type ParametersOf<F> = F extends TensorDistribution<infer P, infer _X, infer _L> ? P : never
/** The members of the float64 family that are lifted. */
export type MemberTypeOf<F> = F extends TensorDistribution<infer _P, infer _X, infer L> ? L : never

/** Families of tensors side by side, by the names of their columns. */
export interface TensorProduct<F> {
  readonly name: string
  /** The sum of the log densities of the columns, whose leading axes are broadcast. */
  readonly logProb: (
    p: { readonly [C in keyof F]: ParametersOf<F[C]> },
  ) => (x: { readonly [C in keyof F]: tf.Tensor }) => tf.Tensor
  /** Draws of all columns, each with noise of its own. */
  readonly sample: (
    p: { readonly [C in keyof F]: ParametersOf<F[C]> },
  ) => (shape: ReadonlyArray<number>, seed: number) => { readonly [C in keyof F]: tf.Tensor }
  /** Parameters of a member of the float64 product, or of several. */
  readonly lift: (
    member:
      | { readonly [C in keyof F]: MemberTypeOf<F[C]> }
      | ReadonlyArray<{ readonly [C in keyof F]: MemberTypeOf<F[C]> }>,
  ) => { readonly [C in keyof F]: ParametersOf<F[C]> }
}

type Column = TensorDistribution<Record<string, tf.Tensor>, tf.Tensor, unknown>

/** Independent columns, each of a family of tensors of its own, as one over records of tensors. */
export const productFamily = <F extends Readonly<Record<string, unknown>>>(families: F): TensorProduct<F> => {
  const columns = Object.entries(families) as unknown as [string, Column][]
  const product = {
    name: 'Product',
    logProb: (p: Record<string, Record<string, tf.Tensor>>) => (x: Record<string, tf.Tensor>) =>
      tf.tidy(() => columns.map(([c, family]) => family.logProb(p[c]!)(x[c]!)).reduce((sum, log) => tf.add(sum, log))),
    sample: (p: Record<string, Record<string, tf.Tensor>>) => (shape: ReadonlyArray<number>, seed: number) => {
      const stream = random(seed)
      return Object.fromEntries(columns.map(([c, family]) => [c, family.sample(p[c]!)(shape, stream.integer(2 ** 53))]))
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
