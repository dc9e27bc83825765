import type { Executor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type RgbImage, visibilityOf } from '../grid/image.js'
import { labOf } from '../grid/lab.js'
import { type Atoms, atomsOf } from './palette.js'
import { PRIOR } from './photo-prior.js'
import type { CountedRows } from './prior.js'

/** How likely parts of a photo are to be its foreground, where nobody has said so. */
export interface Guess {
  /** N: log odds of the foreground. */
  readonly logOdds: Float64Array
  /** N: the probabilities that the atoms of each pixel are foreground. */
  readonly probabilities: Float64Array
}

export const ATOMS = 16

/** The width of the ring at the border, as a share of the sides. */
const RING = 0.06
/** The distance of colours that count as near. */
const NEAR = 0.06

/** Colours and places of pixels, N x 5: Lab, and the place over twice the longer side. */
export const placedColours = (image: RgbImage, visibility: Float64Array | undefined): CountedRows => {
  const { width, height } = image
  const lab = labOf(image)
  const rows = width * height
  const data = new Float64Array(5 * rows)
  const scale = 1 / (2 * Math.max(width, height))
  for (let n = 0; n < rows; n++) {
    data.set(lab.subarray(3 * n, 3 * n + 3), 5 * n)
    data[5 * n + 3] = (n % width) * scale
    data[5 * n + 4] = Math.floor(n / width) * scale
  }
  return { rows, columns: 5, data, counts: visibility ?? new Float64Array(rows).fill(1) }
}

/** Where a pixel is, from -1 to 1 either way. */
const middleOf = (length: number, at: number): number => (2 * at + 1) / length - 1

/** Sums over pixels, by atom. */
const sumsOf = (
  { width, height }: RgbImage,
  { count, responsibilities }: Atoms,
  visibility: Float64Array | undefined,
) => {
  const sums = {
    mass: new Float64Array(count),
    ring: new Float64Array(count),
    u: new Float64Array(count),
    v: new Float64Array(count),
    square: new Float64Array(count),
  }
  let [ringPixels, pixels] = [0, 0]
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [u, v] = [middleOf(width, column), middleOf(height, row)]
      const isBorder = row === 0 || column === 0 || row === height - 1 || column === width - 1
      const isRing = isBorder || Math.max(Math.abs(u), Math.abs(v)) > 1 - 2 * RING
      const weight = visibility?.[row * width + column] ?? 1
      pixels += weight
      if (isRing) ringPixels += weight
      for (let k = 0; k < count; k++, at++) {
        const r = weight * responsibilities[at]!
        sums.mass[k]! += r
        if (isRing) sums.ring[k]! += r
        sums.u[k]! += r * u
        sums.v[k]! += r * v
        sums.square[k]! += r * (u * u + v * v)
      }
    }
  // Where all of the ring is transparent, nothing is in it.
  return { ...sums, ringPixels: Math.max(ringPixels, 1e-9), pixels }
}

/**
 * What atoms are like, count x 6: how much of each is at the border, how far from the middle it is and how widely it lies, how far its
 * colour is from those at the border, how large it is, and how near to its colour the border comes; about 0 each.
 */
export const featuresOf = (image: RgbImage, atoms: Atoms, visibility: Float64Array | undefined): Float64Array => {
  const { mass, ring, u, v, square, ringPixels, pixels } = sumsOf(image, atoms, visibility)
  const { count, parameters } = atoms
  const distance = (a: number, b: number): number => {
    const [p, q] = [parameters.components[a]!.mean, parameters.components[b]!.mean]
    return Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!)
  }
  const [distances, nears] = [new Float64Array(count), new Float64Array(count)]
  let average = 0
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < count; j++) {
      const share = ring[j]! / ringPixels
      distances[k]! += share * distance(k, j)
      nears[k]! += share * Math.exp(-(distance(k, j) ** 2) / (2 * NEAR * NEAR))
    }
    average += distances[k]! / count
  }
  const features = new Float64Array(6 * count)
  for (let k = 0; k < count; k++) {
    const weight = Math.max(mass[k]!, 1e-9)
    const radius = square[k]! / weight
    features.set(
      [
        Math.log((ring[k]! / weight) * (pixels / ringPixels) + 0.05),
        radius - 2 / 3,
        radius - (u[k]! / weight) ** 2 - (v[k]! / weight) ** 2 - 2 / 3,
        average > 0 ? distances[k]! / average - 1 : 0,
        (count * weight) / pixels - 1,
        Math.log(nears[k]! + 0.02),
      ],
      6 * k,
    )
  }
  return features
}

/** The probability that each atom is foreground. */
const foregroundOf = (features: Float64Array): Float64Array =>
  Float64Array.from({ length: features.length / 6 }, (_, k) => {
    const logit = PRIOR.weights.reduce((sum, weight, i) => sum + weight * features[6 * k + i]!, PRIOR.bias)
    return 1 / (1 + Math.exp(-logit))
  })

/**
 * Guesses what the foreground of a photo is from where its colours are: those that are rare at the border, differ from what is
 * there and lie together in the middle.
 */
export const guessForeground =
  (executor: Executor, image: RgbImage): TaskEither<FitError, Guess> =>
  async () => {
    const { width, height } = image
    const visibility = visibilityOf(image)
    const atoms = await atomsOf(executor, placedColours(image, visibility), ATOMS)()
    if (E.isLeft(atoms)) return atoms
    const { count, responsibilities } = atoms.right
    const foreground = foregroundOf(featuresOf(image, atoms.right, visibility))
    const pixels = width * height
    const [probabilities, logOdds] = [new Float64Array(pixels), new Float64Array(pixels)]
    for (let n = 0, at = 0; n < pixels; n++) {
      let p = 0
      for (let k = 0; k < count; k++, at++) p += responsibilities[at]! * foreground[k]!
      probabilities[n] = p
      const [u, v] = [middleOf(width, n % width), middleOf(height, Math.floor(n / width))]
      logOdds[n] = Math.log(p / (1 - p)) + 1 - 0.6 * (u * u + v * v)
    }
    return E.right({ logOdds, probabilities })
  }
