import type { PlanCell, RowPlan } from '@conjugate/models'
import { cell, cellsSql, column, columnSql, entrySql, functionsIn, type Stored } from './columns.js'
import { type Dialect, statementOf } from './dialect.js'

/** When a number is none of the values of a cell; NaN is above all numbers in every database. */
const outside = (d: Dialect, { values, mayMiss }: PlanCell, c: string): string => {
  const [below, above] = values.isOpen ? ['>', '<'] : ['>=', '<=']
  // Greater than all that a column of whole numbers can hold exactly.
  const within = [
    `${c} ${below} ${d.number(values.least)}`,
    `${c} ${above} ${d.number(values.greatest)}`,
    ...(values.isWhole ? [`${c} = floor(${c})`] : []),
  ].join(' AND ')
  return mayMiss ? `${c} IS NOT NULL AND NOT (${within})` : `${c} IS NULL OR NOT (${within})`
}

/** What may be wrong with an observation: which column of the database, what was expected, and when it is so. */
export interface Check {
  readonly column: string
  readonly expected: string
  readonly wrong: string
  /** What is there. */
  readonly found: string
}

const MOST = Number.MAX_VALUE

/** Weights first, since of rows of weight 0 nothing else counts. */
export const checksOf = (d: Dialect, { columnOf, weight, label }: Stored, { cells }: RowPlan): ReadonlyArray<Check> => {
  const words = ({ expected, mayMiss }: PlanCell): string => (mayMiss ? `${expected} or NULL` : expected)
  return [
    ...cells.map((c, i) => ({
      column: columnOf(c),
      expected: words(c),
      wrong: outside(d, c, cell(i)),
      found: cell(i),
    })),
    ...(label === undefined
      ? []
      : [
          {
            column: label,
            expected: 'the number of a component, or NULL or -1 where it is not known',
            wrong: `label IS NOT NULL AND NOT (label >= ${d.number(-1)} AND label <= ${d.number(MOST)} AND label = floor(label))`,
            found: 'label',
          },
        ]),
    ...(weight === undefined ? [] : [weightCheck(d, weight)]),
  ]
}

/** A weight that is none is not above 0, or not below what can be summed. */
const weightCheck = (d: Dialect, weight: string): Check => {
  const w = d.double(d.quoted(weight))
  return {
    column: weight,
    expected: 'a nonnegative finite number',
    wrong: `${w} IS NULL OR NOT (${w} >= ${d.number(0)} AND ${w} <= ${d.number(1e250)})`,
    found: w,
  }
}

/** One row: how many observations count, what they weigh, then of each check how many are wrong, and of each cell its ends and mean. */
export const surveySql = (d: Dialect, stored: Stored, plan: RowPlan): string => {
  const checks = checksOf(d, stored, plan)
  const ofRows = stored.weight === undefined ? checks : checks.slice(0, -1)
  const counts = ofRows.map(({ wrong }, i) => `sum(CASE WHEN ${wrong} THEN 1 ELSE 0 END) AS b${i}`)
  // Where a value is beyond all sums, it is told by a check; a mean of what is left is of no account.
  const tame = (c: string): string => `CASE WHEN ${c} >= ${d.number(-MOST)} AND ${c} <= ${d.number(MOST)} THEN ${c} END`
  const ends = [...plan.cells.keys()].flatMap(c => [
    `min(${tame(cell(c))}) AS lo${c}`,
    `max(${tame(cell(c))}) AS hi${c}`,
    `avg(${tame(cell(c))} / ${d.number(1024)}) AS m${c}`,
  ])
  const label = stored.label === undefined ? [] : [`max(label) AS hl`]
  return statementOf(
    d,
    [['conjugate_x', cellsSql(d, stored, plan)]],
    `SELECT ${['count(*) AS n', 'sum(w) AS w', ...counts, ...ends, ...label].join(', ')} FROM conjugate_x`,
  )
}

/** How many weights are none, as one row. */
export const weightsSql = (d: Dialect, { from, weight }: Stored): string | undefined =>
  weight === undefined
    ? undefined
    : `SELECT sum(CASE WHEN ${weightCheck(d, weight).wrong} THEN 1 ELSE 0 END) AS b FROM ${from}`

/** The key and the value of the first observation of which a check does not hold, as texts. */
export const wrongSql = (d: Dialect, stored: Stored, plan: RowPlan, { wrong, found, column: name }: Check): string => {
  const keys = stored.key.map((_, i) => `k${i}`)
  const texts = [...(name === stored.weight ? stored.key.map(d.quoted) : keys), found].map(
    (e, i) => `${d.text(e)} AS t${i}`,
  )
  if (name === stored.weight && found !== 'label' && !/^c\d+$/.test(found))
    return `SELECT ${texts.join(', ')} FROM ${stored.from} WHERE ${wrong}${orderOf(stored.key.map(d.quoted))} LIMIT 1`
  return statementOf(
    d,
    [['conjugate_x', cellsSql(d, stored, plan, { keyed: true })]],
    `SELECT ${texts.join(', ')} FROM conjugate_x WHERE ${wrong}${orderOf(keys)} LIMIT 1`,
  )
}

const orderOf = (keys: ReadonlyArray<string>): string => (keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`)

/** One row: mean deviations from numbers near the means, and mean products of them (lower triangle). */
export const spreadSql = (
  d: Dialect,
  stored: Stored,
  plan: RowPlan,
  { near, weight }: { readonly near: Float64Array; readonly weight: number },
): string => {
  const at = (c: number): string => `(${cell(c)} - ${d.number(near[c]!)})`
  const share = `(w / ${d.number(weight)})`
  const all = [...plan.cells.keys()]
  const sums = [
    ...all.map(c => `${d.exactSum(`${share} * ${at(c)}`)} AS m${c}`),
    ...all.flatMap(i => all.slice(0, i + 1).map(j => `${d.exactSum(`${share} * ${at(i)} * ${at(j)}`)} AS p${i}_${j}`)),
  ]
  return statementOf(d, [['conjugate_x', cellsSql(d, stored, plan)]], `SELECT ${sums.join(', ')} FROM conjugate_x`)
}

/** One row: of each column of a plan that is a statistic the sum of its sizes, the greatest, and the least number. */
export const sizesSql = (d: Dialect, stored: Stored, plan: RowPlan): string | undefined => {
  const asked = plan.columns.flatMap((of, f) => {
    const sql = of._tag === 'Cell' ? undefined : columnSql(d, plan, of)
    return sql === undefined ? [] : [[f, sql] as const]
  })
  if (asked.length === 0) return undefined
  return statementOf(
    d,
    [
      ['conjugate_x', cellsSql(d, stored, plan)],
      ['conjugate_r', `SELECT ${asked.map(([f, sql]) => `${sql} AS ${column(f)}`).join(', ')}, w FROM conjugate_x`],
    ],
    `SELECT ${asked
      .flatMap(([f]) => [
        `sum(w * abs(${column(f)})) AS s${f}`,
        `max(abs(${column(f)})) AS g${f}`,
        `min(${column(f)}) AS l${f}`,
      ])
      .join(', ')} FROM conjugate_r`,
  )
}

/** Which columns {@link sizesSql} tells of. */
export const sizedColumns = (d: Dialect, plan: RowPlan): ReadonlyArray<number> =>
  plan.columns.flatMap((of, f) => (of._tag !== 'Cell' && columnSql(d, plan, of) !== undefined ? [f] : []))

/** For each function of numbers that log h is made of: its numbers and what they weigh, one row each. */
export const numbersSql = (d: Dialect, stored: Stored, plan: RowPlan): ReadonlyArray<string> =>
  functionsIn(plan).map(({ of, first }) =>
    statementOf(
      d,
      [
        ['conjugate_x', cellsSql(d, stored, plan)],
        ['conjugate_v', `SELECT ${entrySql(d, of, cell)} AS v, w FROM conjugate_x WHERE ${cell(first)} IS NOT NULL`],
      ],
      'SELECT v, sum(w) AS w FROM conjugate_v GROUP BY v',
    ),
  )

/** At most so many observations by a seed: their cells and weights, and how many there are of each. */
export const sampleSql = (
  d: Dialect,
  stored: Stored,
  plan: RowPlan,
  { seed, most, share }: { readonly seed: number; readonly most: number; readonly share: number },
): string => {
  const cells = [...plan.cells.keys()].map(cell)
  const byKey = stored.key.length > 0
  const u = d.uniform(byKey ? stored.key.map((_, i) => `k${i}`) : cells, seed)
  const where = share < 1 ? ` WHERE u < ${d.number(share)}` : ''
  const asked = byKey ? [...cells, 'w', 'n', 'u'] : [...cells, 'sum(w) AS w', 'sum(n) AS n', 'min(u) AS u']
  return statementOf(
    d,
    [
      ['conjugate_x', cellsSql(d, stored, plan, { keyed: byKey })],
      ['conjugate_u', `SELECT *, ${u} AS u FROM conjugate_x`],
    ],
    `SELECT ${asked.join(', ')} FROM conjugate_u${where}${byKey ? '' : ` GROUP BY ${cells.join(', ')}`} ORDER BY ${['u', ...cells].join(', ')} LIMIT ${most}`,
  )
}
