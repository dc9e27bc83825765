import type { Distribution, ExponentialFamily, Validated } from '@conjugate/distributions'
import { cholesky, type Matrix } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type FamilyName, families } from './families.js'
import type { AnyFamily } from './questions.js'

/** Numbers of each part of parameters or of a value; the one part of a value that is a tensor has the name ''. */
export type Numbers = Readonly<Record<string, ReadonlyArray<number>>>

/** What the suites have to be told about a family on tensors. */
export interface Row<P = never, X = never> {
  readonly name: FamilyName
  readonly tensors: AnyFamily<P>
  /** The same in float64. */
  readonly family: Distribution<P, X, unknown, unknown> & Partial<ExponentialFamily<P, X, unknown, unknown>>
  readonly members: ReadonlyArray<P>
  /** The member of these parameters of tensors. */
  readonly member: (numbers: Numbers) => Validated<P>
  readonly numbersOf: (x: X) => Numbers
  readonly value: (numbers: Numbers) => X
  /** The axes of each part of a value. */
  readonly axes: Readonly<Record<string, number>>
  /** Numbers of a mean and a variance of the float64 family, in the order of those of tensors. */
  readonly moments?: (moment: never) => ReadonlyArray<number>
  readonly variances?: (moment: never) => ReadonlyArray<number>
  /** Values outside the support. */
  readonly outside: ReadonlyArray<Numbers>
  /** Parameters that are those of no member. */
  readonly wrong: Numbers
  /** Values are on a sphere, and move along it. */
  readonly tangent?: true
  readonly discrete?: true
  /** The entropy is that of float64, for which parameters are read. */
  readonly readsForEntropy?: true
}

export const row = <P, X>(r: Omit<Row<P, X>, 'tensors'>): Row => ({ ...r, tensors: families[r.name] }) as unknown as Row

/** Lower factors of matrices as numbers, row after row. */
export const factorOf = (m: Matrix): number[] => Array.from(right(cholesky(m)).data)

/** L L' of the numbers of a lower factor. */
export const matrixOf = (numbers: ReadonlyArray<number>): number[][] => {
  const d = Math.round(Math.sqrt(numbers.length))
  const at = (i: number, k: number) => (k <= i ? numbers[i * d + k]! : 0)
  return Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) => {
      let sum = 0
      for (let k = 0; k < d; k++) sum += at(i, k) * at(j, k)
      return sum
    }),
  )
}

export const matrix = (numbers: ReadonlyArray<number>): Matrix => {
  const rows = matrixOf(numbers)
  return { rows: rows.length, columns: rows.length, data: Float64Array.from(rows.flat()) }
}

/** What of a direction is along the sphere at a vector of length 1. */
export const alongSphere = (at: ReadonlyArray<number>, along: ReadonlyArray<number>): number[] => {
  const outward = along.reduce((sum, v, i) => sum + v * at[i]!, 0)
  return along.map((v, i) => v - outward * at[i]!)
}

/** Directions in which a parameter can move: each entry alone, of factors those of the lower triangle, and along a sphere. */
export const directionsOf = (name: string, numbers: ReadonlyArray<number>): number[][] => {
  const d = Math.round(Math.sqrt(numbers.length))
  const unit = (at: number) => numbers.map((_, i) => Number(i === at))
  return numbers.flatMap((v, at) =>
    !Number.isFinite(v) || (name.endsWith('factor') && at % d > Math.floor(at / d))
      ? []
      : [name === 'meanDirection' ? alongSphere(numbers, unit(at)) : unit(at)],
  )
}

export const softmaxOf = (logits: ReadonlyArray<number>): number[] => {
  const top = Math.max(...logits)
  const weights = logits.map(v => Math.exp(v - top))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(v => v / sum)
}

export const sigmoidOf = (logit: number): number => 1 / (1 + Math.exp(-logit))

const one = (numbers: Numbers, name = ''): number => numbers[name]![0]!

/** What rows of values of one kind share. */
export const ofNumbers = {
  numbersOf: (x: number): Numbers => ({ '': [x] }),
  value: (numbers: Numbers): number => one(numbers),
  axes: { '': 0 },
  moments: (moment: number) => [moment],
}
export const ofVectors = {
  numbersOf: (x: ArrayLike<number>): Numbers => ({ '': Array.from(x) }),
  value: (numbers: Numbers): Float64Array => Float64Array.from(numbers['']!),
  axes: { '': 1 },
  moments: (moment: ArrayLike<number>) => Array.from(moment),
}
export const ofFactors = {
  numbersOf: (x: Matrix): Numbers => ({ '': factorOf(x) }),
  value: (numbers: Numbers): Matrix => matrix(numbers['']!),
  axes: { '': 2 },
  moments: factorOf,
  variances: (moment: Matrix) => Array.from(moment.data),
}

/** Parameters that are numbers, by their names. */
export const numbersNamed =
  <P>(make: (p: P) => Validated<P>, ...names: ReadonlyArray<keyof P & string>) =>
  (numbers: Numbers): Validated<P> =>
    make(Object.fromEntries(names.map(name => [name, one(numbers, name)])) as P)

export { one }
