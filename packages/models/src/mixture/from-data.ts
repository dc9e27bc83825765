import type { InvalidParameter } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import type { Schema } from '@conjugate/em/schema'
import { countedRows } from '@conjugate/executors'
import {
  isList,
  type Matrix,
  type MatrixError,
  matrix,
  type RowsLike,
  rowsAt,
  square,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { telling } from '../checks/functions.js'
import type { FitError } from '../errors.js'
import type { ComponentModel, ComponentTypes, FromData } from '../model/component-model.js'
import { isSparse } from '../observations/data.js'
import { checkFinite, readRowWeights } from '../observations/rows.js'
import { amongAll, withoutGaps } from './gaps.js'
import { type Moments, momentsIn } from './moments.js'

/** alpha of each weight where nobody has given one: a row more for each component, so that none of them gets the weight 0. */
export const CONCENTRATION = 2

/** kappa of means, in rows: that of Fraley and Raftery. */
export const MEAN_PRECISION = 0.01

/** Rows as a matrix, where the number of columns is for them to say. */
export const rowsIn = (source: unknown): E.Either<MatrixError, Matrix> =>
  isSparse(source)
    ? source.refused
    : matrix(source as RowsLike, isList(source) && ['number', 'bigint'].includes(typeof source[0]) ? 1 : undefined)

/** Moments of the rows that count. Errors: rows that cannot be read, of which one is not finite, or of which none counts. */
const momentsOf = (rows: Matrix, rowWeights: Float64Array | undefined): E.Either<FitError, Moments> => {
  // Weights that are none are the executor's to tell.
  const usable = rowWeights?.length === rows.rows && rowWeights.every(w => w >= 0 && w < Number.POSITIVE_INFINITY)
  const weights = usable ? rowWeights : undefined
  const counted = countedRows(weights)
  const some = counted ? rowsAt(rows, counted) : rows
  if (some.rows === 0) return E.left({ _tag: 'NoRows' })
  return pipe(
    checkFinite(some),
    E.mapLeft(e => (e._tag === 'NonFiniteData' && counted ? { ...e, row: counted[e.row]! } : e)),
    E.map(finite => momentsIn(finite, counted ? Float64Array.from(counted, n => weights![n]!) : weights)),
  )
}

/** Moments of columns of which nothing is known. */
export const unit = (columns: number): Moments => ({
  mean: new Float64Array(columns),
  covariance: square(columns, (i, j) => (i === j ? 1 : 0)),
})

/** A mixture whose components can follow from the data. */
export interface Following {
  readonly components: Followed
}

export interface Rule<Q, M> {
  /** The prior of each component of K. */
  readonly priorOf: (moments: Moments) => E.Either<InvalidParameter, Q>
  /** What a prior is. */
  readonly isPrior: Schema
  /** The mixture with a given prior. */
  readonly build: (prior: Q) => E.Either<InvalidParameter, M>
}

/** How many columns a component has: that of its mean, or that of a list of columns. */
const columnsOf = (component: unknown): number => {
  const columns = Array.isArray(component)
    ? component.length
    : (component as { readonly mean?: { readonly length?: unknown } } | undefined)?.mean?.length
  return typeof columns === 'number' && columns >= 1 ? columns : 1
}

/** The same of what is made from the components. */
const mapFromData = <A, B>({ ofRows, ofMoments, ofFit }: FromData<A>, change: (components: A) => B): FromData<B> => ({
  ofMoments: moments =>
    pipe(
      ofMoments(moments),
      E.map(found => ({ ...found, components: change(found.components) })),
    ),
  ofRows: (source, rowWeights) =>
    pipe(
      ofRows(source, rowWeights),
      E.map(found => ({ ...found, components: change(found.components) })),
    ),
  ofFit: fitted => pipe(ofFit(fitted), E.map(change)),
})

/** The prior follows from what was observed, whatever is missing beside it. */
const besideGaps = <A>({ ofRows, ofMoments, ofFit }: FromData<A>): FromData<A> => ({
  ofMoments,
  ofRows: (source, rowWeights) => {
    const observed = withoutGaps(source)
    const { data, places } = observed
    if (places === undefined) return ofRows(data, rowWeights)
    const weights = rowWeights && Float64Array.from(places, n => (rowWeights as Vector)[n]!)
    return pipe(
      ofRows(data, weights),
      E.bimap(amongAll(observed), found => ({ ...found, source })),
    )
  },
  ofFit,
})

/** What is known of such components here. */
interface Followed {
  readonly definition: unknown
  readonly withGaps: () => unknown
  readonly variational?: (() => unknown) | undefined
}

/** Components of which no definition tells the prior, nor that of what is made from them. */
const following = <C extends Followed>(components: C, fromData: FromData<C>, definition: unknown): C => ({
  ...components,
  definition,
  fromData,
  withGaps: () =>
    following(
      components.withGaps() as Followed,
      besideGaps(mapFromData(fromData, found => found.withGaps() as Followed)),
      definition,
    ),
  ...(components.variational && {
    variational: () =>
      following(
        components.variational!() as Followed,
        mapFromData(fromData, found => found.variational!() as Followed),
        { variational: definition },
      ),
  }),
})

/** A mixture that takes its prior from the data by a rule. */
export const mixtureFromData = <Q, M extends Following>({
  priorOf,
  isPrior,
  build,
}: Rule<Q, M>): E.Either<InvalidParameter, M> => {
  type C = M['components']
  const ofMoments: FromData<C>['ofMoments'] = moments =>
    pipe(
      priorOf(moments),
      E.bindTo('prior'),
      E.bind('mixture', ({ prior }) => build(prior)),
      E.map(({ prior, mixture }) => ({ components: named(mixture.components), prior })),
    )
  const fromData: FromData<C> = {
    ofRows: (source, rowWeights) =>
      pipe(
        readRowWeights(rowWeights),
        E.bindTo('weights'),
        E.bindW('rows', () => rowsIn(source)),
        E.bindW('moments', ({ rows, weights }) => momentsOf(rows, weights)),
        E.chainW(({ moments, rows }) =>
          pipe(
            ofMoments(moments),
            E.map(found => ({ ...found, source: rows })),
          ),
        ),
      ),
    ofMoments,
    ofFit: fitted => {
      const { prior, components } = (fitted ?? {}) as { readonly prior?: unknown; readonly components?: unknown }
      const found =
        prior === undefined
          ? priorOf(unit(columnsOf(isList(components) ? components[0] : undefined)))
          : (checkArgument('prior', isPrior)(prior) as E.Either<FitError, Q>)
      return pipe(
        found,
        E.chainW(build),
        E.map(mixture => named(mixture.components)),
      )
    },
  }
  const named = (components: C): C => {
    const definition = { ...(components.definition as object), prior: 'from the data', priors: 'from the data' }
    return following(components, fromData, definition)
  }
  return pipe(
    priorOf(unit(1)),
    E.chain(build),
    E.map(mixture => ({ ...mixture, components: named(mixture.components) })),
  )
}

/** The components for these rows, whose prior may follow from them. Errors: those of reading the rows. */
export const forRows = <C extends ComponentTypes>(
  components: ComponentModel<C>,
  source: C['data'],
  rowWeights?: unknown,
): E.Either<
  FitError,
  { readonly components: ComponentModel<C>; readonly source: C['data']; readonly prior?: unknown }
> =>
  components.fromData
    ? pipe(
        components.fromData.ofRows(source, rowWeights),
        E.map(found => ({ ...found, components: telling(found.components, 'model.components') })),
      )
    : E.right({ components, source })

/** The components that a fit is of, whose prior may have followed from its rows. Errors: what is no prior of theirs. */
export const forFit = <C extends { readonly fromData?: FromData<unknown> }>(
  components: C,
  fitted: unknown,
): E.Either<FitError, C> =>
  components.fromData
    ? pipe(
        components.fromData.ofFit(fitted) as E.Either<FitError, C>,
        E.map(found => telling(found, 'model.components')),
      )
    : E.right(components)
