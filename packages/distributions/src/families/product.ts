import { type Matrix, square, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, flatten, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { aMember, members } from '../member.js'
import { concat as expressionOf, shifted } from '../statistic.js'
import type { Support } from '../support.js'
import type { Validated } from '../validation.js'

type Family = ExponentialFamily<unknown, unknown, unknown, unknown>

/** What families are told apart by: enough for the compiler to find the types of each. */
type AnyFamily = { readonly name: string; readonly logProb: (p: never) => (x: never) => number }

type ParametersOf<F> = F extends ExponentialFamily<infer P, infer _X, infer _V, infer _M> ? P : never
type ValueOf<F> = F extends ExponentialFamily<infer _P, infer X, infer _V, infer _M> ? X : never
type VarianceOf<F> = F extends ExponentialFamily<infer _P, infer _X, infer V, infer _M> ? V : never
type MeanOf<F> = F extends ExponentialFamily<infer _P, infer _X, infer _V, infer M> ? M : never

/** The parameters of a product, by column. */
export type ProductParameters<F> = { readonly [C in keyof F]: ParametersOf<F[C]> }
/** The values of a product, by column. */
export type ProductValue<F> = { readonly [C in keyof F]: ValueOf<F[C]> }
/** The family of a product of the families `F`, by column. */
export type ProductFamily<F> = ExponentialFamily<
  ProductParameters<F>,
  ProductValue<F>,
  { readonly [C in keyof F]: VarianceOf<F[C]> },
  { readonly [C in keyof F]: MeanOf<F[C]> }
>

type Cells = Readonly<Record<string, unknown>>

interface Column {
  readonly family: Pick<Family, 'support' | 'statistic' | 'logBaseMeasure'>
  /** How many numbers a cell is a list of, where it is not one number. */
  readonly block?: number | undefined
}

/** What a cell of so many numbers is, in words. */
const blockOf = (size: number, support: Support | undefined): string =>
  support?._tag === 'Vector' && support.values
    ? `a list of ${size} ${support.expected}`
    : `a list of ${size} finite numbers`

/** Rows with these columns. */
export const tableOf = (columns: Readonly<Record<string, Column>>, missing: boolean): Support => ({
  _tag: 'Table',
  missing,
  columns: Object.fromEntries(
    Object.entries(columns).map(([c, { family, block }]) => [
      c,
      {
        expected:
          block !== undefined
            ? blockOf(block, family.support)
            : family.support?._tag === 'Number'
              ? family.support.expected
              : 'a number that the column can have',
        ...(block !== undefined && { block }),
        contains: cell =>
          family.logBaseMeasure(cell) > Number.NEGATIVE_INFINITY &&
          Array.from(family.statistic(cell)).every(Number.isFinite),
      },
    ]),
  ),
})

/** The product with `sizes[c]` numbers in the statistic of the column. */
export const productOf = (
  families: Readonly<Record<string, Family>>,
  sizes: Readonly<Record<string, number>>,
): ExponentialFamily<Cells, Cells, Cells, Cells> => {
  const columns = Object.entries(families)
  const each = (f: (family: Family, column: string) => unknown): Cells =>
    Object.fromEntries(columns.map(([c, family]) => [c, f(family, c)]))
  const sum = (f: (family: Family, column: string) => number): number =>
    columns.reduce((total, [c, family]) => total + f(family, c), 0)
  const concat = (f: (family: Family, column: string) => Vector): Float64Array =>
    flatten(columns.map(([c, family]) => f(family, c)))

  /** All cells, or `none` where one is missing. */
  const all = (f: (family: Family, column: string) => O.Option<unknown>): O.Option<Cells> => {
    const cells = columns.map(([c, family]) => [c, f(family, c)] as const)
    return cells.every(([, cell]) => O.isSome(cell))
      ? O.some(Object.fromEntries(cells.map(([c, cell]) => [c, O.toUndefined(cell)])))
      : O.none
  }

  /** Validates each column by its share of a vector. */
  const split = (
    vector: ArrayLike<number>,
    f: (family: Family, part: Float64Array) => Validated<unknown>,
  ): Validated<Cells> => {
    const cells: Record<string, unknown> = {}
    let start = 0
    for (const [c, family] of columns) {
      const cell = f(family, Float64Array.from(vector).slice(start, start + sizes[c]!))
      if (E.isLeft(cell)) return E.left({ ...cell.left, parameter: `${c}.${cell.left.parameter}` })
      cells[c] = cell.right
      start += sizes[c]!
    }
    return E.right(cells)
  }

  const fisherInformation = (p: Cells): Matrix => {
    const blocks = columns.map(([c, family]) => family.fisherInformation(p[c]))
    const place = blocks.flatMap((block, b) => Array.from({ length: block.rows }, (_, i) => [b, i] as const))
    return square(place.length, (i, j) => {
      const [[a, r], [b, s]] = [place[i]!, place[j]!]
      return a === b ? blocks[a]!.data[r * blocks[a]!.columns + s]! : 0
    })
  }

  return guarded({
    name: `Product(${columns.map(([c, family]) => `${c}: ${family.name}`).join(', ')})`,
    logProb: p => {
      const logProbs = columns.map(([c, family]) => [c, family.logProb(p[c])] as const)
      return x => logProbs.reduce((total, [c, logProb]) => total + logProb(x[c]), 0)
    },
    sample: p => random => each((family, c) => family.sample(p[c])(random)),
    mean: p => all((family, c) => family.mean(p[c])),
    variance: p => all((family, c) => family.variance(p[c])),
    mode: p => all((family, c) => family.mode(p[c])),
    entropy: p => sum((family, c) => family.entropy(p[c])),
    klDivergence: p => q => sum((family, c) => family.klDivergence(p[c])(q[c])),
    statistic: x => toStatistic(concat((family, c) => family.statistic(x[c]))),
    // Of columns of numbers, in their order.
    ...(columns.every(([, family]) => family.statisticExpression !== undefined) && {
      statisticExpression: () =>
        expressionOf(...columns.map(([, family], i) => shifted(family.statisticExpression!(1), i))),
    }),
    columns,
    logBaseMeasure: x => sum((family, c) => family.logBaseMeasure(x[c])),
    natural: p => toNatural(concat((family, c) => family.natural(p[c]))),
    fromNatural: eta => split(eta, (family, part) => family.fromNatural(toNatural(part))),
    logNormaliser: p => sum((family, c) => family.logNormaliser(p[c])),
    expectedStatistic: p => toStatistic(concat((family, c) => family.expectedStatistic(p[c]))),
    fromExpectedStatistic: t => split(t, (family, part) => family.fromExpectedStatistic(toStatistic(part))),
    ...(columns.every(([, family]) => family.member !== undefined) && {
      member: members('Product', Object.fromEntries(columns.map(([c, family]) => [c, aMember(family)])), E.right),
    }),
    fisherInformation,
  })
}

/**
 * Independent columns of families of numbers, each with a name of its own, as one family over records: statistics and
 * natural parameters are laid end to end in the order of the columns.
 *
 * @support records of numbers
 * @prior `productPrior` of the columns' priors
 * @example
 * import { normal, poisson, productFamily } from '@conjugate/distributions'
 *
 * const family = productFamily({ height: normal, visits: poisson })
 * const logProb = family.logProb({ height: { mean: 0, variance: 1 }, visits: { rate: 2 } })
 * console.log(logProb({ height: 0, visits: 2 }).toFixed(4)) // prints -2.2258
 */
export const productFamily = <F extends Readonly<Record<string, AnyFamily>>>(
  families: F & { readonly [C in keyof F]: ValueOf<F[C]> extends number ? unknown : never },
): ProductFamily<F> => {
  const known = families as unknown as Readonly<Record<string, Family>>
  const sizes = Object.fromEntries(Object.entries(known).map(([c, family]) => [c, family.statistic(0).length]))
  const columns = Object.fromEntries(Object.entries(known).map(([c, family]) => [c, { family }]))
  return { ...productOf(known, sizes), support: tableOf(columns, false) } as unknown as ProductFamily<F>
}
