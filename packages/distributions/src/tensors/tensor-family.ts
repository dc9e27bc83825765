import * as tf from '@tensorflow/tfjs-core'
import type { Chart } from './bijections.js'
import type { Domain } from './domains.js'
import { constant } from './elementary.js'
import { type Noise, noise } from './noise.js'
import { bind, broadcast, leading, partsOf, type Sizes, TensorMismatch, trailing } from './shapes.js'

/** Turns the last axis of a network's output into parameters. */
export interface Head<P> {
  /** How many numbers without bounds the parameters take. */
  readonly units: number
  /** Parameters from numbers without bounds (... x units); the axes before are the batch. */
  readonly parameters: (u: tf.Tensor) => P
  /** Numbers without bounds (... x units) that become these parameters. */
  readonly inverse: (p: P) => tf.Tensor
}

/** What turns lower Cholesky factors into matrices, and back. */
export interface FactorsAsMatrices {
  readonly matrixOf: (factor: tf.Tensor) => tf.Tensor
  readonly factorOf: (matrix: tf.Tensor) => tf.Tensor
}

/**
 * A distribution on tensors: functions of parameters `P`, a record of tensors whose leading axes are the batch, and of values
 * `X`, a tensor or a record of them, of shape [...sample, ...batch, ...event]. Axes before the event are broadcast from the
 * last one. All is float32. Nothing keeps a tensor, so that there is nothing to dispose of but results.
 * Rules: shapes that do not fit throw a `TensorMismatch`; where parameters are not those of a member the result is NaN, and
 * the log density of a value outside the support is -Infinity, with no gradient.
 */
export interface TensorDistribution<P, X, L, R extends boolean = boolean, M = X, V = M> {
  readonly name: string
  /** Whether draws are differentiable functions of the parameters. Where they are not, `scoreFunction` gives gradients. */
  readonly reparameterised: R
  /** How many axes an event has: those of a value, or of each part of one. */
  readonly eventAxes: X extends tf.Tensor ? number : { readonly [K in keyof X]: number }
  /** How many axes a mean has, or each part of one: those of a value, but where means are of another kind. */
  readonly momentAxes: M extends tf.Tensor ? number : { readonly [K in keyof M]: number }
  /** Of means that are factors: their matrices, by which they are averaged, and the factors of those. */
  readonly matrices?: FactorsAsMatrices
  /** Whether parameters are those of a member, where all else is NaN: booleans [...batch]. */
  readonly isMember: (p: P) => tf.Tensor
  /** log p(x) in nats: [...sample, ...batch]. */
  readonly logProb: (p: P) => (x: X) => tf.Tensor
  /** Draws of shape [...shape, ...batch, ...event]; the same seed gives the same noise on every backend. */
  readonly sample: (p: P) => (shape: ReadonlyArray<number>, seed: number) => X
  /** The mean, in the shape of a value; NaN where there is none. */
  readonly mean: (p: P) => M
  /** The variance of each number; Infinity or NaN where there is none. */
  readonly variance: (p: P) => V
  /** The map from numbers without bounds onto parameters, of `eventSize` columns or categories where values have such. */
  readonly head: (eventSize?: number) => Head<P>
  /** Parameters of a member of the float64 family, or of several, which are the batch. */
  readonly lift: (member: L | ReadonlyArray<L>) => P
}

/** What has an entropy. */
export interface WithEntropy<P> {
  /** The entropy in nats: [...batch]. */
  readonly entropy: (p: P) => tf.Tensor
}

/** What has divergences. */
export interface WithDivergences<P> extends WithEntropy<P> {
  /** KL(p || q) in nats: the batches of both, broadcast. */
  readonly klDivergence: (p: P) => (q: P) => tf.Tensor
}

/**
 * The same in exponential form: log p(x) = <eta, t(x)> - A + log h(x). Natural parameters and statistics are vectors on the
 * last axis, in the order of those of the float64 family.
 */
export interface ExponentialForm<P, X> {
  /** eta: [...batch, n]. */
  readonly natural: (p: P) => tf.Tensor
  /** The parameters of eta [...batch, n]. */
  readonly fromNatural: (eta: tf.Tensor) => P
  /** A in nats: [...batch]. */
  readonly logNormaliser: (p: P) => tf.Tensor
  /** E t(x), the gradient of A in eta: [...batch, n]. */
  readonly expectedStatistic: (p: P) => tf.Tensor
  /** t(x): [...sample, ...batch, n]. */
  readonly statistic: (x: X) => tf.Tensor
  /** log h(x) in nats, on the support: [...sample, ...batch]. */
  readonly logBaseMeasure: (x: X) => tf.Tensor
}

/** A family that is of exponential form. */
export type TensorFamily<P, X, L, R extends boolean = boolean, M = X, V = M> = TensorDistribution<P, X, L, R, M, V> &
  WithDivergences<P> &
  ExponentialForm<P, X>

type Parts = Readonly<Record<string, tf.Tensor>>

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
const surround = <P, X, L, R extends boolean, M, V>(definition: Definition<P, X, L, R, M, V>) => {
  const { name, together, value } = definition
  const domains = Object.entries(definition.parameters) as [keyof P & string, Domain][]
  const valueDomains: Readonly<Record<string, Domain>> =
    'contains' in value ? { '': value as Domain } : (value as never)

  /** Parameters in float32, with their batch and the lengths of their axes. */
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

  /** Where the parameters are those of a member: [...batch]. */
  const membership = (p: P, sizes: Sizes): tf.Tensor =>
    constant((...ts) => {
      const known = Object.fromEntries(domains.map(([key], i) => [key, ts[i]!])) as P
      const conditions = domains.map(([, domain], i) => domain.contains(ts[i]!))
      if (together) conditions.push(together(known, sizes))
      return conditions.reduce((a, b) => tf.logicalAnd(a, b))
    })(...domains.map(([key]) => p[key] as tf.Tensor))

  /** 1 where the parameters are those of a member, and NaN elsewhere: [...batch]. */
  const validity = (p: P, sizes: Sizes): tf.Tensor => tf.where(membership(p, sizes), 1, Number.NaN)

  /** A function of parameters alone; its results have so many axes after the batch. */
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

  /** Values in float32, with their leading axes. */
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

  /** Whether values are in the support, and values that are, in the places of those that are not. */
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

/** The functions that every distribution has, checked, masked and tidied. */
export const define = <P, X, L, R extends boolean, M = X, V = M>(
  definition: Definition<P, X, L, R, M, V>,
): TensorDistribution<P, X, L, R, M, V> => {
  const { name, reparameterised } = definition
  const { domains, valueDomains, read, membership, validity, ofParameters, readValue, supported } = surround(definition)
  const { momentAxes, varianceAxes = momentAxes } = definition
  const axesOf =
    (axes: Definition<P, X, L, R, M, V>['momentAxes']) =>
    (part: string): number =>
      axes === undefined ? valueDomains[part]!.axes.length : typeof axes === 'number' ? axes : axes[part]!
  const chartsOf = (sizes: Sizes): ReadonlyArray<readonly [string, Chart]> =>
    domains.map(([key, domain]) => [key, domain.chart(sizes)])
  const eventAxes =
    '' in valueDomains
      ? valueDomains['']!.axes.length
      : Object.fromEntries(Object.entries(valueDomains).map(([key, { axes }]) => [key, axes.length]))
  return {
    name,
    reparameterised,
    eventAxes: eventAxes as never,
    momentAxes: (momentAxes ?? eventAxes) as never,
    ...(definition.matrices && { matrices: definition.matrices }),
    isMember: given =>
      tf.tidy(() => {
        const { p, sizes } = read('isMember', given)
        return membership(p, sizes)
      }),
    logProb: given => value =>
      tf.tidy(() => {
        const { p, sizes, batch } = read('logProb', given)
        const { x, lead, sizes: all } = readValue('logProb', value, sizes)
        broadcast(`${name}.logProb: a value`, lead, batch)
        const { inside, x: held } = supported(x, all)
        const log = tf.where(inside, definition.logProb(p, held, all), Number.NEGATIVE_INFINITY)
        return tf.mul(log, validity(p, sizes))
      }),
    sample: given => (shape, seed) =>
      tf.tidy(() => {
        const { p, sizes, batch } = read('sample', given)
        const valid = validity(p, sizes)
        const drawn = definition.sample(p, [...shape, ...batch], noise(seed), sizes)
        return each(drawn, (t, part) => tf.mul(t, trailing(valid, valueDomains[part]!.axes.length))) as never
      }),
    mean: ofParameters('mean', definition.mean, axesOf(momentAxes)),
    variance: ofParameters('variance', definition.variance, axesOf(varianceAxes)),
    head: (eventSize = 1) => {
      const charts = chartsOf({ d: eventSize, k: eventSize })
      const units = charts.reduce((sum, [, chart]) => sum + chart.size, 0)
      return {
        units,
        parameters: u =>
          tf.tidy(() => {
            bind(`${name}.head`, u.shape, [units], {})
            const parts = partsOf(
              u,
              charts.map(([, chart]) => chart.size),
            )
            return Object.fromEntries(charts.map(([key, chart], i) => [key, chart.forward(parts[i]!)])) as never
          }),
        inverse: given =>
          tf.tidy(() => {
            const { p, batch } = read('head', given)
            return tf.concat(
              charts.map(([key, chart]) => {
                const u = chart.inverse(p[key as keyof P] as tf.Tensor)
                return tf.broadcastTo(u, [...batch, chart.size])
              }),
              -1,
            )
          }),
      }
    },
    lift: member =>
      tf.tidy(() => {
        const members = Array.isArray(member) ? member : [member]
        return Object.fromEntries(
          domains.map(([key, domain]) => {
            const values = members.map(m => {
              const value = definition.lift[key](m as L)
              return typeof value === 'number' ? [value] : Array.from(value)
            })
            const length = values[0]?.length ?? 0
            if (values.some(v => v.length !== length) || length === 0)
              throw new TensorMismatch(
                `${name}.lift`,
                'members of one size',
                `${values.map(v => v.length).join(', ')} numbers`,
              )
            const size = domain.axes.length === 2 ? Math.round(Math.sqrt(length)) : length
            const shape = [...(Array.isArray(member) ? [members.length] : []), ...domain.axes.map(() => size)]
            return [key, tf.tensor(Float32Array.from(values.flat()), shape)]
          }),
        ) as never
      }),
  }
}

/** The entropy. */
export const withEntropy = <P, X, L, R extends boolean, M, V>(
  definition: Definition<P, X, L, R, M, V> & Entropy<P>,
): WithEntropy<P> => ({ entropy: surround(definition).ofParameters('entropy', definition.entropy, () => 0) })

/** The entropy and the divergence. */
export const withDivergences = <P, X, L, R extends boolean, M, V>(
  definition: Definition<P, X, L, R, M, V> & Divergences<P>,
): WithDivergences<P> => {
  const { name, klDivergence } = definition
  const { read, validity } = surround(definition)
  return {
    ...withEntropy(definition),
    klDivergence: givenP => givenQ =>
      tf.tidy(() => {
        const { p, sizes, batch } = read('klDivergence', givenP)
        const { p: q, sizes: others, batch: other } = read('klDivergence', givenQ)
        broadcast(`${name}.klDivergence`, other, batch)
        for (const [axis, size] of Object.entries(sizes))
          if (others[axis] !== size)
            throw new TensorMismatch(
              `${name}.klDivergence`,
              `members of ${axis} = ${size}`,
              `${axis} = ${others[axis]}`,
            )
        return tf.mul(klDivergence(p, q, sizes), tf.mul(validity(p, sizes), validity(q, others)))
      }),
  }
}

/** The exponential form. */
export const withForm = <P, X, L, R extends boolean, M, V>(
  definition: Definition<P, X, L, R, M, V> & Form<P, X>,
): ExponentialForm<P, X> => {
  const { ofParameters, readValue } = surround(definition)
  return {
    natural: ofParameters('natural', definition.natural, () => 1),
    fromNatural: eta => tf.tidy(() => definition.fromNatural(eta) as never),
    logNormaliser: ofParameters('logNormaliser', definition.logNormaliser, () => 0),
    expectedStatistic: ofParameters('expectedStatistic', definition.expectedStatistic, () => 1),
    statistic: x => tf.tidy(() => definition.statistic(unlabelled(readValue('statistic', x, {}).x))),
    logBaseMeasure: x => tf.tidy(() => definition.logBaseMeasure(unlabelled(readValue('logBaseMeasure', x, {}).x))),
  }
}

const unlabelled = <X>(parts: Parts): X => ('' in parts ? parts[''] : parts) as X

/** A distribution with entropies, which is no exponential family. */
export const defineWithEntropy = <P, X, L, R extends boolean, M = X, V = M>(
  definition: Definition<P, X, L, R, M, V> & Entropy<P>,
): TensorDistribution<P, X, L, R, M, V> & WithEntropy<P> => ({ ...define(definition), ...withEntropy(definition) })

/** A family of exponential form, with entropies and divergences. */
export const defineFamily = <P, X, L, R extends boolean, M = X, V = M>(
  definition: Definition<P, X, L, R, M, V> & Divergences<P> & Form<P, X>,
): TensorFamily<P, X, L, R, M, V> => ({
  ...define(definition),
  ...withDivergences(definition),
  ...withForm(definition),
})
