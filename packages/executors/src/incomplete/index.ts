import { type Matrix, rowsAt } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type {
  Densities,
  Executor,
  ExecutorError,
  FactorDensities,
  LoadedRows,
  LoadOptions,
  ProductDensities,
  QuadraticDensities,
  StatisticsOf,
} from '../contract/executor.js'
import { ofEachPart, picked, type RowsPart, saidByParts } from '../contract/parts.js'
import { loadEach } from '../contract/with-loaded.js'
import { covariancesOf, type Filling, marginalOf } from './marginals.js'
import { cellsAt, lacksCells, type Pattern, type PatternRows, patternsOf } from './patterns.js'
import { addExpected, addTo, noSums, stretched } from './sums.js'

interface Part extends RowsPart, Pattern {
  readonly dispose: () => void
}

/** Densities of the columns of a part, and what they say of the others. */
interface OfPart {
  readonly densities: Densities
  readonly fillings: ReadonlyArray<Filling | undefined>
}

/** The densities whose columns may lack cells: all, or the first factor. */
const quadraticIn = (densities: Densities): FactorDensities =>
  densities._tag === 'Product' ? densities.factors[0]! : densities

/** What is made of densities for the rows of one pattern after the other. */
const forParts = (densities: Densities): ((part: Part) => E.Either<ExecutorError, OfPart>) => {
  const whole = quadraticIn(densities)
  const wrap = (own: FactorDensities): Densities =>
    densities._tag === 'Product'
      ? {
          ...densities,
          columns: densities.columns - whole.columns + own.columns,
          factors: [own, ...densities.factors.slice(1)],
        }
      : (own as Densities)
  const none = new Array<undefined>(densities.components).fill(undefined)
  if (whole._tag === 'Linear')
    return ({ there }) => {
      const natural = cellsAt(
        { rows: whole.components, columns: whole.columns, data: whole.natural },
        Int32Array.from({ length: whole.components }, (_, k) => k),
        [...there],
      )
      return E.right({
        densities: wrap({ ...whole, columns: there.length, natural: natural.data as Float64Array }),
        fillings: none,
      })
    }
  if (whole._tag !== 'Quadratic')
    return () => E.left({ _tag: 'FactorMismatch', expected: 'Quadratic', received: whole._tag })
  const covariances = covariancesOf(whole)
  return part =>
    pipe(
      marginalOf(whole, covariances, part),
      E.map(({ densities: own, fillings }) => ({ densities: wrap(own), fillings })),
    )
}

type Sums = StatisticsOf<QuadraticDensities> & { readonly factors?: StatisticsOf<ProductDensities>['factors'] }

/** The sums of all columns from those of each part. */
const expectedSums = <D extends Densities>(
  densities: D,
  parts: ReadonlyArray<{ readonly part: Part; readonly fillings: OfPart['fillings']; readonly found: unknown }>,
): StatisticsOf<D> => {
  const whole = quadraticIn(densities)
  const all = noSums(densities.components, whole.columns)
  const others: Record<string, Float64Array>[] = []
  for (const { part, fillings, found } of parts) {
    const { factors } = found as Sums
    addExpected(all, whole.columns, part, (factors?.[0] ?? found) as Sums, fillings)
    for (const [f, factor] of (factors ?? []).slice(1).entries()) {
      others[f] ??= {}
      addTo(others[f]!, factor as unknown as Record<string, Float64Array>)
    }
  }
  const { weight, sum, outer } = stretched(all, whole.columns)
  const own = whole._tag === 'Linear' ? { weight, sum } : { weight, sum, outer }
  return (densities._tag === 'Product' ? { weight, factors: [own, ...others] } : own) as unknown as StatisticsOf<D>
}

/** Rows of each pattern by themselves, as rows of the columns that they have. */
const joined = (parts: ReadonlyArray<Part>, columns: number): LoadedRows => {
  const rows = parts.reduce((sum, { indices }) => sum + indices.length, 0)
  /** What each part finds at its own densities. */
  const asked = <A>(densities: Densities, ask: (part: Part, own: Densities) => TE.TaskEither<ExecutorError, A>) => {
    const of = forParts(densities)
    return ofEachPart(parts, part =>
      pipe(
        TE.fromEither(of(part)),
        TE.chain(({ densities: own, fillings }) =>
          pipe(
            ask(part, own),
            TE.map(found => ({ part, fillings, found })),
          ),
        ),
      ),
    )
  }
  return {
    ...saidByParts(parts, densities => {
      const of = forParts(densities)
      return part =>
        pipe(
          of(part),
          E.map(({ densities: own }) => own),
        )
    }),
    rows,
    columns,
    get distinctRows() {
      return parts.reduce((sum, part) => sum + (part.rows.distinctRows ?? part.rows.rows), 0)
    },
    ...(parts[0]!.rows.ranOn && { ranOn: parts[0]!.rows.ranOn }),
    expectation: (densities, options = {}) => {
      const { rowWeights } = options
      return pipe(
        asked(densities, ({ rows: loaded, indices }, own) =>
          loaded.expectation(own, { ...options, ...(rowWeights && { rowWeights: picked(rowWeights, indices) }) }),
        ),
        TE.map(all => ({
          statistics: expectedSums(
            densities,
            all.map(({ found, ...of }) => ({ ...of, found: found.statistics })),
          ),
          logLikelihood: all.reduce((sum, { found }) => sum + found.logLikelihood, 0),
          rounding: all.reduce((sum, { found }) => sum + (found.rounding ?? 0), 0),
        })),
      )
    },
    weightedStatistics: (densities, responsibilities) =>
      pipe(
        asked(densities, ({ rows: loaded, indices }, own) =>
          loaded.weightedStatistics(own, rowsAt(responsibilities, indices)),
        ),
        TE.map(all => expectedSums(densities, all)),
      ),
  }
}

/**
 * An executor for rows of which cells may be missing, NaN, at random, where densities are quadratic: a row has the density of its cells
 * that are there, and sums hold what is expected of the others given those and the component. Rows without missing cells are for the
 * executor itself. Errors: a row without any cell; those of the executor.
 * Source: Ghahramani and Jordan, Supervised learning from incomplete data via an EM approach (1994).
 */
export const incomplete = (executor: Executor): Executor => {
  const load = (rows: Matrix, options: LoadOptions = {}): ReturnType<Executor['load']> => {
    const { origin, rowWeights, factors, kind = 'Quadratic' } = options
    const width = factors
      ? factors[0]?._tag === 'Quadratic'
        ? factors[0].columns
        : 0
      : kind === 'Quadratic'
        ? rows.columns
        : 0
    if (!lacksCells(rows, width)) return executor.load(rows, options)
    const patterns = patternsOf(rows, width)
    const empty = patterns.find(({ there }) => there.length === 0)
    if (empty) return TE.left({ _tag: 'NonFiniteData', row: empty.indices[0]!, column: 0, value: Number.NaN })
    const loadPart = ({ indices, there, missing }: PatternRows): TE.TaskEither<ExecutorError, Part> => {
      const at = [...there, ...Array.from({ length: rows.columns - width }, (_, i) => width + i)]
      return pipe(
        executor.load(cellsAt(rows, indices, at), {
          ...options,
          ...(origin && { origin: Float64Array.from(at, i => origin[i]!) }),
          ...(rowWeights && { rowWeights: picked(rowWeights, indices) }),
          ...(factors && { factors: [{ ...factors[0]!, columns: there.length }, ...factors.slice(1)] }),
        }),
        TE.mapLeft(e => ({
          ...e,
          ...('row' in e && e.row !== undefined && { row: indices[e.row] ?? e.row }),
          ...('column' in e && typeof e.column === 'number' && { column: at[e.column] ?? e.column }),
        })),
        TE.map(loaded => ({ indices, there, missing, rows: loaded, dispose: loaded.dispose })),
      )
    }
    return pipe(
      patterns,
      loadEach(loadPart),
      TE.map(parts => joined(parts, rows.columns)),
    )
  }
  return { ...executor, load }
}
