// Components are told apart by colour and by shape.

type Shape = (x: number, y: number, r: number) => string

const at = (x: number): string => x.toFixed(1)

const polygon =
  (points: ReadonlyArray<readonly [number, number]>): Shape =>
  (x, y, r) =>
    `M${points.map(([a, b]) => `${at(x + a * r)},${at(y + b * r)}`).join('L')}Z`

const circle: Shape = (x, y, r) =>
  `M${at(x - r)},${at(y)}a${at(r)},${at(r)} 0 1 0 ${at(2 * r)},0a${at(r)},${at(r)} 0 1 0 ${at(-2 * r)},0Z`

const shapes: ReadonlyArray<Shape> = [
  circle,
  polygon([
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ]),
  polygon([
    [0, -1.2],
    [1.1, 0.85],
    [-1.1, 0.85],
  ]),
  polygon([
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ]),
  polygon([
    [0, 1.2],
    [1.1, -0.85],
    [-1.1, -0.85],
  ]),
  polygon([
    [-0.4, -1.2],
    [0.4, -1.2],
    [0.4, -0.4],
    [1.2, -0.4],
    [1.2, 0.4],
    [0.4, 0.4],
    [0.4, 1.2],
    [-0.4, 1.2],
    [-0.4, 0.4],
    [-1.2, 0.4],
    [-1.2, -0.4],
    [-0.4, -0.4],
  ]),
]

/** The outline of a row of a component about a place. */
export const symbolAt = (k: number, x: number, y: number, r: number): string => shapes[k % shapes.length]!(x, y, r)

/** The class that has the colour of a component. */
export const colourOf = (k: number): string => `of-${k % 12}`

/** The sign of a component beside its name. */
export const Sign = ({ k }: { readonly k: number }) => (
  <svg class={`sign ${colourOf(k)}`} viewBox="0 0 14 14" aria-hidden="true">
    <path d={symbolAt(k, 7, 7, 4.6)} />
  </svg>
)
