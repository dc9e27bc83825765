import * as E from 'fp-ts/lib/Either.js'
import { componentColour, toHex } from './colours.js'
import { ellipse, type PlanarGaussian, type Point } from './ellipse.js'
import { type FigureError, figureFailed } from './errors.js'
import { type LegendEntry, legend } from './legend.js'
import { type Place, pathThrough, titledPlot } from './plot.js'
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

const TRUE_MEAN = `<path d="M-5,-5L5,5M-5,5L5,-5" stroke="${INK}" stroke-width="2"/>`

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
        { sign: TRUE_MEAN, label: 'true mean' },
        { sign: line(INK, TRUTH_DASH), label: 'true 1 and 2 s.d.' },
      ]
    : []),
]

const circle = ({ x, y }: Point, radius: number, style: string): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" ${style}/>`

const outlines = (
  gaussian: PlanarGaussian,
  place: Place,
  style: { readonly stroke: string; readonly width: number },
  dashes: readonly string[],
): readonly string[] => dashes.map((dash, i) => pathThrough(ellipse(gaussian, i + 1).map(place), { ...style, dash }))

/** Points in the plane by component, with each component's mean and ellipses, as PNG; both axes have one scale. */
export const scatterPlot = (figure: ScatterPlot): E.Either<FigureError, Uint8Array> =>
  E.tryCatch(() => {
    const { title, assignments, components, truth = [] } = figure
    const points = toPoints(figure.points)
    const { x: xDomain, y: yDomain } = squareAround([...points, ...components.flatMap(c => ellipse(c, 2))])
    const colour = (k: number): string => toHex(componentColour(k))
    const frame = {
      ...MARGIN,
      width: SIZE,
      height: SIZE,
      x: { domain: xDomain, ticks: axisTicks(...xDomain, 10), label: 'x₁', labelOffset: 42 },
      y: { domain: yDomain, ticks: axisTicks(...yDomain, 10), label: 'x₂', labelOffset: 46 },
    }
    const elements = (place: Place): readonly string[] => [
      ...points.map((p, n) => circle(place(p), 3, `fill="${colour(assignments[n] ?? 0)}" fill-opacity="0.45"`)),
      ...truth.flatMap(t => outlines(t, place, { stroke: INK, width: 1.5 }, [TRUTH_DASH, TRUTH_DASH])),
      ...components.flatMap((c, k) => outlines(c, place, { stroke: colour(k), width: 2.5 }, DASHES)),
      ...components.map((c, k) =>
        circle(place(meanOf(c)), 6.5, `fill="${colour(k)}" stroke="${INK}" stroke-width="1.5"`),
      ),
      ...truth
        .map(meanOf)
        .map(place)
        .map(({ x, y }) => `<g transform="translate(${x},${y})">${TRUE_MEAN}</g>`),
    ]
    const entriesBeside = legend(8, 24, entries(components.length, truth.length > 0))
    const svg = titledPlot(title, frame, elements, { width: LEGEND_WIDTH, elements: entriesBeside })
    return svgToPng(svg, 2.5)
  }, figureFailed('scatter plot'))
