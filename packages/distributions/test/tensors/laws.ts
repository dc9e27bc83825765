import type * as O from 'fp-ts/lib/Option.js'
import { isNone } from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, test } from 'vitest'
import { batchesOf, difference, dot, drawn, leavesNothing, lifted, near, numbersAt, partsFrom } from './batch.js'
import type { Answer, Ask, Question, Values } from './questions.js'
import { alongSphere, directionsOf, type Numbers, type Row } from './row.js'
import { rows, valid } from './rows.js'

/** Where families are asked. */
export interface Host {
  readonly name: string
  /** Makes the backend active. */
  readonly activate: () => Promise<unknown>
  readonly ask: Ask
  /**
   * Units that numbers may be off by besides, of each unit of their condition: of what a function changes by where each of its
   * arguments changes by its own size. 0 for kernels that compute in float64.
   */
  readonly conditioned: number
  /** Whether members of one size are enough, where every shape is a program that has to be compiled. */
  readonly oneSize?: boolean
  /** Who draws the same. */
  readonly reference?: Ask
  /** Why what reads its parameters, as draws of counts do, is refused, where it is. */
  readonly refuses?: RegExp
}

const DRAWS = 3

type Slopes = Readonly<Record<string, ReadonlyArray<number>>>

const placeOf = (values: ReadonlyArray<number>, place: number, places: number): ReadonlyArray<number> =>
  values.slice((place * values.length) / places, ((place + 1) * values.length) / places)

/** The laws of all families, as suites of a host. */
export const laws = ({ name: hostName, activate, ask: put, conditioned, oneSize, reference, refuses }: Host): void => {
  /** Of one size, those that take the most numbers. */
  const asked = (r: Row): never[][] => {
    const all = batchesOf(r)
    return oneSize ? all.sort((a, b) => sizeOf(r, b) - sizeOf(r, a)).slice(0, 1) : all
  }
  /** An answer that left no tensor behind. */
  const ask: Ask = async question => {
    const answer = await put(question)
    expect(answer.left, `tensors left behind by ${question.what}`).toBe(0)
    return answer
  }
  /** All numbers of a result of so many places at one of them. */
  const flat = (parts: Readonly<Record<string, Values>>, place: number, places: number): number[] =>
    Object.values(parts).flatMap(({ values }) => [...placeOf(values, place, places)])
  const numbersOf = async (question: Question): Promise<ReadonlyArray<number>> =>
    Object.values((await ask(question)).parts).flatMap(({ values }) => values)

  /** What the sum of a function's results changes by where each argument changes by its own size. */
  const conditionOf = (at: Numbers, slopes: Slopes, place: number, places: number): number =>
    Object.entries(at).reduce((sum, [part, values]) => {
      const slope = placeOf(slopes[part]!, place, places)
      return values.reduce((s, v, i) => (Number.isFinite(v) ? s + Math.abs(v * slope[i]!) : s), sum)
    }, 0)
  const sized = (expected: number, condition: number, tolerance: number): number =>
    Math.max(1, Math.abs(expected)) + (conditioned / tolerance) * condition

  /** The slope of a float64 function of the parameters along every direction in which they can move. */
  const checkSlopes = (
    what: string,
    slopes: Slopes,
    at: Numbers,
    place: number,
    places: number,
    f: (numbers: Numbers) => number,
  ): void => {
    for (const [name, values] of Object.entries(at)) {
      const slope = placeOf(slopes[name]!, place, places)
      for (const along of directionsOf(name, values)) {
        const expected = difference(moved => f({ ...at, [name]: moved }), values, along)
        const size = Math.max(Math.abs(expected), conditioned && dot(slope.map(Math.abs), along.map(Math.abs)))
        if (Number.isFinite(expected)) near(dot(slope, along), expected, 2e-4, `${what} by ${name}`, size)
      }
    }
  }

  describe.each(rows.map(r => [r.name, r] as const))(`on ${hostName}: %s`, (family, r) => {
    const { tensors } = r
    const logProb64 = (p: Numbers, x: Numbers): number => r.family.logProb(valid(r.member(p)))(r.value(x))

    beforeEach(async () => {
      await activate()
    })

    test('log densities of samples and batches are those of float64, and so are their gradients', async () => {
      for (const members of asked(r)) {
        const places = members.length
        const p = lifted(r, members)
        const draws = members.map((m, k) => drawn(r, m, DRAWS, 5 + k))
        const x = partsFrom(r, Array.from({ length: DRAWS }, (_, n) => draws.map(d => d[n]!)).flat(), [DRAWS, places])
        const { parts, slopes } = await ask({ family, what: 'logProb', given: { p, x }, slopes: ['p', 'x'] })
        expect(parts['']!.shape).toEqual([DRAWS, places])
        const names = Object.keys(x)
        members.forEach((_, k) => {
          const at = numbersAt(p, k, places)
          const mine = draws[k]!
          const byX = (n: number): Slopes =>
            Object.fromEntries(names.map(name => [name, placeOf(slopes.x![name]!, n * places + k, DRAWS * places)]))
          mine.forEach((v, n) => {
            const expected = logProb64(at, v)
            const condition = conditioned && conditionOf(at, slopes.p!, k, places) + conditionOf(v, byX(n), 0, 1)
            near(parts['']!.values[n * places + k]!, expected, 2e-5, 'log density', sized(expected, condition, 2e-5))
          })
          checkSlopes('log density', slopes.p!, at, k, places, moved =>
            mine.reduce((sum, v) => sum + logProb64(moved, v), 0),
          )
          if (r.discrete) return
          // Towards another draw, which stays inside the support.
          const start = names.flatMap(name => mine[0]![name]!)
          const towards = names.flatMap(name => mine[1]![name]!.map((v, i) => v - mine[0]![name]![i]!))
          const along = r.tangent ? alongSphere(start, towards) : towards
          const slope = names.flatMap(name => byX(0)[name]!)
          const lengths = names.map(name => mine[0]![name]!.length)
          const split = (all: number[]): Numbers =>
            Object.fromEntries(
              names.map((name, i) => {
                const from = lengths.slice(0, i).reduce((a, b) => a + b, 0)
                return [name, all.slice(from, from + lengths[i]!)]
              }),
            )
          const expected = difference(moved => logProb64(at, split(moved)), start, along)
          const size = Math.max(Math.abs(expected), conditioned && dot(slope.map(Math.abs), along.map(Math.abs)))
          near(dot(slope, along), expected, 2e-4, 'log density by value', size)
        })
      }
    })

    test('moments, entropies, divergences and forms are those of float64, with their gradients', async () => {
      for (const members of asked(r)) {
        const places = members.length
        const p = lifted(r, members)
        const at = members.map((_, k) => numbersAt(p, k, places))
        for (const [what, read] of [
          ['mean', r.moments],
          ['variance', r.variances ?? r.moments],
        ] as const) {
          const { parts } = await ask({ family, what, given: { p } })
          members.forEach((_, k) => {
            const expected = r.family[what](valid(r.member(at[k]!)) as never) as O.Option<unknown>
            const actual = flat(parts, k, places)
            if (isNone(expected)) expect(actual.some(Number.isNaN), what).toBe(true)
            else for (const [i, v] of read!(expected.value as never).entries()) near(actual[i]!, v, 2e-5, what)
          })
        }
        const q = lifted(r, members[0]!)
        const scalars: [Question['what'], (n: Numbers) => number][] = []
        if (r.readsForEntropy && refuses)
          await expect(ask({ family, what: 'entropy', given: { p } })).rejects.toThrow(refuses)
        else if (tensors.entropy) scalars.push(['entropy', n => r.family.entropy(valid(r.member(n)))])
        if (tensors.klDivergence)
          scalars.push(['klDivergence', n => r.family.klDivergence!(valid(r.member(n)))(members[0]!)])
        if (tensors.logNormaliser && !overcomplete(r))
          scalars.push(['logNormaliser', n => r.family.logNormaliser!(valid(r.member(n)))])
        for (const [what, f64] of scalars) {
          const given = what === 'klDivergence' ? { p, q } : { p }
          const { parts, slopes } = await ask({ family, what, given, slopes: ['p'] })
          expect(parts['']!.values.length, what).toBe(places)
          members.forEach((_, k) => {
            const expected = f64(at[k]!)
            const condition = conditioned && conditionOf(at[k]!, slopes.p!, k, places)
            near(parts['']!.values[k]!, expected, 2e-5, what, sized(expected, condition, 2e-5))
            checkSlopes(what, slopes.p!, at[k]!, k, places, f64)
          })
        }
        for (const what of ['natural', 'expectedStatistic'] as const) {
          if (!tensors[what]) continue
          const { parts } = await ask({ family, what, given: { p } })
          members.forEach((_, k) => {
            const expected = Array.from(r.family[what]!(valid(r.member(at[k]!))) as ArrayLike<number>)
            const actual = flat(parts, k, places)
            expect(actual.length, what).toBe(expected.length)
            for (const [i, v] of expected.entries()) near(actual[i]!, v, 2e-5, what)
          })
        }
      }
    })

    test('the exponential form is the log density, and leads back', async () => {
      if (!tensors.natural) return
      for (const members of asked(r)) {
        const places = members.length
        const p = lifted(r, members)
        const x = partsFrom(
          r,
          members.flatMap((m, k) => drawn(r, m, 1, 20 + k)),
          [places],
        )
        const eta = (await ask({ family, what: 'natural', given: { p } })).parts
        const others = lifted(r, [...members].reverse())
        const reversed = await numbersOf({ family, what: 'natural', given: { p: others } })
        const statistic = await numbersOf({ family, what: 'statistic', given: { x } })
        const base = await numbersOf({ family, what: 'logBaseMeasure', given: { x } })
        const a = await numbersOf({ family, what: 'logNormaliser', given: { p } })
        const direct = await numbersOf({ family, what: 'logProb', given: { p, x } })
        const back = (await ask({ family, what: 'fromNatural', given: { eta } })).parts
        const { slopes } = await ask({ family, what: 'logNormaliserOfNatural', given: { eta }, slopes: ['eta'] })
        const means = await numbersOf({ family, what: 'expectedStatistic', given: { p } })
        members.forEach((_, k) => {
          const of = (values: ReadonlyArray<number>) => placeOf(values, k, places)
          const finite = (values: ReadonlyArray<number>) => values.map(v => (Number.isFinite(v) ? v : 0))
          const here = of(eta['']!.values)
          const terms = finite(here.map((v, i) => v * of(statistic)[i]!))
          const total = terms.reduce((s, v) => s + v, 0) - a[k]! + base[k]!
          const size = terms.reduce((s, v) => s + Math.abs(v), 0) + Math.abs(a[k]!)
          near(total, direct[k]!, 2e-6, 'form', size)
          const [given, again] = [p, back].map(v => numbersAt(v, k, places))
          for (const name of Object.keys(p))
            for (const [i, v] of given![name]!.entries()) near(again![name]![i]!, v, 1e-4, `${name} from natural`)
          // The gradient of A in eta is the expected statistic; a symmetric matrix shares it among its two triangles.
          const along = finite(here.map((v, i) => of(reversed)[i]! - v))
          const wanted = of(means).map((v, i) => v * along[i]!)
          near(
            dot(of(slopes.eta!['']!), along),
            wanted.reduce((s, v) => s + v, 0),
            1e-4,
            'gradient of A',
            wanted.reduce((s, v) => s + Math.abs(v), 0),
          )
        })
      }
    })

    test('what is outside the support is impossible without a gradient, and what is no member is not a number', async () => {
      const batch = batchesOf(r).find(members => {
        const inside = drawn(r, members[0]!, 1, 3)[0]!
        return Object.entries(r.outside[0] ?? inside).every(([name, v]) => v.length === inside[name]!.length)
      })!
      const p = lifted(r, batch[0]!)
      const inside = drawn(r, batch[0]!, 1, 3)[0]!
      const x = partsFrom(r, [...r.outside, inside], [r.outside.length + 1])
      const { parts, slopes } = await ask({ family, what: 'logProb', given: { p, x }, slopes: ['x'] })
      const { values } = parts['']!
      expect(values.slice(0, -1)).toEqual(r.outside.map(() => Number.NEGATIVE_INFINITY))
      expect(Number.isFinite(values.at(-1))).toBe(true)
      if (!r.discrete)
        for (const [name, slope] of Object.entries(slopes.x!))
          expect(slope.slice(0, r.outside.length * inside[name]!.length).every(v => v === 0)).toBe(true)
      const wrong = Object.fromEntries(
        Object.entries(r.wrong).map(([name, v]) => {
          const { rank, root } = { rank: p[name]!.shape.length, root: Math.sqrt(v.length) }
          return [name, { values: v, shape: rank === 2 ? [root, root] : rank === 1 ? [v.length] : [] }]
        }),
      )
      const lengths = Object.values(wrong).map(({ shape }) => shape.at(-1) ?? 0)
      const fitting = Object.fromEntries(
        Object.entries(inside).map(([name, v]) => [
          name,
          r.axes[name] === 0 ? v : someOf(r.axes[name]!, Math.max(...lengths)),
        ]),
      )
      const y = partsFrom(r, [fitting], [])
      expect(await numbersOf({ family, what: 'logProb', given: { p: wrong, x: y } })).toEqual([Number.NaN])
      for (const question of [
        { what: 'mean' },
        { what: 'variance' },
        ...(readsToDraw(r) && refuses ? [] : [{ what: 'sample', shape: [2], seed: 1 } as const]),
      ] as const) {
        const answer = await ask({ family, given: { p: wrong }, ...question })
        for (const { values: found } of Object.values(answer.parts)) expect(found.some(Number.isNaN)).toBe(true)
      }
      if (tensors.entropy && !(r.readsForEntropy && refuses))
        expect(await numbersOf({ family, what: 'entropy', given: { p: wrong } })).toEqual([Number.NaN])
      if (tensors.klDivergence)
        expect(await numbersOf({ family, what: 'klDivergence', given: { p: wrong, q: wrong } })).toEqual([Number.NaN])
    })

    test('draws are of the shape that is asked for, and nothing is left behind by them or by lifting', async () => {
      const members = batchesOf(r)[0]!
      leavesNothing(() => tensors.lift(members))
      const question: Question = {
        family,
        what: 'sample',
        given: { p: lifted(r, members) },
        shape: [2],
        seed: 1,
        slopes: tensors.reparameterised ? ['p'] : [],
      }
      if (readsToDraw(r) && refuses) return expect(ask(question)).rejects.toThrow(refuses)
      const { parts, slopes } = await ask(question)
      for (const { shape } of Object.values(parts)) expect(shape.slice(0, 2)).toEqual([2, members.length])
      for (const slope of Object.values(slopes.p ?? {})) expect(slope.every(Number.isFinite)).toBe(true)
      const same = await reference?.(question)
      const all = (answer: Answer) => [
        ...Object.values(answer.parts).flatMap(({ values }) => values),
        ...Object.values(answer.slopes.p ?? {}).flat(),
      ]
      if (same) for (const [i, v] of all(same).entries()) near(all({ parts, slopes, left: 0 })[i]!, v, 1e-4, 'a draw')
    })
  })
}

const sizeOf = (r: Row, members: never[]): number =>
  Object.values(lifted(r, members)).reduce((sum, { values }) => sum + values.length, 0)

/** Families whose natural parameters may have any constant added, so that A is 0 in float64. */
const overcomplete = (r: Row): boolean => ['categorical', 'multinomial'].includes(r.name)

/** Families whose draws are those of float64, of parameters that are read. */
export const readsToDraw = (r: Row): boolean =>
  [
    'binomial',
    'multinomial',
    'Poisson',
    'negative binomial',
    'beta-binomial',
    'Dirichlet-multinomial',
    'von Mises-Fisher',
  ].includes(r.name)

/** A value in the support of every family of so many columns: probabilities that are alike, or a unit matrix. */
const someOf = (axes: number, length: number): number[] =>
  axes === 1
    ? Array(length).fill(1 / length)
    : Array.from({ length: length * length }, (_, i) => Number(i % (length + 1) === 0))
