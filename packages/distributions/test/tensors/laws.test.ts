import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import * as O from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  batchesOf,
  difference,
  dot,
  drawn,
  gradients,
  leavesNothing,
  near,
  numbersAt,
  parameterAxes,
  partsOf,
  valueFrom,
} from './batch.js'
import { alongSphere, directionsOf, type Numbers, type Row, type Value } from './row.js'
import { rows, valid } from './rows.js'

const DRAWS = 3

/** The slope of a float64 function of the parameters along every direction in which they can move. */
const checkSlopes = (
  what: string,
  names: ReadonlyArray<string>,
  slopes: ReadonlyArray<ReadonlyArray<number>>,
  at: Numbers,
  place: number,
  f: (numbers: Numbers) => number,
): void => {
  for (const [i, name] of names.entries()) {
    const values = at[name]!
    const slope = slopes[i]!.slice(place * values.length, (place + 1) * values.length)
    for (const along of directionsOf(name, values)) {
      const expected = difference(moved => f({ ...at, [name]: moved }), values, along)
      if (Number.isFinite(expected)) near(dot(slope, along), expected, 2e-4, `${what} by ${name}`)
    }
  }
}

describe.each(tensorBackends)('families on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  describe.each(rows.map(r => [r.name, r] as const))('%s', (_name, r) => {
    const { tensors, family } = r
    const logProb64 = (p: Numbers, x: Numbers): number => family.logProb(valid(r.member(p)))(r.value(x))

    test('log densities of samples and batches are those of float64, and so are their gradients', () => {
      for (const members of batchesOf(r))
        tf.tidy(() => {
          const p = tensors.lift(members)
          const names = Object.keys(p)
          const draws = members.map((m, k) => drawn(r, m, DRAWS, 5 + k))
          const numbers = Array.from({ length: DRAWS }, (_, n) => draws.map(d => d[n]!)).flat()
          const x = partsOf(valueFrom(r, numbers, [DRAWS, members.length]))
          const parts = Object.keys(x)
          const f = (...all: tf.Tensor[]) =>
            tensors.logProb(Object.fromEntries(names.map((name, i) => [name, all[i]!])))(
              wholeOf(Object.fromEntries(parts.map((name, i) => [name, all[names.length + i]!]))),
            )
          const all = [...Object.values(p), ...Object.values(x)]
          expect(f(...all).shape).toEqual([DRAWS, members.length])
          const { value, slopes } = gradients(f, all)
          members.forEach((_, k) => {
            const at = numbersAt(p, parameterAxes(p), k)
            const mine = draws[k]!
            mine.forEach((v, n) => {
              near(value[n * members.length + k]!, logProb64(at, v), 2e-5, 'log density')
            })
            checkSlopes('log density', names, slopes, at, k, moved =>
              mine.reduce((sum, v) => sum + logProb64(moved, v), 0),
            )
            if (r.discrete) return
            // Towards another draw, which stays inside the support.
            const start = parts.flatMap(name => mine[0]![name]!)
            const towards = parts.flatMap(name => mine[1]![name]!.map((v, i) => v - mine[0]![name]![i]!))
            const along = r.tangent ? alongSphere(start, towards) : towards
            const slope = parts.flatMap((name, i) => {
              const { length } = mine[0]![name]!
              return slopes[names.length + i]!.slice(k * length, (k + 1) * length)
            })
            const sizes = parts.map(name => mine[0]![name]!.length)
            const split = (flat: number[]): Numbers =>
              Object.fromEntries(
                parts.map((name, i) => {
                  const from = sizes.slice(0, i).reduce((a, b) => a + b, 0)
                  return [name, flat.slice(from, from + sizes[i]!)]
                }),
              )
            const expected = difference(moved => logProb64(at, split(moved)), start, along)
            near(dot(slope, along), expected, 2e-4, 'log density by value')
          })
        })
    })

    test('moments, entropies, divergences and forms are those of float64, with their gradients', () => {
      for (const members of batchesOf(r))
        tf.tidy(() => {
          const p = tensors.lift(members)
          const names = Object.keys(p)
          const all = Object.values(p)
          const named = (parts: tf.Tensor[]) => Object.fromEntries(names.map((name, i) => [name, parts[i]!]))
          const at = members.map((_, k) => numbersAt(p, parameterAxes(p), k))
          const flat = (x: Value, k: number): number[] =>
            Object.values(partsOf(x)).flatMap(t => {
              const size = t.size / members.length
              return Array.from(t.dataSync().slice(k * size, (k + 1) * size))
            })
          members.forEach((_, k) => {
            const member = valid(r.member(at[k]!))
            for (const [what, of, read] of [
              ['mean', 'mean', r.moments],
              ['variance', 'variance', r.variances ?? r.moments],
            ] as const) {
              const expected = family[of](member as never) as O.Option<unknown>
              const actual = flat(tensors[of](p), k)
              if (O.isNone(expected)) expect(actual.some(Number.isNaN), what).toBe(true)
              else for (const [i, v] of read!(expected.value as never).entries()) near(actual[i]!, v, 2e-5, what)
            }
          })
          const scalars: [string, (p: Record<string, tf.Tensor>) => tf.Tensor, (n: Numbers) => number][] = []
          if (tensors.entropy) scalars.push(['entropy', tensors.entropy, n => family.entropy(valid(r.member(n)))])
          if (tensors.klDivergence)
            scalars.push([
              'divergence',
              q => tensors.klDivergence!(q)(tensors.lift(members[0]!)),
              n => family.klDivergence!(valid(r.member(n)))(members[0]!),
            ])
          if (tensors.logNormaliser && !overcomplete(r))
            scalars.push(['log normaliser', tensors.logNormaliser, n => family.logNormaliser!(valid(r.member(n)))])
          for (const [what, f, f64] of scalars) {
            const { value, slopes } = gradients((...parts) => f(named(parts)), all)
            expect(value.length, what).toBe(members.length)
            members.forEach((_, k) => {
              near(value[k]!, f64(at[k]!), 2e-5, what)
              checkSlopes(what, names, slopes, at[k]!, k, f64)
            })
          }
          for (const of of ['natural', 'expectedStatistic'] as const) {
            if (!tensors[of]) continue
            members.forEach((_, k) => {
              const expected = Array.from(family[of]!(valid(r.member(at[k]!))) as ArrayLike<number>)
              const actual = flat(tensors[of]!(p), k)
              expect(actual.length, of).toBe(expected.length)
              for (const [i, v] of expected.entries()) near(actual[i]!, v, 2e-5, of)
            })
          }
        })
    })

    test('the exponential form is the log density, and leads back', () => {
      if (!tensors.natural) return
      for (const members of batchesOf(r))
        tf.tidy(() => {
          const p = tensors.lift(members)
          const x = valueFrom(
            r,
            members.flatMap((m, k) => drawn(r, m, 1, 20 + k)),
            [members.length],
          )
          const eta = tensors.natural!(p)
          const terms = tf.mul(eta, tensors.statistic!(x))
          const finite = tf.where(tf.isFinite(terms), terms, tf.zerosLike(terms))
          const a = tensors.logNormaliser!(p)
          const form = tf.add(tf.sub(tf.sum(finite, -1), a), tensors.logBaseMeasure!(x)).dataSync()
          const size = tf.add(tf.sum(tf.abs(finite), -1), tf.abs(a)).dataSync()
          const direct = tensors.logProb(p)(x).dataSync()
          const back = tensors.fromNatural!(eta)
          members.forEach((_, k) => {
            near(form[k]!, direct[k]!, 2e-6, 'form', size[k]!)
            const [given, again] = [p, back].map(v => numbersAt(v, parameterAxes(v), k))
            for (const name of Object.keys(p))
              for (const [i, v] of given![name]!.entries()) near(again![name]![i]!, v, 1e-4, `${name} from natural`)
          })
          // The gradient of A in eta is the expected statistic; a symmetric matrix shares it among its two triangles.
          const slope = tf.grad((e: tf.Tensor) => tf.sum(tensors.logNormaliser!(tensors.fromNatural!(e))))(eta)
          const along = tf.sub(tensors.natural!(tensors.lift([...members].reverse())), eta)
          const safe = (t: tf.Tensor) => tf.where(tf.isFinite(t), t, tf.zerosLike(t))
          const [actual, expected, size2] = [
            tf.sum(tf.mul(slope, safe(along)), -1),
            tf.sum(tf.mul(tensors.expectedStatistic!(p), safe(along)), -1),
            tf.sum(tf.abs(tf.mul(tensors.expectedStatistic!(p), safe(along))), -1),
          ].map(t => t.dataSync())
          members.forEach((_, k) => {
            near(actual![k]!, expected![k]!, 1e-4, 'gradient of A', size2![k]!)
          })
        })
    })

    test('what is outside the support is impossible without a gradient, and what is no member is not a number', () => {
      tf.tidy(() => {
        const batch = batchesOf(r).find(members => {
          const inside = drawn(r, members[0]!, 1, 3)[0]!
          return Object.entries(r.outside[0] ?? inside).every(([name, v]) => v.length === inside[name]!.length)
        })!
        const p = tensors.lift(batch[0]!)
        const inside = drawn(r, batch[0]!, 1, 3)[0]!
        const x = partsOf(valueFrom(r, [...r.outside, inside], [r.outside.length + 1]))
        const names = Object.keys(x)
        const f = (...parts: tf.Tensor[]) =>
          tensors.logProb(p)(wholeOf(Object.fromEntries(names.map((name, i) => [name, parts[i]!]))))
        const value = Array.from(f(...Object.values(x)).dataSync())
        expect(value.slice(0, -1)).toEqual(r.outside.map(() => Number.NEGATIVE_INFINITY))
        expect(Number.isFinite(value.at(-1))).toBe(true)
        if (!r.discrete) {
          const slopes = tf.grads((...parts: tf.Tensor[]) => tf.sum(f(...parts)))(Object.values(x))
          for (const [i, slope] of slopes.entries()) {
            const { length } = inside[names[i]!]!
            expect(Array.from(slope.dataSync().slice(0, r.outside.length * length)).every(v => v === 0)).toBe(true)
          }
        }
        const good = tensors.lift(batch[0]!)
        const wrong = Object.fromEntries(
          Object.entries(r.wrong).map(([name, v]) => {
            const shape =
              good[name]!.rank === 2
                ? [Math.sqrt(v.length), Math.sqrt(v.length)]
                : good[name]!.rank === 1
                  ? [v.length]
                  : []
            return [name, tf.tensor([...v], shape)]
          }),
        )
        const length = Object.values(wrong).some(t => t.rank > 0)
          ? Math.max(...Object.values(wrong).map(t => t.shape.at(-1) ?? 0))
          : 0
        const fitting = Object.fromEntries(
          Object.entries(inside).map(([name, v]) => [name, r.axes[name] === 0 ? v : sized(r.axes[name]!, length)]),
        )
        const none = tensors.logProb(wrong)(valueFrom(r, [fitting], []))
        expect(Number.isNaN(none.dataSync()[0])).toBe(true)
        const results = [tensors.mean(wrong), tensors.variance(wrong), tensors.sample(wrong)([2], 1)]
        for (const result of results)
          for (const t of Object.values(partsOf(result))) expect(Array.from(t.dataSync()).some(Number.isNaN)).toBe(true)
        if (tensors.entropy) expect(tensors.entropy(wrong).dataSync()[0]).toBeNaN()
        if (tensors.klDivergence) expect(tensors.klDivergence(wrong)(wrong).dataSync()[0]).toBeNaN()
      })
    })

    test('nothing is left behind by any function', () => {
      const members = batchesOf(r)[0]!
      const p = tensors.lift(members)
      const x = valueFrom(
        r,
        members.flatMap(m => drawn(r, m, 1, 4)),
        [members.length],
      )
      leavesNothing(() => tensors.logProb(p)(x))
      leavesNothing(() => tensors.sample(p)([2], 1) as tf.TensorContainer)
      leavesNothing(() => tensors.mean(p) as tf.TensorContainer)
      leavesNothing(() => tensors.variance(p) as tf.TensorContainer)
      leavesNothing(() => tensors.lift(members))
      if (tensors.entropy) leavesNothing(() => tensors.entropy!(p))
      if (tensors.klDivergence) leavesNothing(() => tensors.klDivergence!(p)(p))
      if (tensors.natural) {
        leavesNothing(() => tensors.natural!(p))
        leavesNothing(() => tensors.expectedStatistic!(p))
        leavesNothing(() => tensors.logNormaliser!(p))
        leavesNothing(() => tensors.statistic!(x))
        leavesNothing(() => tensors.logBaseMeasure!(x))
        leavesNothing(() => {
          const eta = tensors.natural!(p)
          const back = tensors.fromNatural!(eta)
          eta.dispose()
          return back
        })
      }
      const names = Object.keys(p)
      leavesNothing(() =>
        tf.grads((...parts: tf.Tensor[]) =>
          tf.sum(tensors.logProb(Object.fromEntries(names.map((name, i) => [name, parts[i]!])))(x)),
        )(Object.values(p)),
      )
      tf.dispose([p, x] as never)
    })
  })
})

/** Families whose natural parameters may have any constant added, so that A is 0 in float64. */
const overcomplete = (r: Row): boolean => ['categorical', 'multinomial'].includes(r.name)

const wholeOf = (parts: Record<string, tf.Tensor>): Value => ('' in parts ? parts['']! : parts)

/** A value in the support of every family of so many columns: probabilities that are alike, or a unit matrix. */
const sized = (axes: number, length: number): number[] =>
  axes === 1
    ? Array(length).fill(1 / length)
    : Array.from({ length: length * length }, (_, i) => Number(i % (length + 1) === 0))
