import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { productOf, tableOf } from '../families/product.js'
import { type ExponentialFamily, flatten, type Natural, type Statistic, toNatural, toStatistic } from '../family.js'
import { aMember, members } from '../member.js'
import type { Validated } from '../validation.js'
import type { ColumnPair, ConjugatePrior } from './conjugate-prior.js'
import { expectedNatural } from './expected-natural.js'
import { guardedPair } from './guarded-pair.js'
import { posteriorMode } from './posterior-mode.js'
import { anyCell, type Cells, type Pair, type Table, translationOfProduct } from './product-translation.js'

/** What pairs are told apart by: enough for the compiler to find the types of each. */
type AnyPair = { readonly observe: (q: never) => (x: never, weight: number) => unknown }

type PriorOf<T> = T extends ConjugatePrior<infer Q, infer _P, infer _X, infer _S> ? Q : never
type MemberOfPair<T> = T extends ConjugatePrior<infer _Q, infer P, infer _X, infer _S> ? P : never
type ObservationOf<T> = T extends ConjugatePrior<infer _Q, infer _P, infer X, infer _S> ? X : never
type StatisticsOfPair<T> = T extends ConjugatePrior<infer _Q, infer _P, infer _X, infer S> ? S : never

/** A row of a table: a cell may be missing, which is `null`. */
export type Row<T> = { readonly [C in keyof T]: ObservationOf<T[C]> | null }

/** The pair of independent columns with the pairs `T`, by column. */
export type ProductPrior<T> = ConjugatePrior<
  { readonly [C in keyof T]: PriorOf<T[C]> },
  { readonly [C in keyof T]: MemberOfPair<T[C]> },
  Row<T>,
  { readonly [C in keyof T]: StatisticsOfPair<T[C]> }
>

const build = (pairs: Readonly<Record<string, Pair>>): ConjugatePrior<Cells, Cells, Table, Cells> => {
  const columns = Object.entries(pairs)
  // All values of a column have as many statistics.
  const sizes = new Map(columns.map(([c, pair]) => [c, pair.likelihood.statistic(anyCell(pair)).length]))
  const priorSizes = columns.map(([c, pair]) => {
    const nothing = toStatistic<unknown>(new Float64Array(sizes.get(c)!))
    return [c, pair.evidence(pair.fromStatistic(1, nothing)).length] as const
  })
  const each = (f: (pair: Pair, column: string) => unknown): Cells =>
    Object.fromEntries(columns.map(([c, pair]) => [c, f(pair, c)]))
  const concat = (f: (pair: Pair, column: string) => Vector): Float64Array =>
    flatten(columns.map(([c, pair]) => f(pair, c)))
  const sum = (f: (pair: Pair, column: string) => number): number =>
    columns.reduce((total, [c, pair]) => total + f(pair, c), 0)
  const validated = (f: (pair: Pair, column: string) => Validated<unknown>): Validated<Cells> => {
    // Properties of its own, whatever they are called: `__proto__` would be a prototype.
    const cells: Record<string, unknown> = Object.fromEntries(columns.map(([c]) => [c, undefined]))
    for (const [c, pair] of columns) {
      const cell = f(pair, c)
      if (E.isLeft(cell)) return E.left({ ...cell.left, parameter: `${c}.${cell.left.parameter}` })
      cells[c] = cell.right
    }
    return E.right(cells)
  }
  const split = (vector: ArrayLike<number>): ReadonlyMap<string, Float64Array> => {
    const parts = new Map<string, Float64Array>()
    let start = 0
    for (const [c, size] of sizes) {
      parts.set(c, Float64Array.from(vector).slice(start, start + size + 1))
      start += size + 1
    }
    return parts
  }

  const families = Object.fromEntries(columns.map(([c, pair]) => [c, pair.family]))
  return guardedPair({
    family: productOf(families, Object.fromEntries(priorSizes)) as ExponentialFamily<Cells, Cells, unknown, unknown>,
    likelihood: {
      support: tableOf(
        Object.fromEntries(columns.map(([c, pair]) => [c, { family: pair.likelihood, block: pair.block }])),
        true,
      ),
      logProb: p => {
        const logProbs = columns.map(([c, pair]) => [c, pair.likelihood.logProb(p[c])] as const)
        return x =>
          logProbs.reduce((total, [c, logProb]) => {
            const cell = x[c] ?? null
            return cell === null ? total : total + logProb(cell)
          }, 0)
      },
      sample: p => random => each((pair, c) => pair.likelihood.sample(p[c])(random)) as Table,
      statistic: x =>
        toStatistic(
          concat((pair, c) => {
            const cell = x[c] ?? null
            return cell === null ? new Float64Array(sizes.get(c)! + 1) : flatten([pair.likelihood.statistic(cell), 1])
          }),
        ),
      logBaseMeasure: x =>
        sum((pair, c) => {
          const cell = x[c] ?? null
          return cell === null ? 0 : pair.likelihood.logBaseMeasure(cell)
        }),
      natural: p => {
        const parts: (Vector | number)[] = []
        for (const [c, { likelihood }] of columns) parts.push(likelihood.natural(p[c]), -likelihood.logNormaliser(p[c]))
        return flatten(parts) as Vector as Natural<Cells>
      },
      fromNatural: eta => {
        const parts = split(eta)
        return validated((pair, c) =>
          pair.likelihood.fromNatural(parts.get(c)!.slice(0, -1) as Float64Array & Natural<unknown>),
        )
      },
      logNormaliser: () => 0,
      ...(columns.every(([, pair]) => pair.likelihood.member !== undefined) && {
        member: members(
          'Product',
          Object.fromEntries(columns.map(([c, pair]) => [c, aMember(pair.likelihood)])),
          E.right,
        ),
      }),
    },
    monoid: q => {
      const monoids = new Map(columns.map(([c, pair]) => [c, pair.monoid(q[c])]))
      return {
        empty: each((_, c) => monoids.get(c)!.empty),
        concat: (a, b) => each((_, c) => monoids.get(c)!.concat(a[c], b[c])),
      }
    },
    observe: q => (x, weight) =>
      each((pair, c) => {
        const cell = x[c] ?? null
        return cell === null ? pair.monoid(q[c]).empty : pair.observe(q[c])(cell, weight)
      }),
    fromStatistic: (_weight, sums) => {
      const parts = split(sums)
      return each((pair, c) => {
        const part = parts.get(c)!
        return pair.fromStatistic(part.at(-1)!, part.slice(0, -1) as Float64Array & Statistic<unknown>)
      })
    },
    scale: factor => s => each((pair, c) => pair.scale(factor)(s[c])),
    evidence: s => toNatural(concat((pair, c) => pair.evidence(s[c]))),
    update: s => q => validated((pair, c) => pair.update(s[c])(q[c])),
    jointMode: q => validated((pair, c) => pair.jointMode(q[c])),
    posteriorMode: s => q => validated((pair, c) => posteriorMode(pair)(s[c])(q[c])),
    expectedNatural: q => ({
      natural: toNatural(
        concat((pair, c) => {
          const { natural, logNormaliser } = expectedNatural(pair)(q[c])
          return flatten([natural, -logNormaliser])
        }),
      ),
      logNormaliser: 0,
    }),
    freeParameters: q => sum((pair, c) => pair.freeParameters(q[c])),
    translation: translationOfProduct(columns),
    columns: columns as unknown as ReadonlyArray<readonly [name: string, pair: ColumnPair]>,
  })
}

/** What a cell can hold: a number, or as many of them as the pair says. */
type ColumnOfNumbers =
  | { readonly observe: (q: never) => (x: number, weight: number) => unknown }
  | { readonly block: number }

/**
 * Puts pairs over numbers, counts, categories, blocks of numbers (`normalInverseWishartPriorOf`) and rows of counts
 * (`dirichletCountsPrior`) side by side, as one pair over the rows of a table: columns are independent, and cells that are `null` count
 * as unobserved. In the statistics of a row each column is followed by 1 where it was observed and 0 where not, and in the natural
 * parameters by minus its log-normaliser. Errors: those of the pairs, which call their column by its name.
 */
export const productPrior = <T extends Readonly<Record<string, AnyPair>>>(
  pairs: T & { readonly [C in keyof T]: T[C] extends ColumnOfNumbers ? unknown : never },
): ProductPrior<T> => build(pairs as unknown as Readonly<Record<string, Pair>>) as unknown as ProductPrior<T>
