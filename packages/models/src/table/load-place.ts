import { type ExecutorError, type LoadedRows, type MixtureExpectation, wasm } from '@conjugate/executors'
import { fromColumns } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { partsIn } from '../mixture/components.js'
import type { RowPlan } from '../mixture/forms/row-plan.js'
import { momentsOf } from '../mixture/moments.js'
import {
  aboutCentre,
  asRows,
  type Components,
  followed,
  type LoadedTable,
  loadedWithStart,
  provisional,
  TO_START,
} from './loaded-table.js'
import type { Place, PlaceRows, Survey } from './place.js'
import type { Stopping } from './stopping.js'

/** Observations as a model takes them, from the numbers of their cells. */
export const dataOfCells = ({ form, cells }: RowPlan, numbers: ReadonlyArray<Float64Array>): unknown => {
  if (form === 'numbers') return numbers[0]
  if (form === 'vectors') return fromColumns(numbers)
  const found: Record<string, unknown> = {}
  for (const [c, { column, part }] of cells.entries())
    if (part === undefined) found[column] = numbers[c]
    else if (part === 0) found[column] = fromColumns(numbers.filter((_, i) => cells[i]!.column === column))
  return found
}

const spreadOf = ({ spread, least, greatest }: Survey) =>
  spread &&
  (() =>
    momentsOf(
      spread.mean,
      spread.products,
      least.map((v, i) => Math.max(Math.abs(v), Math.abs(greatest[i]!))),
    ))

/** What tells these observations from others. A sum of weights may differ in its last bits from one time to the next. */
const fingerprintOf = ({ identity }: Place, { rows, least, greatest }: Survey) => [
  Float64Array.of(rows, ...least, ...greatest),
  new TextEncoder().encode(identity),
]

/** The rows of a place as others are, whose passes are stopped when it is said. */
export const rowsOfPlace = (
  open: PlaceRows,
  { rows, columns }: Pick<LoadedRows, 'rows' | 'columns'>,
  stops: Stopping,
): LoadedRows =>
  asRows(
    { rows, columns },
    {
      ...(open.distinctRows !== undefined && { distinctRows: open.distinctRows }),
      ranOn: () => open.description,
      expectation: densities => (): Promise<E.Either<ExecutorError, MixtureExpectation<typeof densities>>> =>
        stops.during(signal => open.expectation(densities, signal)()),
      dispose: () => {
        stops.stop()
        open.dispose()
      },
    },
  )

/**
 * Opens components on observations that stay where they are: one round that counts and checks them, some that are brought here, of
 * which a start is made and the centre is found, and then sums alone. Errors: those of the place and of the components.
 */
export const loadPlace =
  (components: Components, place: Place, seed: number, stops: Stopping): TE.TaskEither<FitError, LoadedTable> =>
  () =>
    stops.during(signal => loaded(components, place, seed, stops, signal)())

const loaded = (
  components: Components,
  place: Place,
  seed: number,
  stops: Stopping,
  signal: AbortSignal,
): TE.TaskEither<FitError, LoadedTable> =>
  pipe(
    TE.fromEither(provisional(components, place.columns.length)),
    TE.bindTo('parts'),
    TE.bindW('plan', ({ parts }) => TE.fromEither(parts.plan(place.columns))),
    TE.bindW('survey', ({ plan }) => place.survey(plan, { spread: components.fromData !== undefined }, signal)),
    TE.chainFirstW(({ survey }) => (survey.rows > 0 ? TE.right(undefined) : TE.left<FitError>({ _tag: 'NoRows' }))),
    TE.bindW('some', ({ plan, survey }) => place.sample(plan, { most: TO_START, seed, survey }, signal)),
    TE.bindW('known', ({ survey }) => TE.fromEither(followed(components, spreadOf(survey)))),
    TE.let('data', ({ plan, some }) => dataOfCells(plan, some.cells)),
    // The centre is found among observations that count, and nothing else follows from it but digits.
    TE.bindW('design', ({ known, data, some }) =>
      TE.fromEither(
        pipe(
          partsIn(known.components).designMatrix(data, some.weights && { rowWeights: some.weights }),
          E.chain(({ centre }) => partsIn(known.components).designMatrix(data, aboutCentre(centre))),
        ),
      ),
    ),
    TE.bindW('about', ({ known, design }) =>
      TE.fromEither(partsIn(known.components).plan(place.columns, design.centre)),
    ),
    TE.bindW('executor', () => wasm),
    TE.bindW('open', ({ about, survey }) => place.open(about, survey, signal)),
    TE.chainW(({ known, design, some, survey, open, plan, executor }) => {
      const { rows } = survey
      return pipe(
        loadedWithStart(executor, {
          parts: partsIn(known.components),
          design,
          rowWeights: some.weights,
          sizes: open.sizes,
          rows: rowsOfPlace(open, { rows, columns: design.rows.columns }, stops),
          told: { fingerprint: () => fingerprintOf(place, survey), reproducible: open.reproducible },
        }),
        TE.map(
          (found): LoadedTable => ({
            ...known,
            rows,
            loaded: found,
            ...(plan.form === 'vectors' && components.fromData && { names: place.columns }),
          }),
        ),
        TE.mapLeft((error: FitError) => {
          open.dispose()
          return error
        }),
      )
    }),
  )
