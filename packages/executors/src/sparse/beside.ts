import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { constantsOf } from '../contract/densities.js'
import type {
  Densities,
  ExecutorError,
  LinearDensities,
  LoadedRows,
  MixtureExpectation,
  Prediction,
  ProductDensities,
  ProductStatistics,
  StatisticsOf,
} from '../contract/executor.js'
import { checkRowWeights } from '../contract/rows.js'
import { argmax, softmax } from './logits.js'

/** The numbers of the same rows, some where an executor has them and the others as sparse rows. */
export interface Beside {
  /** All factors of products but the last. */
  readonly dense: LoadedRows
  /** The last factor, which is linear. */
  readonly sparse: LoadedRows
  /** What rows count for, unless an E-step is told otherwise. */
  readonly rowWeights?: Vector | undefined
}

interface Parts {
  readonly dense: ProductDensities
  readonly sparse: LinearDensities
}

/** Products as those of either side; the constants are with the sparse rows, but for those of components of weight 0. */
const partsOf = (densities: Densities): E.Either<ExecutorError, Parts> => {
  const last = densities._tag === 'Product' ? densities.factors.at(-1) : undefined
  if (densities._tag !== 'Product' || last?._tag !== 'Linear')
    return E.left({
      _tag: 'FactorMismatch',
      expected: 'a product whose last factor is linear',
      received: last?._tag ?? densities._tag,
    })
  const { components, columns, logConstant, factors } = densities
  const constants = constantsOf(densities)
  const dense: ProductDensities = {
    _tag: 'Product',
    components,
    columns: columns - last.columns,
    factors: factors.slice(0, -1),
    logConstant: constants.map(constant => (constant === Number.NEGATIVE_INFINITY ? constant : 0)),
  }
  return E.right({ dense, sparse: { ...last, logConstant: last.logConstant.map((c, k) => c + logConstant[k]!) } })
}

/**
 * Rows for products of densities whose last factor is linear in sparse rows: log densities of both sides are added up, and sums are taken
 * by the probabilities that follow from them. Errors: those of either side; densities of other factors.
 */
export const besideSparse = ({ dense, sparse, rowWeights: ofAll }: Beside): LoadedRows => {
  const { rows } = sparse
  const logDensities = (densities: Densities): TE.TaskEither<ExecutorError, Matrix> =>
    pipe(
      TE.fromEither(partsOf(densities)),
      TE.chain(parts =>
        pipe(
          dense.logDensities(parts.dense),
          TE.chain(own =>
            pipe(
              sparse.logDensities(parts.sparse),
              TE.map(({ columns, data }): Matrix => {
                const all = data as Float64Array
                for (let i = 0; i < all.length; i++) all[i]! += own.data[i]!
                return { rows, columns, data: all }
              }),
            ),
          ),
        ),
      ),
    )
  const weightedStatistics = <D extends Densities>(
    densities: D,
    responsibilities: Matrix,
  ): TE.TaskEither<ExecutorError, StatisticsOf<D>> =>
    pipe(
      TE.fromEither(partsOf(densities)),
      TE.chain(parts =>
        pipe(
          dense.weightedStatistics(parts.dense, responsibilities),
          TE.chain(own =>
            pipe(
              sparse.weightedStatistics(parts.sparse, responsibilities),
              TE.map((last): StatisticsOf<D> => {
                const all: ProductStatistics = { weight: last.weight, factors: [...own.factors, last] }
                // The densities are a product.
                return all as unknown as StatisticsOf<D>
              }),
            ),
          ),
        ),
      ),
    )
  /** What is made of the log densities of rows, K from a place on each. */
  const ofRows = <A>(densities: Densities, make: (logits: Float64Array, components: number, all: Matrix) => A) =>
    pipe(
      logDensities(densities),
      TE.map(all => make(all.data as Float64Array, densities.components, all)),
    )
  return {
    rows,
    columns: dense.columns + sparse.columns,
    logDensities,
    weightedStatistics,
    expectation: <D extends Densities>(densities: D, options?: { readonly rowWeights?: Vector }) =>
      pipe(
        TE.fromEither(checkRowWeights(rows, options)),
        TE.bindTo('own'),
        TE.bind('all', () => logDensities(densities)),
        TE.chain(({ own, all }): TE.TaskEither<ExecutorError, MixtureExpectation<D>> => {
          const weights = own ?? ofAll
          const { components } = densities
          const logits = all.data as Float64Array
          let logLikelihood = 0
          for (let n = 0, first = 0; n < rows; n++, first += components) {
            const counts = weights === undefined ? 1 : weights[n]!
            // A row of weight 0 is not there, not even where its density is 0.
            if (counts > 0) logLikelihood += counts * softmax(logits, first, components)
            if (counts !== 1) for (let i = first; i < first + components; i++) logits[i] = counts && logits[i]! * counts
          }
          return pipe(
            weightedStatistics(densities, all),
            TE.map(statistics => ({ statistics, logLikelihood })),
          )
        }),
      ),
    responsibilities: densities =>
      ofRows(densities, (logits, components, all) => {
        for (let first = 0; first < logits.length; first += components) softmax(logits, first, components)
        return all
      }),
    assignments: densities =>
      ofRows(densities, (logits, components) =>
        Int32Array.from({ length: rows }, (_, n) => argmax(logits, n * components, components)),
      ),
    logProb: densities =>
      ofRows(densities, (logits, components) =>
        Float64Array.from({ length: rows }, (_, n) => softmax(logits, n * components, components)),
      ),
    prediction: densities =>
      ofRows(densities, (logits, components, responsibilities): Prediction => {
        const [assignments, logProb] = [new Int32Array(rows), new Float64Array(rows)]
        for (let n = 0, first = 0; n < rows; n++, first += components) {
          assignments[n] = argmax(logits, first, components)
          logProb[n] = softmax(logits, first, components)
        }
        return { assignments, responsibilities, logProb }
      }),
    dispose: () => {
      dense.dispose()
      sparse.dispose()
    },
  }
}
