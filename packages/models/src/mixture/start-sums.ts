import {
  type Densities,
  type Executor,
  type ExecutorError,
  type FactorDensities,
  type FactorShape,
  type LoadedRows,
  type StatisticsOf,
  selectExecutor,
  withLoaded,
} from '@conjugate/executors'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import type { ComponentTypes } from '../model/component-model.js'
import { type DesignMatrix, loadOptionsOf } from './mixture.js'
import { withoutNoise } from './noise.js'
import { type Beside, withFactors, withoutFactors } from './row-factors.js'

/** Sums about the means that the densities have; nothing else of these is of account. */
interface StartSums {
  readonly densities: Densities
  /** How many rows each state has, noise among them. */
  readonly counts: Float64Array
  readonly sums: StatisticsOf<Densities>
}

/** Rows that are loaded for a mixture, and what lies beside them. */
export interface StartRows {
  readonly design: Pick<DesignMatrix<never>, 'densityForm' | 'factors' | 'rows'>
  readonly rows: Pick<LoadedRows, 'weightedStatistics'>
  readonly beside: Beside
}

/** Asks something of encoded observations that no model holds: they are loaded in the calling thread, and given back. */
export const whileLoaded = <T extends ComponentTypes, A>(
  design: DesignMatrix<T>,
  ask: (rows: StartRows, executor: Executor) => TE.TaskEither<FitError, A>,
): TE.TaskEither<FitError, A> =>
  pipe(
    selectExecutor('auto', 1),
    TE.chainW(executor =>
      pipe(
        executor.load(design.rows, loadOptionsOf(design)),
        withLoaded(rows => ask({ design, rows, beside: {} }, executor)),
      ),
    ),
  )

/** K densities of a form about means, by default 0, whose other parameters are all 0. */
const factorAbout = ({ _tag, columns, levels = 0 }: FactorShape, components: number, mean?: Float64Array) => {
  const zeros = (width: number): Float64Array => new Float64Array(components * width)
  const all = {
    _tag,
    components,
    columns,
    logConstant: zeros(1),
    ...(_tag === 'Quadratic' && { whitening: zeros(columns * columns) }),
    ...(_tag === 'Diagonal' && { scale: zeros(columns) }),
    ...((_tag === 'Quadratic' || _tag === 'Diagonal') && { mean: mean ?? zeros(columns) }),
    ...(_tag === 'Linear' && { natural: zeros(columns) }),
    ...(_tag === 'Indexed' && { levels, natural: zeros(levels) }),
  }
  return all as unknown as FactorDensities
}

const about = (
  { densityForm, factors, rows: { columns } }: StartRows['design'],
  components: number,
  means: ReadonlyArray<Float64Array | undefined> = [],
): Densities =>
  densityForm === 'Product'
    ? {
        _tag: 'Product',
        components,
        columns,
        factors: factors!.map((factor, f) => factorAbout(factor, components, means[f])),
        logConstant: new Float64Array(components),
      }
    : (factorAbout(
        { _tag: densityForm as Exclude<typeof densityForm, 'Product'>, columns },
        components,
        means[0],
      ) as Densities)

/** Sums over weights. */
const meansIn = (sums: StatisticsOf<Densities>): ReadonlyArray<Float64Array | undefined> =>
  ('factors' in sums ? sums.factors : [sums]).map(factor => {
    if (!('sum' in factor)) return undefined
    const width = factor.sum.length / factor.weight.length
    return factor.sum.map((sum, i) => {
      const weight = factor.weight[Math.floor(i / width)]!
      return weight > 0 ? sum / weight : 0
    })
  })

/**
 * What an executor sums with N x K responsibilities, noise among them, about the means of the components that they make, so that
 * squares keep their digits: it makes an M-step usable before any E-step.
 */
export const startSums = (
  { design, rows, beside }: StartRows,
  components: number,
  states: number,
  data: Float64Array,
): TE.TaskEither<ExecutorError, StartSums> => {
  const q = { rows: data.length / states, columns: states, data }
  const none = new Float64Array(states * (beside.groups?.count ?? 1))
  const summed = (densities: Densities): TE.TaskEither<ExecutorError, StatisticsOf<Densities>> =>
    pipe(
      rows.weightedStatistics(withFactors(densities, beside, none), q),
      TE.map(sums => withoutFactors(design.densityForm, sums, beside).statistics),
    )
  const all = about(design, states)
  // Nothing else is summed about means.
  const hasMeans = ('factors' in all ? all.factors : [all]).some(
    ({ _tag }) => _tag === 'Quadratic' || _tag === 'Diagonal',
  )
  const isBeside = beside.logFactors !== undefined || beside.groups !== undefined
  // Means need no squares. Products are all that can be asked for where rows were loaded for them.
  const first = isBeside || design.densityForm === 'Product' ? design : { ...design, densityForm: 'Linear' as const }
  return pipe(
    hasMeans
      ? pipe(
          summed(about(first, states)),
          TE.map(found => about(design, states, meansIn(found))),
        )
      : TE.right(all),
    TE.bindTo('densities'),
    TE.bind('sums', ({ densities }) => summed(densities)),
    TE.map(({ densities, sums }) => ({
      densities: { ...densities, components },
      counts: sums.weight,
      sums: withoutNoise(components, sums),
    })),
  )
}
