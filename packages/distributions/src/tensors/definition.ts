import * as tf from '@tensorflow/tfjs-core'
import type { Domain } from './domains.js'
import { constant } from './elementary.js'
import type { Noise } from './noise.js'
import { bind, broadcast, leading, type Sizes, TensorMismatch, trailing } from './shapes.js'
import type { FactorsAsMatrices } from './tensor-family.js'

export type Parts = Readonly<Record<string, tf.Tensor>>

/** What a family states; `define` adds what all of them share. */
export interface Definition<P, X, L, R extends boolean, M, V> {
  readonly name: string
  readonly reparameterised: R
  readonly parameters: { readonly [K in keyof P]: Domain }
  /** What a value is, or each part of one. */
  readonly value: X extends tf.Tensor ? Domain : { readonly [K in keyof X]: Domain }
  /** The axes of a mean, or of each part of one, where they are not those of a value. */
  readonly momentAxes?: number | Readonly<Record<string, number>>
  /** The same of a variance, where they are not those of a mean. */
  readonly varianceAxes?: number | Readonly<Record<string, number>>
  readonly matrices?: FactorsAsMatrices
  /** What parameters have to be together, where each alone is in its domain. */
  readonly together?: (p: P, sizes: Sizes) => tf.Tensor
  /** What a value has to be besides being in its domain. */
  readonly support?: (x: X, sizes: Sizes) => tf.Tensor
  readonly logProb: (p: P, x: X, sizes: Sizes) => tf.Tensor
  /** Draws of these leading axes, which are those of the sample and of the batch. */
  readonly sample: (p: P, lead: ReadonlyArray<number>, noise: Noise, sizes: Sizes) => X
  readonly mean: (p: P, sizes: Sizes) => M
  readonly variance: (p: P, sizes: Sizes) => V
  /** The numbers of a member of the float64 family, of each parameter. */
  readonly lift: { readonly [K in keyof P]: (member: L) => number | ArrayLike<number> }
}

/** What a definition of entropies and divergences, and of the exponential form, adds. */
export interface Entropy<P> {
  readonly entropy: (p: P, sizes: Sizes) => tf.Tensor
}
export interface Divergences<P> extends Entropy<P> {
  readonly klDivergence: (p: P, q: P, sizes: Sizes) => tf.Tensor
}
export interface Form<P, X> {
  readonly natural: (p: P, sizes: Sizes) => tf.Tensor
  readonly fromNatural: (eta: tf.Tensor) => P
  readonly logNormaliser: (p: P, sizes: Sizes) => tf.Tensor
  readonly expectedStatistic: (p: P, sizes: Sizes) => tf.Tensor
  readonly statistic: (x: X) => tf.Tensor
  readonly logBaseMeasure: (x: X) => tf.Tensor
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor

/** A tensor, or each part of a record of tensors. */
export const each = <X>(x: X, f: (part: tf.Tensor, name: string) => tf.Tensor): X =>
  isTensor(x)
    ? (f(x, '') as X & tf.Tensor)
    : (Object.fromEntries(Object.entries(x as object).map(([name, part]) => [name, f(part, name)])) as X)

const asFloat = <X>(x: X): X => each(x, t => (t.dtype === 'float32' ? t : tf.cast(t, 'float32')))

/** What all functions of a family do before and after their own part. */
export interface Surroundings<P, X> {
  readonly domains: ReadonlyArray<readonly [keyof P & string, Domain]>
  readonly valueDomains: Readonly<Record<string, Domain>>
  /** Parameters in float32, with their batch and the lengths of their axes. */
  readonly read: (where: string, given: P) => { readonly p: P; readonly sizes: Sizes; readonly batch: number[] }
  /** Where the parameters are those of a member: [...batch]. */
  readonly membership: (p: P, sizes: Sizes) => tf.Tensor
  /** 1 where the parameters are those of a member, and NaN elsewhere: [...batch]. */
  readonly validity: (p: P, sizes: Sizes) => tf.Tensor
  /** A function of parameters alone; its results have so many axes after the batch. */
  readonly ofParameters: <A>(
    where: string,
    f: (p: P, sizes: Sizes) => A,
    axes: (part: string) => number,
  ) => (given: P) => A
  /** Values in float32, with their leading axes. */
  readonly readValue: (
    where: string,
    given: X,
    known: Sizes,
  ) => { readonly x: Parts; readonly sizes: Sizes; readonly lead: number[] }
  /** Whether values are in the support, and values that are, in the places of those that are not. */
  readonly supported: (x: Parts, sizes: Sizes) => { readonly inside: tf.Tensor; readonly x: X }
}

export const surround = <P, X, L, R extends boolean, M, V>(
  definition: Definition<P, X, L, R, M, V>,
): Surroundings<P, X> => {
  const { name, together, value } = definition
  const domains = Object.entries(definition.parameters) as [keyof P & string, Domain][]
  const valueDomains: Readonly<Record<string, Domain>> =
    'contains' in value ? { '': value as Domain } : (value as never)

  const read = (where: string, given: P) => {
    let sizes: Sizes = {}
    let batch: number[] = []
    const p: Record<string, tf.Tensor> = {}
    for (const [key, domain] of domains) {
      const t: unknown = given[key]
      if (!isTensor(t)) throw new TensorMismatch(`${name}.${where}`, `a tensor ${key}`, typeof t)
      sizes = bind(`${name}.${where}: ${key}`, t.shape, domain.axes, sizes)
      batch = broadcast(`${name}.${where}: ${key}`, leading(t, domain.axes.length), batch)
      p[key] = t
    }
    return { p: asFloat(p) as P, sizes, batch }
  }

  const membership = (p: P, sizes: Sizes): tf.Tensor =>
    constant((...ts) => {
      const known = Object.fromEntries(domains.map(([key], i) => [key, ts[i]!])) as P
      const conditions = domains.map(([, domain], i) => domain.contains(ts[i]!))
      if (together) conditions.push(together(known, sizes))
      return conditions.reduce((a, b) => tf.logicalAnd(a, b))
    })(...domains.map(([key]) => p[key] as tf.Tensor))

  const validity = (p: P, sizes: Sizes): tf.Tensor => tf.where(membership(p, sizes), 1, Number.NaN)

  const ofParameters =
    <A>(where: string, f: (p: P, sizes: Sizes) => A, axes: (part: string) => number) =>
    (given: P): A =>
      tf.tidy(() => {
        const { p, sizes } = read(where, given)
        const valid = validity(p, sizes)
        return each(f(p, sizes), (t, part) => tf.mul(t, trailing(valid, axes(part)))) as never
      })

  const partsOf = (x: X): Parts => (isTensor(x) ? { '': x } : (x as Parts))
  const wholeOf = (parts: Parts): X => ('' in parts ? parts[''] : parts) as X

  const readValue = (where: string, given: X, known: Sizes) => {
    const parts = partsOf(given)
    let sizes = known
    let lead: number[] = []
    for (const [key, domain] of Object.entries(valueDomains)) {
      const label = `${name}.${where}: ${key === '' ? 'a value' : key}`
      const t: unknown = parts[key]
      if (!isTensor(t)) throw new TensorMismatch(label, 'a tensor', typeof t)
      sizes = bind(label, t.shape, domain.axes, sizes)
      lead = broadcast(label, leading(t, domain.axes.length), lead)
    }
    return { x: asFloat(parts), sizes, lead }
  }

  const keys = Object.keys(valueDomains)

  const supported = (x: Parts, sizes: Sizes) => {
    const inside = constant((...ts) => {
      const conditions = keys.map((key, i) => valueDomains[key]!.contains(ts[i]!))
      if (definition.support)
        conditions.push(definition.support(wholeOf(Object.fromEntries(keys.map((key, i) => [key, ts[i]!]))), sizes))
      return conditions.reduce((a, b) => tf.logicalAnd(a, b))
    })(...keys.map(key => x[key]!))
    const held = Object.fromEntries(
      keys.map(key => [
        key,
        tf.where(trailing(inside, valueDomains[key]!.axes.length), x[key]!, valueDomains[key]!.inside(x[key]!)),
      ]),
    )
    return { inside, x: wholeOf(held) }
  }

  return { domains, valueDomains, read, membership, validity, ofParameters, readValue, supported }
}
