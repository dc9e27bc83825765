import type { Matrix } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClusterableRows, ClusterOptions } from '../../contract/clusters.js'
import type { ExecutorError } from '../../contract/executor.js'
import type { WrittenRows } from '../../contract/written-rows.js'
import { byColumn, clusterable, type Points } from '../../labels/k-means.js'
import { copyRows, largestSample } from '../../labels/samples.js'
import { firstIn, type Origins, originsOf, relative, writeOthers } from '../../labels/standardise.js'
import { AFTER_CONSTANTS } from '../kernel/layout.js'
import { numbers } from '../kernel/transfer.js'
import { type LabelMemory, memoryOf } from './module.js'

const [NUMBER, LANES] = [8, 16]

/** Where so many rows and what is known of them are, in bytes. */
interface Places {
  readonly rows: number
  readonly width: number
  readonly count: number
  readonly data: number
  readonly weights: number
  readonly distances: number
  readonly bounds: number
  readonly centres: number
  readonly labels: number
  readonly end: number
}

const placesOf = (first: number, rows: number, width: number, count: number): Places => {
  const weights = first + rows * width * NUMBER
  const distances = weights + rows * NUMBER
  const bounds = distances + rows * NUMBER
  const centres = LANES * Math.ceil((bounds + 2 * rows * NUMBER) / LANES)
  // Four centres are taken at a time, and five rows of numbers at the beginning.
  const room = Math.max((count + 3) * (2 * width + 4), 5 * width)
  const labels = centres + room * NUMBER
  const end = LANES * Math.ceil((labels + 4 * rows) / LANES)
  return { rows, width, count, data: first, weights, distances, bounds, centres, labels, end }
}

const dataIn = ({ memory }: Pick<LabelMemory, 'memory'>, { data, rows, width }: Places): Float64Array =>
  numbers(memory.buffer, data, rows * width)

const pointsIn = (place: LabelMemory, places: Places, weights: Float64Array | undefined): Points => {
  const { kernel, memory } = place
  const { rows, width, centres, distances, labels, bounds, data } = places
  if (weights) numbers(memory.buffer, places.weights, rows).set(weights)
  const use = (): void => kernel.useRows(data, rows, width, weights ? places.weights : 0, labels, bounds, centres)
  use()
  return {
    rows,
    weights,
    lower: (from, all) => {
      const held = numbers(memory.buffer, distances, rows)
      use()
      for (const [i, far] of all.entries()) {
        held.set(far)
        kernel.lower(from[i]!, distances)
        far.set(held)
      }
    },
    rowsAt: from => copyRows(dataIn(place, places), width, from, new Float64Array(from.length * width)),
    cluster: (first, rounds, least = 0) => {
      numbers(memory.buffer, centres, first.length).set(first)
      use()
      kernel.cluster(first.length / width, rounds, least)
      return new Int32Array(memory.buffer, labels, rows).slice()
    },
    means: () => {
      use()
      const spread = kernel.spread()
      return { spread, centres: numbers(memory.buffer, centres, places.count * width).slice() }
    },
  }
}

/** Writes the first columns of rows times factors, where there are any, and the first number of each where sums begin. */
const write = (
  { memory }: LabelMemory,
  places: Places,
  matrix: Matrix | WrittenRows,
  features: number,
  origins?: Origins,
): void => {
  const { rows, columns } = matrix
  const { width, centres } = places
  const target = dataIn({ memory }, places)
  if (columns === features && origins === undefined && 'write' in matrix) matrix.write(0, rows, target, width)
  else if (columns === width && features === width && origins === undefined) target.set(matrix.data)
  else {
    const { data } = matrix
    for (let n = 0; n < rows; n++)
      for (let c = 0, from = n * columns, to = n * width; c < features; c++, from++, to++)
        target[to] = origins === undefined ? data[from]! : data[from]! * origins.factors[c]!
  }
  const work = numbers(memory.buffer, centres, width)
  for (let c = 0; c < width; c++) {
    const first = c < features ? (origins?.first[c] ?? firstIn({ rows, columns: width, data: target }, c)) : 0
    work[c] = Number.isNaN(first) ? 0 : first
  }
}

/** Standardised rows in the kernel. */
const standardiseIn = (place: LabelMemory, places: Places, matrix: Matrix, features: number): void => {
  write(place, places, matrix, features)
  if (place.kernel.standardise(places.centres)) return
  write(place, places, matrix, features, originsOf(matrix, features))
  place.kernel.standardise(places.centres)
}

/** Rows that can be clustered on the kernel, in the calling thread. Errors: there is no WebAssembly SIMD, or no memory. */
export const clustersOnKernel = (
  matrix: Matrix,
  { count, features = matrix.columns, ownUnits = features, rowWeights }: ClusterOptions,
): TE.TaskEither<ExecutorError, ClusterableRows> => {
  const { rows } = matrix
  const width = 2 * Math.ceil(features / 2)
  const all = placesOf(AFTER_CONSTANTS, rows, width, count)
  const most = largestSample(rows)
  // What is known of all rows is not known yet while a sample is looked at.
  const inside = LANES * Math.ceil(all.distances / LANES)
  const isInside = placesOf(inside, most, width, count).end <= all.centres
  const sampleAt = isInside ? inside : all.end
  return pipe(
    memoryOf(isInside ? all.end : placesOf(all.end, most, width, count).end),
    TE.map(place => {
      const weights = relative(rowWeights)
      const points = pointsIn(place, all, weights)
      if (ownUnits === 0) write(place, all, matrix, features)
      else {
        standardiseIn(place, all, matrix, features)
        writeOthers(matrix, ownUnits, features, dataIn(place, all), width)
      }
      return clusterable(
        points,
        sample => {
          const some = placesOf(sampleAt, sample.places.length, width, count)
          copyRows(dataIn(place, all), width, sample.places, dataIn(place, some))
          return pointsIn(place, some, sample.weights)
        },
        count,
        ownUnits < features,
        ownUnits < features ? undefined : byColumn(features),
      )
    }),
  )
}
