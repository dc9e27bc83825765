import { invalidOption } from '@conjugate/em'
import { describeValue, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import type { Counts, LabelEstimate } from './label-model.js'
import type { Simplices } from './simplices.js'

/** Arrays by name, of any kind. */
type Given<C extends Counts> = { readonly [N in keyof C]: Vector }

/** Arrays of probabilities by name, each with its Dirichlet priors. */
type Parts<C extends Counts> = { readonly [N in keyof C]: Simplices }

const namesOf = <C extends Counts>(parts: Parts<C>): ReadonlyArray<keyof C & string> => Object.keys(parts)

/** Arrays by name. */
const byName = <L, C extends Counts>(
  parts: Parts<C>,
  of: (part: Simplices, name: keyof C & string) => Float64Array,
): L => Object.fromEntries(namesOf(parts).map(name => [name, of(parts[name], name)])) as unknown as L

/** Arrays by name, or the first error. */
const eachByName = <L, C extends Counts, Err>(
  parts: Parts<C>,
  of: (part: Simplices, name: keyof C & string) => E.Either<Err, Float64Array>,
): E.Either<Err, L> => {
  const found: Record<string, Float64Array> = {}
  for (const name of namesOf(parts)) {
    const one = of(parts[name], name)
    if (E.isLeft(one)) return one
    found[name] = one.right
  }
  return E.right(found as unknown as L)
}

const sumOf = <C extends Counts>(parts: Parts<C>, of: (part: Simplices, name: keyof C & string) => number): number =>
  namesOf(parts).reduce((total, name) => total + of(parts[name], name), 0)

/** Coordinates of all parts end to end. */
const endToEnd = <C extends Counts>(parts: Parts<C>) => ({
  size: sumOf(parts, part => part.size),
  toVector: (values: Given<C>): Float64Array =>
    Float64Array.from(namesOf(parts).flatMap(name => Array.from(parts[name].toVector(values[name]!)))),
  fromVector: <L>(vector: Float64Array, of: (part: Simplices) => (vector: Float64Array) => Float64Array): L => {
    let first = 0
    return byName(parts, part => {
      const own = vector.slice(first, first + part.size)
      first += part.size
      return of(part)(own)
    })
  },
})

/** How far the sum of a row of given probabilities may be from 1. */
const SUM_TOLERANCE = 1e-9

/** The numbers of an array or a matrix, whatever they are. */
const valuesOf = (given: unknown): ReadonlyArray<number> | Float64Array | undefined => {
  const values = (given as { readonly data?: unknown } | null | undefined)?.data ?? given
  return Array.isArray(values) || values instanceof Float64Array ? values : undefined
}

/** Reads rows of probabilities from an array or a matrix. Errors: there is another number of them, or a row does not sum to 1. */
const checkProbabilities = (
  name: string,
  given: unknown,
  length: number,
  columns: number,
): E.Either<FitError, Float64Array> => {
  const wrong = (option: string, expected: string, received: string): E.Either<FitError, never> =>
    invalidOption(`start.${option}`, expected, received)
  const values = valuesOf(given)
  if (values === undefined)
    return wrong(name, `${length} probabilities`, given === undefined ? 'missing' : describeValue(given))
  if (values.length !== length) return wrong(name, `${length} probabilities`, `${values.length} values`)
  const isProbability = (v: unknown): boolean => typeof v === 'number' && v >= 0 && v <= 1 + SUM_TOLERANCE
  for (let i = 0; i < length; i++)
    if (!isProbability(values[i])) return wrong(`${name}[${i}]`, 'a number from 0 to 1', describeValue(values[i]))
  const probabilities = tabulate(length, i => values[i]!)
  for (let first = 0; first < length; first += columns) {
    const sum = probabilities.subarray(first, first + columns).reduce((a, b) => a + b, 0)
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return wrong(name, 'probabilities that sum to 1', `a sum of ${sum}`)
  }
  return E.right(probabilities)
}

/** Concentrations of posteriors: positive where the prior mean is. */
const checkConcentrations = (name: string, given: unknown, mean: Float64Array): E.Either<FitError, Float64Array> => {
  const isConcentration = (value: unknown, k: number): boolean =>
    typeof value === 'number' && (mean[k]! > 0 ? value > 0 && value < Number.POSITIVE_INFINITY : value === 0)
  const values = valuesOf(given)
  if (values?.length === mean.length && Array.from(values).every(isConcentration))
    return E.right(Float64Array.from(values))
  return invalidOption(
    `start.${name}`,
    `${mean.length} concentrations, positive where the prior is`,
    describeValue(given),
  )
}

/** Labels whose parameters are rows of K probabilities: points at the modes of their Dirichlets; they start at the means. */
export const dirichletPoints = <C extends Counts, L extends Given<C> = C>(
  parts: Parts<C>,
  columns: number,
): Omit<LabelEstimate<L, C>, 'permute'> => {
  const { size, toVector, fromVector } = endToEnd(parts)
  return {
    size,
    initial: byName(parts, part => part.mean),
    maximize: (counts, current) => eachByName(parts, (part, name) => part.mode(counts[name]!, current?.[name])),
    logPrior: p => sumOf(parts, (part, name) => part.logPrior(p[name]!)),
    coordinates: { toVector, fromVector: v => E.right(fromVector(v, part => part.toProbabilities)) },
    potentials: p => byName(parts, (_, name) => Float64Array.from(p[name]!, Math.log)),
    draw: counts => random => E.right(byName(parts, (part, name) => part.draw(counts[name]!)(random))),
    check: given =>
      eachByName(parts, ({ mean }, name) =>
        checkProbabilities(
          name,
          (given as Readonly<Record<string, unknown>> | undefined)?.[name],
          mean.length,
          columns,
        ),
      ),
  }
}

/** The same labels in variational Bayes: concentrations of Dirichlet posteriors, which start at the priors. */
export const dirichletPosteriors = <C extends Counts, L extends Given<C> = C>(
  parts: Parts<C>,
): Omit<LabelEstimate<L, C>, 'permute'> => {
  const { size, toVector, fromVector } = endToEnd(parts)
  return {
    size,
    initial: byName(parts, part => part.update(new Float64Array(part.mean.length))),
    maximize: counts => E.right(byName(parts, (part, name) => part.update(counts[name]!))),
    logPrior: p => sumOf(parts, (part, name) => part.minusDivergence(p[name]!)),
    coordinates: { toVector, fromVector: v => E.right(fromVector(v, part => part.toConcentration)) },
    potentials: p => byName(parts, (part, name) => part.expectedLogs(p[name]!)),
    check: given =>
      eachByName(parts, ({ mean }, name) =>
        checkConcentrations(name, (given as Readonly<Record<string, unknown>> | undefined)?.[name], mean),
      ),
  }
}
