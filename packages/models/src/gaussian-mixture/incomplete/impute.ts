import { random } from '@conjugate/distributions'
import { checkOptions } from '@conjugate/em'
import { exactly } from '@conjugate/em/schema'
import { drawAssignments, type Fill, filled } from '@conjugate/executors'
import { describeValue, type Matrix, row } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../../checks/functions.js'
import { checkMixture } from '../../checks/model.js'
import { seed } from '../../checks/options.js'
import type { Given } from '../../door/dual.js'
import { predict } from '../../door/predict.js'
import type { FitError } from '../../errors.js'
import { ofNormals } from '../../mixture/forms/quadratic.js'
import type { MixtureParameters } from '../../mixture/mixture.js'
import { inRows } from '../../model/dialect.js'
import { withValues } from '../../observations/tensors.js'
import type { IncompleteGaussianMixture, IncompleteTypes } from './definition.js'
import { readIncomplete } from './rows.js'

/** How missing cells are filled. */
export interface ImputeOptions {
  /** Fills with draws by this seed and the place of a cell, which vary as what is missing does; by default with means. */
  readonly seed?: number
}

/** Which component fills each row, or how much of each. Errors: a row that no component can have. */
const fillOf = (responsibilities: Matrix, rows: Matrix, { seed: from }: ImputeOptions): E.Either<FitError, Fill> => {
  const { columns, data } = responsibilities
  for (let n = 0; n < responsibilities.rows; n++) {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += data[n * columns + k]!
    if (!(sum > 0))
      return E.left({
        _tag: 'ImpossibleObservation',
        row: n,
        value: describeValue(Array.from(row(n)(rows))),
        expected: 'a row with a density in float64',
      })
  }
  if (from === undefined) return E.right({ _tag: 'Means', responsibilities })
  const stream = random(from)
  const labels = drawAssignments(responsibilities, stream.integer(2 ** 53))
  return E.right({ _tag: 'Draws', labels, normals: Float64Array.from(rows.data, () => stream.normal()) })
}

/**
 * Fills the missing cells of rows by a fitted mixture: with what is expected of them given the cells that are there, over all
 * components, or with a draw, given which any statistic of the rows is as uncertain as it ought to be (several seeds, several data sets).
 * The result is N x D, and cells that are there are as they were. Errors: those of `predict`; a row whose density is 0 in float64.
 * Source: Little and Rubin, Statistical Analysis with Missing Data, 3rd ed. (2019), sections 4.3 and 10.2.
 */
export const impute = (
  mixture: Given<IncompleteGaussianMixture>,
  fitted: MixtureParameters<IncompleteTypes['component']>,
  data: IncompleteTypes['data'],
  options: ImputeOptions = {},
): TE.TaskEither<FitError, Matrix> =>
  triedTask(() =>
    withValues(data, (given: never) =>
      pipe(
        TE.fromEither(checkOptions(exactly({ seed }))(options)),
        TE.chainW(() => predict(mixture, fitted, given)),
        TE.chainEitherKW(({ responsibilities }) =>
          pipe(
            checkMixture(mixture),
            E.chain(({ components }) => inRows(components, given, fitted as never, false)),
            E.chainW(({ data: rows }) => readIncomplete(rows)),
            E.chainW(rows =>
              pipe(
                fillOf(responsibilities, rows, options),
                E.chainW(fill => filled(rows, ofNormals(fitted.components), fill)),
              ),
            ),
          ),
        ),
      ),
    ),
  )
