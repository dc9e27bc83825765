import { type CheckpointError, type CheckpointOptions, checkpointIn, toText } from '@conjugate/em'
import type { Schema } from '@conjugate/em/schema'
import type { BackendName } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { restartsOf } from '../checks/fitted.js'
import type { FitError } from '../errors.js'
import type { Labels } from './labels.js'
import type { Encoded, MixtureParameters } from './mixture.js'
import { countedRows, rowsAt } from './parts.js'
import type { RestartsState } from './restarts.js'

/** The options that decide on the bits of the path. */
interface Deciding {
  readonly seed?: number
  readonly start?: unknown
  readonly acceleration?: string
  readonly fixed?: unknown
  readonly groupRows?: boolean
  readonly labels?: Labels
  readonly rowWeights?: Vector | undefined
}

/** Rows of weight 0 may hold anything. */
const countedData = (rows: Matrix, rowWeights: Vector | undefined): Vector => {
  const counted = countedRows(rowWeights)
  return counted ? rowsAt(rows, counted).data : rows.data
}

/** What a checkpoint is of: the mixture, the options that decide on the path, and every bit of the data that count. */
const fingerprintOf = (
  { name, definition }: { readonly name: string; readonly definition: unknown },
  { rows }: Pick<Encoded<never, never>, 'rows'>,
  { seed = 0, start = null, acceleration = 'none', fixed = null, groupRows = true, labels, rowWeights }: Deciding,
  backend: BackendName,
): ReadonlyArray<string | ArrayBufferView> => [
  toText({ name, definition, seed, start, acceleration, fixed, groupRows, backend }),
  toText([rows.rows, rows.columns]),
  Float64Array.from(countedData(rows, rowWeights)),
  Float64Array.from(rowWeights ?? []),
  Int32Array.from(labels ?? []),
]

export interface OpenCheckpoint<P, W> {
  readonly state: RestartsState<MixtureParameters<P, W>>
  readonly save: (state: RestartsState<MixtureParameters<P, W>>) => TE.TaskEither<CheckpointError, void>
}

/** The state in a checkpoint, if there is one, and how to write the next. Errors: one that is damaged, or of another fit. */
export const checkpointOf = <P, W>(
  options: CheckpointOptions | undefined,
  mixture: { readonly name: string; readonly definition: unknown },
  encoded: Pick<Encoded<never, never>, 'rows'>,
  deciding: Deciding,
  backend: BackendName,
  parameters: Schema,
): TE.TaskEither<FitError, OpenCheckpoint<P, W>> => {
  if (options === undefined) return TE.right({ state: [], save: () => TE.right(undefined) })
  const { storage } = options
  return pipe(
    E.tryCatch(
      () => fingerprintOf(mixture, encoded, deciding, backend),
      (error): CheckpointError => ({ _tag: 'CheckpointUnwritable', where: storage.name, reason: String(error) }),
    ),
    TE.fromEither,
    TE.map(fingerprint =>
      checkpointIn<RestartsState<MixtureParameters<P, W>>>(storage, fingerprint, restartsOf(parameters)),
    ),
    TE.chain(({ read, write }) =>
      pipe(
        read,
        TE.map(state => ({
          state: O.getOrElse(() => [] as RestartsState<MixtureParameters<P, W>>)(state),
          save: write,
        })),
      ),
    ),
  )
}
