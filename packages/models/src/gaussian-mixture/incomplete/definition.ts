import { normalInverseWishart, validator } from '@conjugate/distributions'
import { countedRows, incompleteMoments, incomplete as onIncomplete } from '@conjugate/executors'
import { type Matrix, rowsAt, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkConjugate } from '../../checks/model.js'
import type { Given } from '../../door/dual.js'
import type { FitError } from '../../errors.js'
import type { ConjugateComponents, ConjugateMixture } from '../../mixture/conjugate.js'
import type { GaussianTypes } from '../../mixture/forms/quadratic.js'
import { mixtureOf } from '../../mixture/mixture.js'
import { type Moments, momentsOf } from '../../mixture/moments.js'
import type { ComponentModel, ComponentTypes, FromData } from '../../model/component-model.js'
import { isSparse, type NamedColumns } from '../../observations/data.js'
import { readRowWeights } from '../../observations/rows.js'
import type { TensorLike } from '../../observations/tensors.js'
import { type IncompleteRows, isIncomplete, readIncomplete } from './rows.js'

/** The types of Gaussians of rows that may lack cells. */
export interface IncompleteTypes extends ComponentTypes {
  readonly data: IncompleteRows | NamedColumns | TensorLike
  readonly component: GaussianTypes['component']
  readonly posterior: GaussianTypes['posterior']
  readonly statistics: GaussianTypes['statistics']
  readonly observation: GaussianTypes['observation']
}

/** A Gaussian mixture of rows that may lack cells: see {@link withMissingCells}. */
export type IncompleteGaussianMixture = ConjugateMixture<IncompleteTypes>

const check = validator('GaussianMixture')

/** Moments of rows that count, of which every column has a cell. */
const momentsOfIncomplete = (rows: Matrix, rowWeights: Vector | undefined): E.Either<FitError, Moments> => {
  const counted = countedRows(rowWeights)
  const indices: number[] = []
  const { columns, data } = rows
  const sizes = new Float64Array(columns).fill(-1)
  for (let i = 0, count = counted?.length ?? rows.rows; i < count; i++) {
    const n = counted?.[i] ?? i
    let isThere = false
    for (let c = 0; c < columns; c++) {
      const x = data[n * columns + c]!
      if (Number.isNaN(x)) continue
      if (!Number.isFinite(x)) return E.left({ _tag: 'NonFiniteData', row: n, column: c, value: x })
      isThere = true
      sizes[c] = Math.max(sizes[c]!, Math.abs(x))
    }
    if (isThere) indices.push(n)
  }
  if (indices.length === 0) return E.left({ _tag: 'NoRows' })
  const empty = sizes.indexOf(-1)
  if (empty >= 0)
    return E.left({
      _tag: 'UnreadableData',
      column: empty,
      expected: 'a column with at least one number',
      received: 'none',
    })
  const { mean, covariance } = incompleteMoments(
    rowsAt(rows, indices),
    rowWeights && Float64Array.from(indices, n => rowWeights[n]!),
  )
  return E.right(momentsOf(mean, covariance, sizes))
}

/** A prior that follows from whatever cells are there. */
const fromIncomplete = <C>(fromData: FromData<C>, change: (components: C) => C): FromData<C> => ({
  ofMoments: moments =>
    pipe(
      fromData.ofMoments(moments),
      E.map(found => ({ ...found, components: change(found.components) })),
    ),
  ofFit: fitted => pipe(fromData.ofFit(fitted), E.map(change)),
  ofRows: (source, rowWeights) =>
    pipe(
      E.Do,
      E.bindW('rows', () => readIncomplete(source)),
      E.bindW('weights', () => readRowWeights(rowWeights)),
      E.chainW(({ rows, weights }) =>
        isIncomplete(rows)
          ? pipe(
              momentsOfIncomplete(rows, weights),
              E.chainW(fromData.ofMoments),
              E.map(found => ({ ...found, source: rows as unknown })),
            )
          : fromData.ofRows(rows, rowWeights),
      ),
      E.map(found => ({ ...found, components: change(found.components) })),
    ),
})

/** The same components, whose rows are read with what is missing and loaded by what is there. */
const incompleteOf = <T extends ComponentTypes>(
  components: ComponentModel<T>,
): ComponentModel<T> & { readonly withGaps: () => ComponentModel<T> } => {
  const { draw: _, fromData, variational, ...rest } = components
  return {
    ...rest,
    incomplete: true,
    // Rows without any cell are gaps of these already.
    withGaps: () => incompleteOf(components),
    load: (executor, data, loading) => {
      if (isSparse(data)) return components.load(executor, data, loading)
      return pipe(
        TE.fromEither(readIncomplete(data)),
        TE.chainW(rows => components.load(onIncomplete(executor), rows as T['data'], loading)),
      )
    },
    ...(fromData && { fromData: fromIncomplete(fromData, found => incompleteOf<T>(found)) }),
    ...(variational && { variational: () => incompleteOf(variational()) }),
  }
}

/**
 * The same mixture of Gaussians with full covariances for rows that may lack cells, which are `null` or NaN, at random: whether a cell is
 * there may depend on what is there, and not on what is missing. A row has the density of its cells, EM takes what is expected of the
 * others, with its uncertainty, and the objective is the posterior of what was observed. A row without any cell is a gap, whose label
 * has the probabilities of the weights. Where nothing is missing a fit has the bits of the mixture itself.
 * Errors: that of the mixture; one with noise, whose density is of all columns.
 * Source: Ghahramani and Jordan, Supervised learning from incomplete data via an EM approach (1994); Little and Rubin, Statistical
 * Analysis with Missing Data, 3rd ed. (2019), section 11.2.
 */
export const withMissingCells = (
  mixture: Given<ConjugateMixture<GaussianTypes>>,
): E.Either<FitError, IncompleteGaussianMixture> =>
  pipe(
    checkConjugate(mixture),
    E.chainW(({ components, labels }): E.Either<FitError, IncompleteGaussianMixture> => {
      const { noise } = components.parts
      if (noise !== undefined)
        return check.fail('noise', 'none where cells may be missing, since its density is of all columns', noise)
      if (components.pair.family.name !== normalInverseWishart.name)
        return check.fail('components', 'Gaussians with full covariances', components.name)
      const whole = incompleteOf(components.withGaps() as unknown as ComponentModel<IncompleteTypes>)
      return E.right(mixtureOf(whole as unknown as ConjugateComponents<IncompleteTypes>, labels))
    }),
  )
