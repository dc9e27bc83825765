import { figure, table } from './markdown.js'

/** @typedef {import('../types.js').ScalingTimes} ScalingTimes */

/** @param {ReadonlyArray<ScalingTimes>} all */
export const scalingTable = all =>
  table([
    ['grows', 'rows x columns', 'ours', 'scikit-learn', 'ratio'],
    ...all.map(({ of, shape, ours, peer, error }) => [
      of,
      shape,
      figure(ours),
      figure(peer),
      error === undefined ? figure(peer / ours) : `not measured: ${error}`,
    ]),
  ])

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [250, 200, 52, 34, 40]
const series = /** @type {const} */ ([
  ['ours', '#0b6e4f', 'ours'],
  ['peer', '#c4501b', 'scikit-learn'],
])
const titles = /** @type {Readonly<Record<string, string>>} */ ({ N: 'rows', D: 'columns', K: 'components' })

/** Powers of ten from below the least to above the greatest. @param {ReadonlyArray<number>} values */
const decades = values => {
  const logs = values.filter(v => v > 0).map(Math.log10)
  return [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))]
}

/** @param {number} power */
const shown = power => (power >= 0 && power < 4 ? String(10 ** power) : `1e${power}`)

/** One panel, logarithmic both ways. @param {ReadonlyArray<ScalingTimes>} points @param {number} x0 @param {readonly number[]} range */
const panel = (points, x0, [low = 0, high = 1]) => {
  const [from = 0, to = 1] = decades(points.map(({ size }) => size))
  const x = (/** @type {number} */ v) => x0 + LEFT + ((Math.log10(v) - from) / (to - from)) * (WIDTH - LEFT - 14)
  const y = (/** @type {number} */ v) => TOP + (1 - (Math.log10(v) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM)
  const powers = (/** @type {number} */ a, /** @type {number} */ b) =>
    Array.from({ length: b - a + 1 }, (_, i) => a + i)
  const parts = [
    ...powers(low, high).map(
      p =>
        `<path d="M${x0 + LEFT} ${y(10 ** p)}H${x0 + WIDTH - 14}" class="grid"/><text x="${x0 + LEFT - 6}" y="${y(10 ** p) + 4}" text-anchor="end">${shown(p)}</text>`,
    ),
    ...powers(from, to).map(
      p => `<text x="${x(10 ** p)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${shown(p)}</text>`,
    ),
    `<text x="${x0 + (LEFT + WIDTH - 14) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${titles[points[0]?.of ?? ''] ?? ''}</text>`,
  ]
  for (const [key, colour, name] of series) {
    const there = points.filter(point => point[key] > 0)
    if (there.length === 0) continue
    const places = there.map(point => [x(point.size), y(point[key])])
    parts.push(
      `<path d="M${places.map(([a, b]) => `${a?.toFixed(1)} ${b?.toFixed(1)}`).join('L')}" fill="none" stroke="${colour}" stroke-width="2"><title>${name}</title></path>`,
      ...places.map(([a, b]) => `<circle cx="${a?.toFixed(1)}" cy="${b?.toFixed(1)}" r="3" fill="${colour}"/>`),
    )
  }
  return parts.join('')
}

/** How the cost grows, as a picture. @param {ReadonlyArray<ScalingTimes>} all */
export const scalingPlot = all => {
  const range = decades(all.flatMap(({ ours, peer }) => [ours, peer]))
  const ways = [...new Set(all.map(({ of }) => of))]
  const legend = series
    .map(
      ([, colour, name], i) =>
        `<circle cx="${LEFT + 6 + 70 * i}" cy="14" r="4" fill="${colour}"/><text x="${LEFT + 15 + 70 * i}" y="18">${name}</text>`,
    )
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH * ways.length} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="11"><title>Milliseconds of an iteration by the number of rows, columns and components</title><style>text{fill:#444}.grid{stroke:#ddd}</style><rect width="100%" height="100%" fill="#fff"/>${legend}${ways
    .map((way, i) =>
      panel(
        all.filter(({ of }) => of === way),
        WIDTH * i,
        range,
      ),
    )
    .join('')}</svg>
`
}
