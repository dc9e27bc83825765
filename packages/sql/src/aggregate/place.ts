import {
  type Densities,
  type ExecutorError,
  type MixtureExpectation,
  type ProductDensities,
  type StatisticsOf,
  withoutFactors,
} from '@conjugate/executors'
import { mayBeBeyond } from '@conjugate/executors/kernel'
import type { FitError, Place, PlaceRows, PlaceSample, RowPlan, Survey } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { type Bases, baseValues, type Join, joinOf } from './bases.js'
import { cellsSql, type Stored } from './columns.js'
import { isSeparable } from './densities.js'
import { brokenIn, type Engine, failedIn, patient } from './engine.js'
import { expectationSql } from './expectation.js'
import { kernelSql, largestIn, withLabels } from './kernel.js'
import { type Asked, askedOf } from './logits.js'
import { sampleSql, sizedColumns, sizesSql } from './survey.js'
import { surveyed } from './surveying.js'
import { tried } from './tried.js'
import { written } from './write.js'

/** Whether equal rows are summed once: always, never, or where some rows show that it pays. */
export type Grouping = boolean | 'auto'

/** Which observations, by what they are called in the model, and whether equal ones are summed once. */
export interface PlaceOptions {
  readonly stored: Stored
  readonly columns: ReadonlyArray<string>
  readonly grouping: Grouping
}

/** Equal rows are summed once where there are so many of each. */
const PAYS = 4

/** How many more observations are looked at than are drawn, where they are drawn by their values. */
const SPARE = 4

const sampled = async (
  engine: Engine,
  { stored }: PlaceOptions,
  plan: RowPlan,
  { most, seed, survey }: { readonly most: number; readonly seed: number; readonly survey: Survey },
  signal: AbortSignal,
): Promise<{ readonly sample: PlaceSample; readonly distinct: number }> => {
  const ask = (share: number) => engine.query(sampleSql(engine.dialect, stored, plan, { seed, most, share }), signal)
  const share = Math.min(1, (SPARE * most) / survey.rows)
  let rows = await ask(share)
  // Few values that come often may all have been left out.
  if (share < 1 && rows.length < most) rows = await ask(1)
  const cells = plan.cells.map((_, c) =>
    Float64Array.from(rows, row => (row[c] === null ? Number.NaN : Number(row[c]))),
  )
  const weights = Float64Array.from(rows, row => Number(row[plan.cells.length]))
  return {
    sample: { rows: rows.length, cells, ...(weights.some(w => w !== 1) && { weights }) },
    distinct: stored.key.length > 0 || rows.length === most ? survey.rows : rows.length,
  }
}

const opened = async (
  given: Engine,
  options: PlaceOptions,
  plan: RowPlan,
  survey: Survey,
  { distinct, signal }: { readonly distinct: number | undefined; readonly signal: AbortSignal },
): Promise<E.Either<FitError, PlaceRows>> => {
  const engine = patient(given)
  const { dialect: d, name } = engine
  const { stored, grouping } = options
  for (const of of engine.kernel ? [] : plan.columns)
    if (of._tag === 'Index' && !isSeparable(of.digits))
      return E.left(failedIn(engine, 'columns of categories that are told together are not computed in SQL'))
  const bases: Bases = await baseValues(engine, stored, plan, signal)
  const ofSizes = sizesSql(d, stored, plan)
  const sizes = ofSizes === undefined ? undefined : sizesIn(d, plan, (await engine.query(ofSizes, signal))[0]!, bases)
  // To bring equal rows together costs more than to sum them in the kernel.
  const isGrouped =
    grouping === 'auto' ? !engine.kernel && distinct !== undefined && survey.rows >= PAYS * distinct : grouping
  const source = cellsSql(d, stored, plan, { grouped: isGrouped })
  const stop = new AbortController()
  const greatestLabel =
    stored.label === undefined
      ? -1
      : Number(
          (await engine.query(`SELECT max(${d.double(d.quoted(stored.label))}) FROM ${stored.from}`, signal))[0]![0] ??
            -1,
        )
  const labelled = stored.label !== undefined
  const wrongIn = (densities: Densities): ExecutorError | undefined =>
    greatestLabel >= densities.components
      ? {
          _tag: 'UnreadableData',
          what: `column ${JSON.stringify(stored.label)} of labels`,
          expected: `numbers of ${densities.components} components, from 0 on`,
          received: String(greatestLabel),
        }
      : undefined
  const changed = (counted: number, rows: number): E.Either<FitError, never> =>
    E.left(
      brokenIn(engine, new Error(`${counted} of ${rows} rows were summed, where there were ${survey.rows} before`)),
    )
  type Summed = Promise<E.Either<FitError, MixtureExpectation>>
  const ofStatement = async (asked: Asked, join: Join, both: AbortSignal): Summed => {
    const { sql, read } = expectationSql(asked, source, join)
    const { rows, counted, expectation } = read((await engine.query(sql, both))[0]!)
    return rows === survey.rows && counted === survey.rows ? E.right(expectation) : changed(counted, rows)
  }
  const largest = largestIn(plan, survey, sizes)
  const ofKernel = async (asked: Asked, join: Join, both: AbortSignal): Summed => {
    const { densities } = asked
    if (mayBeBeyond(densities, largest))
      return E.left(failedIn(engine, 'numbers of such sizes may be beyond float64 in the kernel: scale the columns'))
    const whole = labelled ? withLabels(densities) : densities
    const found = await engine.kernel!(kernelSql(asked, source, join), whole, both)
    if (E.isLeft(found)) return found
    const { rows, expectation } = found.right
    // Groups are fewer than the rows that they weigh.
    const counted = isGrouped ? countedIn(expectation, survey) : rows
    if (counted !== survey.rows) return changed(counted, counted)
    const statistics = labelled
      ? withoutFactors(densities._tag, expectation.statistics as StatisticsOf<ProductDensities>, 1)
      : expectation.statistics
    return E.right({ ...expectation, statistics })
  }
  const sums = async (densities: Densities, both: AbortSignal): Promise<E.Either<FitError, never>> => {
    const wrong = wrongIn(densities)
    if (wrong) return E.left(wrong)
    const asked = askedOf(d, plan, densities, { labelled, weighted: isGrouped || stored.weight !== undefined })
    const { total, join } = joinOf(d, plan, bases, asked)
    const found = engine.kernel ? await ofKernel(asked, join, both) : await ofStatement(asked, join, both)
    if (E.isLeft(found)) return found
    const expectation = found.right
    const logLikelihood = expectation.logLikelihood + total
    const overflown = overflowIn(expectation.statistics, logLikelihood)
    if (overflown !== undefined) return E.left<ExecutorError>({ _tag: 'Overflow', what: overflown })
    // What sums without compensation lose goes with the root of how many numbers they have.
    const rounding = Number.EPSILON * Math.sqrt(survey.rows) * (Math.abs(expectation.logLikelihood) + Math.abs(total))
    return E.right({ ...expectation, logLikelihood, rounding } as never)
  }
  const joined = (signal_: AbortSignal): AbortSignal => AbortSignal.any([signal_, stop.signal])
  return E.right({
    ...(isGrouped && distinct !== undefined && { distinctRows: distinct }),
    description: `${name} (${engine.kernel ? 'the kernel in its workers' : 'one SQL aggregate for each pass'}${isGrouped ? ', equal rows once' : ''})`,
    reproducible: engine.reproducible ?? false,
    ...(sizes && { sizes }),
    expectation: (densities, ofPass) => {
      const both = joined(ofPass)
      return tried(engine, both, () => sums(densities, both), true)
    },
    write: (said, densities, target, ofWriting) => {
      const both = joined(ofWriting)
      return tried(engine, both, async () => {
        const wrong = wrongIn(densities)
        if (wrong) return E.left(wrong)
        const asked = askedOf(d, plan, densities, { labelled, weighted: stored.weight !== undefined })
        const join = joinOf(d, plan, bases, asked, said.logProb !== undefined).join
        return written(given, { stored, plan, asked, said, join, target, signal: both })
      })
    },
    dispose: () => stop.abort(),
  })
}

const sizesIn = (d: Engine['dialect'], plan: RowPlan, row: ReadonlyArray<unknown>, bases: Bases) => {
  const columns = plan.columns.length
  const [total, greatest, signed] = [new Float64Array(columns), new Float64Array(columns), new Uint8Array(columns)]
  for (const [i, f] of sizedColumns(d, plan).entries()) {
    const ofBase = plan.columns[f]!._tag === 'LogBase'
    total[f] = Number(row[3 * i] ?? 0) + (ofBase ? bases.size : 0)
    greatest[f] = Number(row[3 * i + 1] ?? 0) + (ofBase ? bases.greatest : 0)
    signed[f] = Number(row[3 * i + 2] ?? 0) < 0 ? 1 : 0
  }
  return { total, greatest, signed }
}

/** How many rows there are by their weights, which are whole where they have none of their own; as many where nothing is told. */
const countedIn = ({ statistics, logLikelihood }: MixtureExpectation, { rows, weight }: Survey): number => {
  const found = statistics.weight.reduce((sum, w) => sum + w, 0)
  // A row that is impossible has no weight.
  if (!Number.isFinite(logLikelihood) || Math.abs(found / weight - 1) < 1e-9) return rows
  return Math.round((rows * found) / weight)
}

/** Which sums are beyond float64. */
const overflowIn = (statistics: object, logLikelihood: number): string | undefined => {
  if (Number.isNaN(logLikelihood)) return 'log-likelihood'
  const factors: ReadonlyArray<object> =
    'factors' in statistics ? (statistics.factors as ReadonlyArray<object>) : [statistics]
  for (const factor of factors)
    for (const [name, values] of Object.entries(factor))
      if ((values as Float64Array).some(v => !Number.isFinite(v))) return name
  return undefined
}

/** Observations in a database, which are summed there. */
export const sqlPlace = (engine: Engine, options: PlaceOptions): Place => {
  const { stored, columns } = options
  let distinct: number | undefined
  return {
    backend: engine.dialect.name,
    columns,
    identity: [engine.dialect.name, stored.from, ...columns, stored.weight ?? '', stored.label ?? ''].join('\n'),
    survey: (plan, { spread }, signal) =>
      tried(engine, signal, () => surveyed(patient(engine), stored, plan, spread, signal)),
    sample: (plan, asked, signal) =>
      tried(engine, signal, async () => {
        const found = await sampled(patient(engine), options, plan, asked, signal)
        distinct = stored.label === undefined ? found.distinct : undefined
        return E.right(found.sample)
      }),
    open: (plan, survey, signal) =>
      tried(engine, signal, () => opened(engine, options, plan, survey, { distinct, signal })),
  }
}
