import { type CheckpointError, checkpointIn, type RestartsState, toText } from '@conjugate/em'
import { allOf } from '@conjugate/em/schema'
import { isList, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { holds, restartsOf } from '../checks/fitted.js'
import type { FitError } from '../errors.js'
import type { LabelModel, LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes } from './component-model.js'
import type { OpenModel } from './em-model.js'
import type { ModelFitOptions } from './fit-options.js'
import type { CarriedParameters, Model } from './model.js'

/** The options that say what rows are to each other, in an order that does not depend on how they were given. */
const structureOf = ({ structure }: Pick<LabelModel<LabelTypes>, 'structure'>, options: object): unknown => {
  const given = new Map(Object.entries(options))
  return Object.keys(structure)
    .filter(name => name !== 'rowWeights')
    .map(name => {
      const value: unknown = given.get(name)
      return [name, isList(value) ? Array.from(value) : (value ?? null)]
    })
}

/** What a checkpoint is of: the model, the options that decide on the path, and every bit of the data that count. */
const fingerprintOf = <C extends ComponentTypes, L extends LabelTypes>(
  { components, labels }: Pick<Model<C, L>, 'components' | 'labels'>,
  { loaded, evidence, rowWeights }: OpenModel<C, L>,
  backend: string,
  options: ModelFitOptions<C, L> & L['structure'],
): ReadonlyArray<string | ArrayBufferView> => {
  const { seed = 0, start = null, acceleration = 'none', fixed = null, groupRows = true } = options
  const none: Vector = new Float64Array(0)
  return [
    toText({
      components: [components.name, components.definition],
      labels: [labels.name, labels.definition],
      structure: structureOf(labels, options),
      seed,
      start,
      acceleration,
      fixed,
      groupRows,
      backend,
      rows: loaded.rows,
    }),
    ...loaded.fingerprint(),
    Float64Array.from(rowWeights ?? none),
    Float64Array.from(evidence ?? none),
  ]
}

/** How far all restarts have come, and how to keep that. */
export interface OpenCheckpoint<C extends ComponentTypes, L extends LabelTypes> {
  readonly state: RestartsState<CarriedParameters<C, L>, FitError>
  readonly save: (state: RestartsState<CarriedParameters<C, L>, FitError>) => TE.TaskEither<CheckpointError, void>
}

/** The state in a checkpoint, if there is one, and how to write the next. Errors: one that is damaged, or of another fit. */
export const checkpointOf = <C extends ComponentTypes, L extends LabelTypes>(
  model: Pick<Model<C, L>, 'components' | 'labels'>,
  open: OpenModel<C, L>,
  backend: string,
  options: ModelFitOptions<C, L> & L['structure'],
): TE.TaskEither<FitError, OpenCheckpoint<C, L>> => {
  if (options.checkpoint === undefined) return TE.right({ state: [], save: () => TE.right(undefined) })
  const { storage } = options.checkpoint
  const schema = restartsOf(
    allOf(
      holds(given => open.bound.check(given)),
      holds(given => model.components.check((given as CarriedParameters<C, L> | undefined)?.components)),
    ),
  )
  return pipe(
    E.tryCatch(
      () => fingerprintOf(model, open, backend, options),
      (error): CheckpointError => ({ _tag: 'CheckpointUnwritable', where: storage.name, reason: String(error) }),
    ),
    TE.fromEither,
    TE.map(fingerprint => checkpointIn<RestartsState<CarriedParameters<C, L>, FitError>>(storage, fingerprint, schema)),
    TE.chain(({ read, write }) =>
      pipe(
        read,
        TE.map(state => ({ state: O.getOrElse((): OpenCheckpoint<C, L>['state'] => [])(state), save: write })),
      ),
    ),
  )
}
