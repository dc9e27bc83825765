import { checkArgument, checkOptions, type InvalidOption, invalidOption } from '@conjugate/em'
import { anything, atLeast, exactly, object, typedArray, whole } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

/** A rectangle of places, row by row: place n is in row floor(n / width). */
export interface Grid {
  readonly width: number
  readonly height: number
}

/**
 * A Potts prior on the labels of a grid, p(y) in proportion to exp(-sum of w_mn over 8-neighbours m, n with y_m != y_n).
 * Weights are whole numbers of 1/1024 nat, so that sums of them are exact and all machines find the same labels.
 */
export interface Field extends Grid {
  /**
   * Four times N whole numbers: the weights of every place with its neighbours to the east, then of all places to the south,
   * to the south-east and to the south-west; 0 where there is no such neighbour.
   */
  readonly weights: Int32Array
}

/** How many units of weights and costs are a nat. */
export const unitsPerNat = 1024

/** Whatever is computed from the weights and costs of a place stays within Int32. */
const MOST_NATS = 2 ** 14

/** Places are numbered in Int32, with a border. */
const MOST_PLACES = 2 ** 28

const side = whole(1, 2 ** 24)
const unit = whole(0, MOST_NATS * unitsPerNat)

/** Checks the sides of a grid. Errors: one is no whole number of at least 1, or there are more than 2^28 places. */
export const checkGrid = <G extends Grid>(name: string, grid: G): E.Either<InvalidOption, G> =>
  pipe(
    checkArgument(name, object({ width: side, height: side }))(grid),
    E.filterOrElse(
      ({ width, height }) => width * height <= MOST_PLACES,
      ({ width, height }): InvalidOption => ({
        _tag: 'InvalidOption',
        option: name,
        expected: `at most ${MOST_PLACES} places`,
        received: `${width} x ${height}`,
      }),
    ),
  )

/** Checks a weight in nats. */
export const checkNats = (option: string, nats: number): E.Either<InvalidOption, number> =>
  nats >= 0 && nats <= MOST_NATS ? E.right(nats) : invalidOption(option, `nats from 0 to ${MOST_NATS}`, String(nats))

/** Steps to the neighbours of a place that weights are of, as columns and rows, with what one over the distance is. */
export const steps: ReadonlyArray<{ readonly x: number; readonly y: number; readonly nearness: number }> = [
  { x: 1, y: 0, nearness: 1 },
  { x: 0, y: 1, nearness: 1 },
  { x: 1, y: 1, nearness: Math.SQRT1_2 },
  { x: -1, y: 1, nearness: Math.SQRT1_2 },
]

/** The first weight of a pair of which one is outside. */
const strayWeight = ({ width, height, weights }: Field): number => {
  for (const [d, { x, y }] of steps.entries())
    for (let row = 0, at = d * width * height; row < height; row++)
      for (let column = 0; column < width; column++, at++)
        if (weights[at] !== 0 && (row + y >= height || column + x < 0 || column + x >= width)) return at
  return -1
}

/** Checks a field, whoever made it. Errors: its weights are not 4 N whole numbers that stay within Int32 in sums. */
export const checkField = (field: Field): E.Either<InvalidOption, Field> =>
  pipe(
    checkGrid('field', field),
    E.chain(() => checkArgument('field', object({ weights: typedArray('Int32Array', unit) }))(field)),
    E.chainFirst(({ width, height, weights }) => checkLength('field.weights', weights, 4 * width * height)),
    E.filterOrElse(
      checked => strayWeight(checked) < 0,
      (checked): InvalidOption => ({
        _tag: 'InvalidOption',
        option: `field.weights[${strayWeight(checked)}]`,
        expected: '0, since there is no such neighbour',
        received: String(checked.weights[strayWeight(checked)]),
      }),
    ),
  )

/** What defines a field that is the same everywhere. */
export interface UniformFieldOptions extends Grid {
  /** What two neighbours side by side lose where their labels differ, in nats; diagonal ones lose that over their distance. */
  readonly weight: number
}

/** A field that knows nothing but who is next to whom. Errors: the grid is none; the weight is negative, or above 16,384 nats. */
export const uniformField = (options: UniformFieldOptions): E.Either<InvalidOption, Field> =>
  pipe(
    checkOptions(exactly({ width: anything, height: anything, weight: atLeast(0) }))(options),
    E.chain(() => checkGrid('grid', { width: options.width, height: options.height })),
    E.bind('nats', () => checkNats('weight', options.weight)),
    E.map(({ width, height, nats }) => {
      const weights = new Int32Array(4 * width * height)
      for (const [d, { x, y, nearness }] of steps.entries()) {
        const units = Math.round(nats * nearness * unitsPerNat)
        for (let row = 0; row + y < height; row++)
          for (let column = Math.max(0, -x); column < width && column + x < width; column++)
            weights[(d * height + row) * width + column] = units
      }
      return { width, height, weights }
    }),
  )

/** How many units labels lose by neighbours that differ: a whole number, whatever the labels are. */
export const unitsOfDifferences = ({ width, height, weights }: Field, labels: ArrayLike<number>): number => {
  const places = width * height
  let units = 0
  for (let d = 0; d < 4; d++) {
    const { x, y } = steps[d]!
    const offset = y * width + x
    // Of what has no such neighbour the weight is 0.
    for (let n = 0, at = d * places, end = places - offset; n < end; n++, at++)
      if (labels[n] !== labels[n + offset]) units += weights[at]!
  }
  return units
}

/**
 * The sum of w_mn over neighbours whose labels differ, in nats: minus the logarithm of the prior, up to its constant.
 * Errors: there is not one label for each place.
 */
export const fieldEnergy: {
  (labels: ArrayLike<number>): (field: Field) => E.Either<InvalidOption, number>
  (field: Field, labels: ArrayLike<number>): E.Either<InvalidOption, number>
} = ((...args: [Field, ArrayLike<number>] | [ArrayLike<number>]) => {
  const of = (field: Field, labels: ArrayLike<number>): E.Either<InvalidOption, number> =>
    pipe(
      checkField(field),
      E.chain(() => checkLength('labels', labels, field.width * field.height)),
      E.map(() => unitsOfDifferences(field, labels) / unitsPerNat),
    )
  return args.length === 2 ? of(...args) : (field: Field) => of(field, args[0])
}) as never

/** Checks that there are as many values as there have to be. */
export const checkLength = <A extends ArrayLike<unknown>>(
  option: string,
  values: A,
  length: number,
): E.Either<InvalidOption, A> =>
  values?.length === length ? E.right(values) : invalidOption(option, `${length} values`, `${values?.length}`)
