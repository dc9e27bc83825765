import * as tf from '@tensorflow/tfjs-core'
import type { Chart } from './bijections.js'
import { type Definition, type Divergences, type Entropy, each, type Form, type Parts, surround } from './definition.js'
import { noise } from './noise.js'
import { bind, broadcast, partsOf, type Sizes, TensorMismatch, trailing } from './shapes.js'
import type {
  ExponentialForm,
  TensorDistribution,
  TensorFamily,
  WithDivergences,
  WithEntropy,
} from './tensor-family.js'

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
