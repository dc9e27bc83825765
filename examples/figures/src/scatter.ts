import * as Plot from '@observablehq/plot'
import * as E from 'fp-ts/lib/Either.js'
import { componentColour, toHex } from './colours.js'
import { ellipse, type PlanarGaussian, type Point } from './ellipse.js'
import { type FigureError, figureFailed } from './errors.js'
import { type LegendEntry, legend } from './legend.js'
import { titledPlot } from './plot.js'
import { svgToPng } from './render.js'
import { axisTicks } from './ticks.js'

export interface ScatterPlot {
  readonly title: string
  /** N x 2, row-major. */
  readonly points: ArrayLike<number>
  /** The component of each point. */
  readonly assignments: ArrayLike<number>
  readonly components: readonly PlanarGaussian[]
  /** The Gaussians that the points were drawn from, where they are known. */
  readonly truth?: readonly PlanarGaussian[]
}

const SIZE = 560
const MARGIN = { marginLeft: 60, marginRight: 16, marginTop: 8, marginBottom: 52 }
const LEGEND_WIDTH = 224

/** Dash patterns of the ellipses one and two standard deviations out. */
const DASHES = ['none', '6 4'] as const
const INK = '#1a1a1a'
const TRUTH_DASH = '1.5 3.5'

const toPoints = (flat: ArrayLike<number>): readonly Point[] =>
  Array.from({ length: flat.length / 2 }, (_, row) => ({ x: flat[2 * row] ?? 0, y: flat[2 * row + 1] ?? 0 }))

const meanOf = ({ mean: [x, y] }: PlanarGaussian): Point => ({ x, y })

/** The square that holds all points: the same length on both axes keeps circles circular. */
const squareAround = (points: readonly Point[]): { x: [number, number]; y: [number, number] } => {
  const extent = (of: (point: Point) => number): [number, number] =>
    points.reduce(([low, high], p) => [Math.min(low, of(p)), Math.max(high, of(p))], [Infinity, -Infinity])
  const [x, y] = [extent(p => p.x), extent(p => p.y)]
  const half = 0.53 * Math.max(x[1] - x[0], y[1] - y[0], Number.MIN_VALUE)
  const around = ([low, high]: [number, number]): [number, number] => [(low + high) / 2 - half, (low + high) / 2 + half]
  return { x: around(x), y: around(y) }
}

const line = (colour: string, dash: string): string =>
  `<line x1="-13" x2="13" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`

const cross = 'M-5,-5L5,5M-5,5L5,-5'

const entries = (components: number, withTruth: boolean): readonly LegendEntry[] => [
  ...Array.from({ length: components }, (_, k) => ({
    sign: `<circle r="4.5" fill="${toHex(componentColour(k))}" fill-opacity="0.6"/>`,
    label: `component ${k + 1}`,
  })),
  {
    sign: `<circle r="6.5" fill="#777777" stroke="${INK}" stroke-width="1.5"/>`,
    label: 'mean',
  },
  { sign: line(INK, DASHES[0]), label: '1 standard deviation' },
  { sign: line(INK, DASHES[1]), label: '2 standard deviations' },
  ...(withTruth
    ? [
        { sign: `<path d="${cross}" stroke="${INK}" stroke-width="2"/>`, label: 'true mean' },
        { sign: line(INK, TRUTH_DASH), label: 'true 1 and 2 s.d.' },
      ]
    : []),
]

const outlines = (
  gaussian: PlanarGaussian,
  style: { readonly stroke: string; readonly strokeWidth: number },
  dashes: readonly string[],
): Plot.Markish[] =>
  dashes.map((strokeDasharray, i) => Plot.line(ellipse(gaussian, i + 1), { x: 'x', y: 'y', ...style, strokeDasharray }))

const mean = (gaussian: PlanarGaussian, fill: string): Plot.Markish =>
  Plot.dot([meanOf(gaussian)], { x: 'x', y: 'y', r: 6.5, fill, stroke: INK, strokeWidth: 1.5 })

/** Points in the plane by component, with each component's mean and ellipses, as PNG; both axes have one scale. */
export const scatterPlot = (figure: ScatterPlot): E.Either<FigureError, Uint8Array> =>
  E.tryCatch(() => {
    const { title, assignments, components, truth = [] } = figure
    const points = toPoints(figure.points)
    const { x: xDomain, y: yDomain } = squareAround([...points, ...components.flatMap(c => ellipse(c, 2))])
    const [x, y] = [axisTicks(...xDomain, 10), axisTicks(...yDomain, 10)]
    const axis = { labelAnchor: 'center', labelArrow: 'none' } as const
    const colour = (k: number): string => toHex(componentColour(k))
    const svg = titledPlot(
      title,
      {
        ...MARGIN,
        width: SIZE + MARGIN.marginLeft + MARGIN.marginRight,
        height: SIZE + MARGIN.marginTop + MARGIN.marginBottom,
        x: { domain: xDomain, label: 'x₁' },
        y: { domain: yDomain, label: 'x₂' },
        marks: [
          Plot.gridX(x.values),
          Plot.gridY(y.values),
          Plot.axisX(x.values, { ...axis, labelOffset: 42, tickFormat: x.label }),
          Plot.axisY(y.values, { ...axis, labelOffset: 46, tickFormat: y.label }),
          Plot.frame({ stroke: '#888888' }),
          Plot.dot(points, {
            x: 'x',
            y: 'y',
            r: 3,
            fill: (_: Point, row: number) => colour(assignments[row] ?? 0),
            fillOpacity: 0.45,
          }),
          ...truth.flatMap(t => outlines(t, { stroke: INK, strokeWidth: 1.5 }, [TRUTH_DASH, TRUTH_DASH])),
          ...components.flatMap((c, k) => outlines(c, { stroke: colour(k), strokeWidth: 2.5 }, DASHES)),
          ...components.map((c, k) => mean(c, colour(k))),
          Plot.dot(truth.map(meanOf), { x: 'x', y: 'y', r: 5, symbol: 'times', stroke: INK, strokeWidth: 2 }),
        ],
      },
      { width: LEGEND_WIDTH, elements: legend(8, 24, entries(components.length, truth.length > 0)) },
    )
    return svgToPng(svg, 2.5)
  }, figureFailed('scatter plot'))
