import type { Densities, MixtureExpectation, StatisticsOf } from '@conjugate/executors'
import { cell, column } from './columns.js'
import { digitsOf, type Factor } from './densities.js'
import { greatest, statementOf } from './dialect.js'
import { type Asked, deviation, digitsIn, logitsChain, placed, rowsQuery } from './logits.js'

const range = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)

/** A sum over the rows of one component, and the place of its arrays that it is. */
interface OneSum {
  readonly sql: string
  readonly put: (value: number) => void
}

type Arrays = Readonly<Record<string, Float64Array>>

/** The sums of a factor under component k, weighted by its responsibility. */
const sumsOfFactor = ({ d, plan }: Asked, factor: Factor, k: number, into: Arrays): ReadonlyArray<OneSum> => {
  const { densities, first } = factor
  const { columns } = densities
  const q = `q${k}`
  const sum = (sql: string, put: (value: number) => void): OneSum => ({ sql: `sum(${sql})`, put })
  const at = (i: number): string => deviation(k, first + i)
  const firsts = (): ReadonlyArray<OneSum> =>
    range(columns).map(i =>
      sum(`${q} * ${at(i)}`, v => {
        into['sum']![k * columns + i] = v
      }),
    )
  switch (densities._tag) {
    case 'Quadratic':
      return placed(factor, k)
        ? [
            ...firsts(),
            ...range(columns).flatMap(i =>
              range(i + 1).map(j =>
                sum(`${q} * ${at(i)} * ${at(j)}`, v => {
                  const outer = into['outer']!
                  outer[(k * columns + i) * columns + j] = v
                  outer[(k * columns + j) * columns + i] = v
                }),
              ),
            ),
          ]
        : []
    case 'Diagonal':
      return placed(factor, k)
        ? [
            ...firsts(),
            ...range(columns).map(i =>
              sum(`${q} * ${at(i)} * ${at(i)}`, v => {
                into['squares']![k * columns + i] = v
              }),
            ),
          ]
        : []
    case 'Linear':
      return range(columns).map(i =>
        sum(`${q} * ${column(first + i)}`, v => {
          into['sum']![k * columns + i] = v
        }),
      )
    case 'Indexed': {
      const digits = digitsIn(plan, first)
      return digitsOf(densities, digits).flatMap(({ levels, placeOf }, i) =>
        range(levels).map(level =>
          sum(`CASE WHEN ${cell(digits[i]!.cell)} = ${d.number(level)} THEN ${q} ELSE ${d.number(0)} END`, v => {
            into['sum']![k * densities.levels + placeOf(level)] = v
          }),
        ),
      )
    }
    case 'Offset':
      return []
  }
}

const zerosOf = ({ densities }: Factor, weight: Float64Array): Arrays => {
  const { components, columns } = densities
  const zeros = (width: number): Float64Array => new Float64Array(components * width)
  switch (densities._tag) {
    case 'Quadratic':
      return { weight, sum: zeros(columns), outer: zeros(columns * columns) }
    case 'Diagonal':
      return { weight, sum: zeros(columns), squares: zeros(columns) }
    case 'Linear':
      return { weight, sum: zeros(columns) }
    case 'Indexed':
      return { weight, sum: zeros(densities.levels) }
    case 'Offset':
      return { weight }
  }
}

/** What one row of sums says. */
export interface Told {
  /** How many observations were summed, and how many of them had a density under some component. */
  readonly rows: number
  readonly counted: number
  readonly expectation: MixtureExpectation
}

/** The E-step as one statement, and what its one row says. */
export interface ExpectationStatement {
  readonly sql: string
  readonly read: (row: ReadonlyArray<unknown>) => Told
}

/** The responsibilities q0, q1, ... as queries that follow those of the log densities. */
const expectationChain = (asked: Asked, carried: string) => {
  const { d, alive, labelled, weighted } = asked
  const exp = (k: number): string => {
    const e = d.exp(`(l${k} - top)`)
    return labelled ? `coalesce(${e}, ${d.number(0)})` : e
  }
  return [
    ['conjugate_m', `SELECT *, ${greatest(alive.map(k => `l${k}`))} AS top FROM conjugate_l`],
    ['conjugate_e', `SELECT ${carried}, top, ${alive.map(k => `${exp(k)} AS e${k}`).join(', ')} FROM conjugate_m`],
    ['conjugate_t', `SELECT *, ${alive.map(k => `e${k}`).join(' + ')} AS total FROM conjugate_e`],
    [
      'conjugate_q',
      `SELECT ${carried}, top, total, ${alive.map(k => `${weighted ? 'w * ' : ''}e${k} / total AS q${k}`).join(', ')} FROM conjugate_t`,
    ],
  ] as const
}

/**
 * The E-step over `cells` (see `cellsSql`): sums about the means of the densities. `base` joins values of log h, where rows are to have
 * their own.
 */
export const expectationSql = (
  asked: Asked,
  cells: string,
  base?: { readonly join: string; readonly sql: string },
): ExpectationStatement => {
  const { d, densities, factors, alive, weighted } = asked
  const weight = new Float64Array(densities.components)
  const arrays = factors.map(factor => zerosOf(factor, weight))
  const sums = alive.map(
    (k): ReadonlyArray<OneSum> => [
      {
        sql: `sum(q${k})`,
        put: v => {
          weight[k] = v
        },
      },
      ...factors.flatMap((factor, f) => sumsOfFactor(asked, factor, k, arrays[f]!)),
    ],
  )
  const { chain, carried } = logitsChain(asked, [])
  const all = [
    ...(weighted
      ? ['sum(n) AS s0', 'sum(CASE WHEN top IS NULL THEN 0 ELSE n END) AS s1']
      : ['count(*) AS s0', 'count(top) AS s1']),
    `${d.exactSum(`${weighted ? 'w * ' : ''}(top + ln(total))`)} AS s2`,
    ...sums.flatMap((own, i) =>
      d.together
        ? [`${d.together(own.map(({ sql }) => sql))} AS a${i}`]
        : own.map(({ sql }, j) => `${sql} AS a${i}_${j}`),
    ),
  ]
  const sql = statementOf(
    d,
    [
      ['conjugate_x', cells],
      ['conjugate_r', `SELECT ${rowsQuery(asked, [], base?.sql)} FROM conjugate_x${base?.join ?? ''}`],
      ...chain,
      ...expectationChain(asked, carried),
    ],
    `SELECT ${all.join(', ')} FROM conjugate_q`,
  )
  const read = (row: ReadonlyArray<unknown>): Told => {
    const [rows, counted, logLikelihood, ...values] = row
    const flat = values.flat()
    for (const [i, { put }] of sums.flat().entries()) put(Number(flat[i] ?? 0))
    const statistics = (densities._tag === 'Product'
      ? { weight, factors: arrays }
      : arrays[0]) as unknown as StatisticsOf<Densities>
    return {
      rows: Number(rows ?? 0),
      counted: Number(counted ?? 0),
      expectation: { statistics, logLikelihood: Number(logLikelihood) },
    }
  }
  return { sql, read }
}

/** The names of what is said of each row. */
export interface SaidColumns {
  readonly assignments?: string | undefined
  readonly responsibilities?: string | undefined
  readonly logProb?: string | undefined
}

/** What densities say of each row, NULL of those of weight 0, after its key, which `cells` has. */
export const saidSql = (
  asked: Asked,
  cells: string,
  key: ReadonlyArray<string>,
  said: SaidColumns,
  base?: { readonly join: string; readonly sql: string },
): string => {
  const { d, alive, densities, weighted } = asked
  const keys = key.map((_, i) => `k${i}`)
  const { chain, carried } = logitsChain(asked, keys)
  const none = `top IS NULL OR top < ${d.number(-1e289)}`
  const isAlive = new Set(alive)
  const told = (sql: string, name: string): string =>
    `${weighted ? `CASE WHEN w > ${d.number(0)} THEN ${sql} END` : sql} AS ${d.quoted(name)}`
  const components = alive.map(k => `WHEN l${k} = top THEN ${k}`).join(' ')
  const names = keys.map((k, i) => `${k} AS ${d.quoted(key[i]!)}`)
  const select = [
    ...names,
    ...(said.assignments === undefined ? [] : [told(`CASE WHEN ${none} THEN -1 ${components} END`, said.assignments)]),
    ...(said.logProb === undefined
      ? []
      : [told(`CASE WHEN ${none} THEN ${d.double("'-Infinity'")} ELSE top + ln(total) END`, said.logProb)]),
    ...(said.responsibilities === undefined
      ? []
      : range(densities.components).map(k =>
          told(
            isAlive.has(k) ? `CASE WHEN ${none} THEN ${d.number(0)} ELSE e${k} / total END` : d.number(0),
            `${said.responsibilities}${k}`,
          ),
        )),
  ]
  const exp = (k: number): string => `coalesce(${d.exp(`(l${k} - top)`)}, ${d.number(0)})`
  const logs = alive.map(k => `l${k}`).join(', ')
  return statementOf(
    d,
    [
      ['conjugate_x', cells],
      ['conjugate_r', `SELECT ${rowsQuery(asked, keys, base?.sql)} FROM conjugate_x${base?.join ?? ''}`],
      ...chain,
      ['conjugate_m', `SELECT *, ${greatest(alive.map(k => `l${k}`))} AS top FROM conjugate_l`],
      [
        'conjugate_e',
        `SELECT ${carried}, ${logs}, top, ${alive.map(k => `${exp(k)} AS e${k}`).join(', ')} FROM conjugate_m`,
      ],
      ['conjugate_t', `SELECT *, ${alive.map(k => `e${k}`).join(' + ')} AS total FROM conjugate_e`],
    ],
    `SELECT ${select.join(', ')} FROM conjugate_t`,
  )
}
