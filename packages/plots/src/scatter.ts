import { checkOptions } from '@conjugate/em'
import {
  above,
  allOf,
  anyOf,
  anything,
  exactly,
  is,
  list,
  numbers,
  optional,
  text,
  truth,
  whole,
} from '@conjugate/em/schema'
import { unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ellipse, type PlanarGaussian, type PlotComponent, readComponents } from './data/components.js'
import { type Labels, mostProbable, readAssignments, readResponsibilities } from './data/labels.js'
import { type Cells, chosen, type PlotData, readColumn, readTable, type Table } from './data/table.js'
import type { Places } from './drawing/axes.js'
import { dotPaths, dots, type Points } from './drawing/dots.js'
import { type Content, drawn, padded } from './drawing/drawing.js'
import { componentName, counted, type DrawingOptions, drawingFields, subscript } from './drawing/options.js'
import { element, lineThrough } from './drawing/svg.js'
import type { Theme } from './drawing/theme.js'
import type { PlotError } from './errors.js'

/** Options of {@link scatter}. */
export interface ScatterOptions extends DrawingOptions {
  /** Which two columns are drawn, by number from 0 or by name; needed where there are more than two. */
  readonly columns?: readonly [number | string, number | string]
  /** The component of each row from 0; -1 for none. */
  readonly assignments?: ArrayLike<number>
  /** N x K: rows have the colour of their most probable component, and are the fainter the less certain that is. */
  readonly responsibilities?: PlotData
  /** Components with a mean and a covariance of all columns, whose means and ellipses are drawn. */
  readonly components?: ReadonlyArray<PlotComponent>
  /** Components that the rows were drawn from, where they are known: their ellipses are dotted. */
  readonly truth?: ReadonlyArray<PlotComponent>
  /** How many standard deviations from the mean the ellipses are; 1 and 2 by default. */
  readonly deviations?: ReadonlyArray<number>
  /** What components are called; component 1, 2, ... by default. */
  readonly labels?: ReadonlyArray<string>
  /** Whether a unit of x is as long as one of y, so that circles are circles; false by default. */
  readonly sameScale?: boolean
}

const isColumns = list(anyOf('a column by number or name', whole(0), text), 2)

const options = exactly({
  ...drawingFields,
  columns: optional(isColumns),
  assignments: optional(anything),
  responsibilities: optional(anything),
  components: optional(list(anything)),
  truth: optional(list(anything)),
  deviations: optional(
    allOf(
      numbers(above(0)),
      is('at most 4 numbers', v => (v as Cells).length <= 4),
    ),
  ),
  labels: optional(list(text)),
  sameScale: optional(truth),
})

/** Dash patterns of ellipses from the inner to the outer. */
const DASHES = [undefined, '6 4', '2 4', '1 6']
const TRUTH_DASH = '1.5 3.5'

/** Below these probabilities of their component, dots are fainter. */
const CERTAIN = [0.95, 0.75, 0]
const OPACITIES = [0.7, 0.42, 0.25]

interface Drawn {
  readonly points: Points
  readonly labels: Labels | undefined
  readonly components: ReadonlyArray<PlanarGaussian>
  readonly truth: ReadonlyArray<PlanarGaussian>
  readonly deviations: ReadonlyArray<number>
  readonly names: ReadonlyArray<string>
}

const onPlaces = (curve: Float64Array, { x, y }: Places): Float64Array =>
  curve.map((value, i) => (i % 2 === 0 ? x(value) : y(value)))

const outline = (gaussian: PlanarGaussian, deviations: number, places: Places, style: object): string =>
  element('path', { d: lineThrough(onPlaces(ellipse(gaussian, deviations), places), true), fill: 'none', ...style })

const CROSS = 'M-5,-5L5,5M-5,5L5,-5'

const marks =
  ({ points, labels, components, truth: known, deviations }: Drawn): Content['marks'] =>
  (places, theme) => {
    const levels = CERTAIN.length
    const groupOf = (n: number): number => {
      if (!Number.isFinite(points.x[n]! + points.y[n]!)) return -1
      if (labels === undefined) return 0
      // Those of no component come first.
      return (labels.of[n]! + 1) * levels + CERTAIN.findIndex(least => labels.certainty[n]! >= least)
    }
    const groups = labels === undefined ? 1 : (labels.components + 1) * levels
    const colour = (group: number) => (group < levels ? theme.ink : theme.colour(Math.floor(group / levels) - 1))
    return [
      ...dotPaths(points, groups, groupOf, places).map(({ path, size }, group) =>
        dots(path, size, colour(group), OPACITIES[group % levels]!),
      ),
      ...known.flatMap(gaussian =>
        deviations.map(d =>
          outline(gaussian, d, places, { stroke: theme.ink, 'stroke-width': 1.5, 'stroke-dasharray': TRUTH_DASH }),
        ),
      ),
      ...components.flatMap((gaussian, k) =>
        deviations.map((d, i) =>
          outline(gaussian, d, places, { stroke: theme.colour(k), 'stroke-width': 2.2, 'stroke-dasharray': DASHES[i] }),
        ),
      ),
      ...components.map(({ mean: [x, y] }, k) =>
        element('circle', {
          cx: places.x(x),
          cy: places.y(y),
          r: 5.5,
          fill: theme.colour(k),
          stroke: theme.ink,
          'stroke-width': 1.5,
        }),
      ),
      ...known.map(({ mean: [x, y] }) =>
        element('path', {
          d: CROSS,
          transform: `translate(${places.x(x)} ${places.y(y)})`,
          stroke: theme.ink,
          'stroke-width': 2,
        }),
      ),
    ]
  }

const lineSign = (stroke: string, dash: string | undefined): string =>
  element('path', { d: 'M-11,0H11', stroke, 'stroke-width': 2, 'stroke-dasharray': dash })

const inWords = (deviations: ReadonlyArray<number>): string =>
  `${deviations.join(' and ')} standard deviation${deviations.length === 1 && deviations[0] === 1 ? '' : 's'}`

const legendOf =
  ({ names, components, truth: known, deviations }: Drawn) =>
  (theme: Theme) => [
    ...names.map((label, k) => ({
      sign: element('circle', { r: 5, fill: theme.colour(k), 'fill-opacity': 0.85 }),
      label,
    })),
    ...(components.length === 0
      ? []
      : deviations.map((d, i) => ({ sign: lineSign(theme.ink, DASHES[i]), label: inWords([d]) }))),
    ...(known.length === 0 ? [] : [{ sign: lineSign(theme.ink, TRUTH_DASH), label: `truth, ${inWords(deviations)}` }]),
  ]

const describe = ({ points, labels, components, names, deviations }: Drawn, [x, y]: readonly string[]): string => {
  const missing = points.x.reduce((count, value, n) => count + (Number.isFinite(value + points.y[n]!) ? 0 : 1), 0)
  const counts = names.map((name, k) => `${labels?.of.reduce((count, of) => count + (of === k ? 1 : 0), 0)} in ${name}`)
  return [
    `${points.x.length - missing} points by ${x} and ${y}`,
    ...(labels === undefined ? [] : [counts.slice(0, 12).join(', ')]),
    ...(components.length === 0 ? [] : [`ellipses at ${inWords(deviations)} of ${counted(components.length)}`]),
    ...(missing === 0 ? [] : [`not drawn: ${missing} with a missing cell`]),
  ].join('; ')
}

/** The domains that hold all points and ellipses. */
const domainsOf = ({ points, components, truth: known, deviations }: Drawn) => {
  const curves = [...components, ...known].map(gaussian => ellipse(gaussian, Math.max(0, ...deviations)))
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity]
  const take = (x: number, y: number) => {
    if (!Number.isFinite(x + y)) return
    if (x < left) left = x
    if (x > right) right = x
    if (y < low) low = y
    if (y > high) high = y
  }
  for (let n = 0; n < points.x.length; n++) take(points.x[n]!, points.y[n]!)
  for (const curve of curves) for (let i = 0; i < curve.length; i += 2) take(curve[i]!, curve[i + 1]!)
  return { x: padded(left, right), y: padded(low, high) }
}

/** Whether there is anything to draw. */
const someLeft = ({ what }: Table, points: Points): E.Either<PlotError, Points> =>
  points.x.some((x, n) => Number.isFinite(x + points.y[n]!))
    ? E.right(points)
    : unreadable({ what, expected: 'at least one row without a missing cell', received: 'none' })

/**
 * Draws two columns of observations as points, by component where `assignments` or `responsibilities` say which, and components with
 * a mean and a covariance as ellipses; an SVG document as a text. Rows with a missing cell are left out, which the description
 * says. Points are one path for each component, whatever their number.
 * Errors: the data has no rows or is no numbers; it has more than two columns, and none are chosen; assignments or
 * responsibilities are not as many as the rows; a component has no covariance in the columns that is positive definite.
 */
export const scatter = (data: PlotData, given: ScatterOptions = {}): E.Either<PlotError, string> =>
  pipe(
    checkOptions(options)(given),
    E.bindTo('options'),
    E.bindW('table', () => readTable('data', data)),
    E.bindW('columns', ({ table }) => chosen(table, given.columns, 2)),
    E.bindW('x', ({ table, columns }) => readColumn(table, columns[0]!)),
    E.bindW('y', ({ table, columns }) => readColumn(table, columns[1]!)),
    E.bindW('points', ({ table, x, y }) => someLeft(table, { x, y })),
    E.bindW('labels', ({ table: { rows } }): E.Either<PlotError, Labels | undefined> => {
      if (given.responsibilities !== undefined)
        return pipe(readResponsibilities(given.responsibilities, rows), E.map(mostProbable))
      return given.assignments === undefined ? E.right(undefined) : readAssignments(given.assignments, rows)
    }),
    E.bindW('components', ({ columns }) => readComponents('components', given.components ?? [], columns as never)),
    E.bindW('truth', ({ columns }) => readComponents('truth', given.truth ?? [], columns as never)),
    E.map(({ table, columns, points, labels, components, truth: known }) => {
      const count = Math.max(labels?.components ?? 0, components.length)
      const names = Array.from({ length: count }, (_, k) => given.labels?.[k] ?? componentName(k))
      const what: Drawn = { points, labels, components, truth: known, deviations: given.deviations ?? [1, 2], names }
      const axisNames = columns.map(column => {
        const name = table.names[column]!
        return typeof name === 'string' ? name : `x${subscript(name + 1)}`
      })
      const { x, y } = domainsOf(what)
      const [across, up] = [given.xLabel ?? axisNames[0]!, given.yLabel ?? axisNames[1]!]
      return drawn(
        {
          name: `${up} by ${across}`,
          description: describe(what, [across, up]),
          x: { domain: x, label: across },
          y: { domain: y, label: up },
          legend: legendOf(what),
          marks: marks(what),
          sameScale: given.sameScale ?? false,
        },
        given,
      )
    }),
  )
