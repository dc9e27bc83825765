import type { Densities } from '@conjugate/executors'
import type { RowColumn, RowPlan } from '@conjugate/models'
import { cell, column, columnSql } from './columns.js'
import { constantsOf, digitsOf, type Factor, factorsOf } from './densities.js'
import type { Chain, Dialect } from './dialect.js'

const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)

/** A statement about densities. */
export interface Asked {
  readonly d: Dialect
  readonly plan: RowPlan
  readonly densities: Densities
  readonly factors: ReadonlyArray<Factor>
  /** The components that have a weight. */
  readonly alive: ReadonlyArray<number>
  readonly constants: Float64Array
  /** Whether rows may have labels. */
  readonly labelled: boolean
  /** Whether rows count for other than one each. */
  readonly weighted: boolean
}

/** What a statement about densities on the rows of a plan needs. */
export const askedOf = (
  d: Dialect,
  plan: RowPlan,
  densities: Densities,
  { labelled, weighted }: Pick<Asked, 'labelled' | 'weighted'>,
): Asked => {
  const constants = constantsOf(densities)
  return {
    d,
    plan,
    densities,
    factors: factorsOf(densities),
    alive: range(densities.components).filter(k => constants[k] !== Number.NEGATIVE_INFINITY),
    constants,
    labelled,
    weighted,
  }
}

/** The deviation of column f of the rows from the mean of component k. */
export const deviation = (k: number, f: number): string => `d${k}_${f}`

/** The digits of an index, where a column of a plan is one. */
export const digitsIn = (plan: RowPlan, first: number): Extract<RowColumn, { readonly _tag: 'Index' }>['digits'] => {
  const of = plan.columns[first]!
  return of._tag === 'Index' ? of.digits : []
}

/** Which cells queries carry on: those of indices; and which columns of rows: those of linear factors. */
export const carriedIn = ({ plan, factors }: Asked): ReadonlyArray<string> =>
  factors.flatMap(({ densities, first }) => {
    if (densities._tag === 'Linear') return range(densities.columns).map(i => column(first + i))
    return digitsIn(plan, first).map(digit => cell(digit.cell))
  })

/** Components whose density has a place: noise has none. */
export const placed = ({ densities }: Factor, k: number): boolean => {
  const { columns } = densities
  const values =
    densities._tag === 'Quadratic'
      ? densities.whitening.subarray(k * columns * columns, (k + 1) * columns * columns)
      : densities._tag === 'Diagonal'
        ? densities.scale.subarray(k * columns, (k + 1) * columns)
        : undefined
  return values?.some(v => v !== 0) ?? false
}

const deviationsIn = ({ alive, factors }: Asked): ReadonlyArray<readonly [k: number, f: number, mean: number]> =>
  factors.flatMap(factor => {
    const { densities, first } = factor
    if (!('mean' in densities)) return []
    return alive
      .filter(k => placed(factor, k))
      .flatMap(k =>
        range(densities.columns).map(i => [k, first + i, densities.mean[k * densities.columns + i]!] as const),
      )
  })

/** The names of all deviations. */
export const deviationNames = (asked: Asked): ReadonlyArray<string> =>
  deviationsIn(asked).map(([k, f]) => deviation(k, f))

/** Whitened deviations of quadratic factors, by their names. */
const whitened = ({ d, alive, factors }: Asked): ReadonlyArray<readonly [name: string, sql: string]> =>
  factors.flatMap(factor => {
    const { densities, first } = factor
    if (densities._tag !== 'Quadratic') return []
    const { columns, whitening } = densities
    return alive
      .filter(k => placed(factor, k))
      .flatMap(k =>
        range(columns).map(i => {
          const terms = range(i + 1)
            .filter(j => whitening[(k * columns + i) * columns + j] !== 0)
            .map(j => `${d.number(whitening[(k * columns + i) * columns + j]!)} * ${deviation(k, first + j)}`)
          return [`y${k}_${first + i}`, terms.join(' + ')] as const
        }),
      )
  })

/** The terms of a log density that a factor adds for component k. */
const termsOf = ({ d, plan }: Asked, factor: Factor, k: number): ReadonlyArray<string> => {
  const { densities, first } = factor
  const { columns } = densities
  const mayMiss = plan.cells.some(c => c.mayMiss)
  const there = (e: string): string => (mayMiss ? `coalesce(${e}, ${d.number(0)})` : `(${e})`)
  switch (densities._tag) {
    case 'Quadratic': {
      if (!placed(factor, k)) return []
      const squares = range(columns).map(i => `y${k}_${first + i} * y${k}_${first + i}`)
      return [`${d.number(-0.5)} * ${there(squares.join(' + '))}`]
    }
    case 'Diagonal': {
      const squares = range(columns)
        .filter(i => densities.scale[k * columns + i] !== 0)
        .map(i => {
          const scaled = `${d.number(densities.scale[k * columns + i]!)} * ${deviation(k, first + i)}`
          return there(`(${scaled}) * (${scaled})`)
        })
      return squares.length === 0 ? [] : [`${d.number(-0.5)} * (${squares.join(' + ')})`]
    }
    case 'Linear':
      return range(columns)
        .filter(i => densities.natural[k * columns + i] !== 0)
        .map(i => `${d.number(densities.natural[k * columns + i]!)} * ${column(first + i)}`)
    case 'Indexed': {
      const digits = digitsIn(plan, first)
      return digitsOf(densities, digits).map(({ levels, logs }, i) => {
        const at = cell(digits[i]!.cell)
        const cases = range(levels).map(level => `WHEN ${at} = ${d.number(level)} THEN ${d.number(logs(k, level))}`)
        return `CASE ${cases.join(' ')} ELSE ${d.number(0)} END`
      })
    }
    case 'Offset':
      return []
  }
}

/** The rows of a plan, `conjugate_r`, from its cells; `more` is what else is carried on. */
export const rowsQuery = (
  { d, plan, factors, labelled, weighted }: Asked,
  more: ReadonlyArray<string>,
  base: string | undefined,
): string => {
  const used = new Set(factors.flatMap(({ densities, first }) => range(densities.columns).map(i => first + i)))
  const columns = plan.columns.flatMap((of, f) => {
    const sql = used.has(f) ? columnSql(d, plan, of) : undefined
    const whole = sql !== undefined && of._tag === 'LogBase' && base !== undefined ? `${sql} + ${base}` : sql
    return whole === undefined ? [] : [`${whole} AS ${column(f)}`]
  })
  const digits = factors.flatMap(({ first }) => digitsIn(plan, first).map(digit => cell(digit.cell)))
  return [...columns, ...digits, ...(labelled ? ['label'] : []), ...(weighted ? ['w', 'n'] : []), ...more].join(', ')
}

/**
 * The log densities l0, l1, ... of the rows, those that a label forbids as NULL, and their greatest (`top`), as queries that follow
 * `conjugate_r`. They carry on deviations, columns of linear factors, digits, w, n, and `more`.
 */
export const logitsChain = (asked: Asked, more: ReadonlyArray<string>): { chain: Chain; carried: string } => {
  const { d, alive, constants, factors, labelled, weighted } = asked
  const label = labelled ? ['label'] : []
  const own = carriedIn(asked)
  const rest = [...own, ...(weighted ? ['w', 'n'] : []), ...more]
  const deviations = deviationsIn(asked)
  const names = deviations.map(([k, f]) => deviation(k, f))
  const y = whitened(asked)
  const carried = [...names, ...rest].join(', ')
  const logit = (k: number): string => {
    const sum = [d.number(constants[k]!), ...factors.flatMap(factor => termsOf(asked, factor, k))].join(' + ')
    return labelled
      ? `CASE WHEN label IS NULL OR label < ${d.number(0)} OR label = ${d.number(k)} THEN ${sum} END`
      : sum
  }
  const chain: (readonly [string, string])[] = []
  let before = 'conjugate_r'
  const then = (name: string, select: ReadonlyArray<string>): void => {
    chain.push([name, `SELECT ${select.join(', ')} FROM ${before}`])
    before = name
  }
  if (deviations.length > 0)
    then('conjugate_d', [
      ...deviations.map(
        ([k, f, mean]) => `${column(f)}${mean === 0 ? '' : ` - ${d.number(mean)}`} AS ${deviation(k, f)}`,
      ),
      ...rest,
      ...label,
    ])
  if (y.length > 0) then('conjugate_y', [...names, ...rest, ...label, ...y.map(([name, sql]) => `${sql} AS ${name}`)])
  then('conjugate_l', [...names, ...rest, ...alive.map(k => `${logit(k)} AS l${k}`)])
  return { chain, carried }
}
