import type { MultivariateNormal, Random } from '@conjugate/distributions'
import { type Matrix, row, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../errors.js'
import { componentCount, type GaussianMixture, type GaussianMixtureParameters } from './definition.js'

/**
 * Where EM starts. Weights are alpha / sum(alpha) and every covariance is Sigma_0, unless parameters are given.
 * - `distinct-rows`: means are rows of different values, drawn at random; two equal means would stay equal for ever.
 * - `random-rows`: means are rows drawn with replacement.
 * - `rows`: means are the rows of these K indices.
 * - `parameters`: all given.
 */
export type Start =
  | { readonly _tag: 'distinct-rows' }
  | { readonly _tag: 'random-rows' }
  | { readonly _tag: 'rows'; readonly indices: ReadonlyArray<number> }
  | { readonly _tag: 'parameters'; readonly parameters: GaussianMixtureParameters }

/** Every covariance Sigma_0 and weights alpha / sum(alpha), around given means. */
const around = (
  { componentPrior, weightsPrior }: GaussianMixture,
  means: ReadonlyArray<Vector>,
): GaussianMixtureParameters => {
  const { scale, cholesky } = componentPrior.covariance
  const total = Array.from(weightsPrior.concentration).reduce((a, b) => a + b, 0)
  return {
    weights: Float64Array.from(weightsPrior.concentration, a => a / total),
    components: means.map((mean): MultivariateNormal => ({ mean, covariance: scale, cholesky })),
  }
}

const key = (v: Vector): string => Array.from(v).join()

/** Draws until the values differ; rare values are found by a walk from a random row, so that it always ends. */
const drawDistinct = (count: number, rows: Matrix, random: Random): E.Either<FitError, ReadonlyArray<Vector>> => {
  const found = new Map<string, Vector>()
  const take = (n: number): void => {
    const value = row(n)(rows)
    if (!found.has(key(value))) found.set(key(value), value)
  }
  for (let attempt = 0; attempt < 20 * count && found.size < count; attempt++) take(random.integer(rows.rows))
  const first = random.integer(rows.rows)
  for (let i = 0; i < rows.rows && found.size < count; i++) take((first + i) % rows.rows)
  return found.size < count
    ? E.left({ _tag: 'TooFewDistinctRows', distinct: found.size, components: count })
    : E.right([...found.values()])
}

const isRow =
  (rows: Matrix) =>
  (index: number): boolean =>
    Number.isSafeInteger(index) && index >= 0 && index < rows.rows

/** Initial parameters. Errors: no rows to draw from, fewer distinct rows than components, indices that are no rows. */
export const initialParameters =
  (start: Start, rows: Matrix, random: Random) =>
  (model: GaussianMixture): E.Either<FitError, GaussianMixtureParameters> => {
    const count = componentCount(model)
    if (start._tag === 'parameters') {
      const given = start.parameters.components.length
      return given === count
        ? E.right(start.parameters)
        : E.left({
            _tag: 'InvalidOption',
            option: 'starting parameters',
            expected: `${count} components`,
            received: `${given}`,
          })
    }
    if (start._tag === 'rows') {
      const { indices } = start
      const invalid = (received: unknown): E.Either<FitError, never> =>
        E.left({
          _tag: 'InvalidOption',
          option: 'indices of the starting means',
          expected: `${count} row numbers from 0 to ${rows.rows - 1}`,
          received: String(received),
        })
      if (indices.length !== count) return invalid(`${indices.length} numbers`)
      const wrong = indices.find(i => !isRow(rows)(i))
      return wrong === undefined
        ? E.right(
            around(
              model,
              indices.map(i => row(i)(rows)),
            ),
          )
        : invalid(wrong)
    }
    if (rows.rows === 0) return E.left({ _tag: 'NoRows' })
    return start._tag === 'random-rows'
      ? E.right(
          around(
            model,
            Array.from({ length: count }, () => row(random.integer(rows.rows))(rows)),
          ),
        )
      : pipe(
          drawDistinct(count, rows, random),
          E.map(means => around(model, means)),
        )
  }
