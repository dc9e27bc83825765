import { checkArgument } from '@conjugate/em'
import type { Fields, Schema } from '@conjugate/em/schema'
import { optional } from '@conjugate/em/schema'
import { describeValue, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../errors.js'
import { isSparse } from '../observations/data.js'
import { byName, rowsOfColumns } from '../observations/named.js'
import { isInColumns } from '../observations/stacked.js'
import type { ComponentTypes } from './component-model.js'
import type { Dialect } from './model.js'
import { isTagged, startOrParameters, startSchema } from './start.js'

type Found = Readonly<Record<string, unknown>>

/** What is said to a model, in rows, and how to answer. */
export interface Heard<C extends ComponentTypes, Options> {
  readonly data: C['data']
  readonly options: Options
  readonly shown: <A extends object>(found: A) => A
  readonly told: (error: FitError) => FitError
}

/** What is looked at to know how a model is spoken to. */
export interface Spoken {
  readonly dialect?: Dialect | undefined
  readonly labels: { readonly structure: Fields }
}

/** What options may say of rows. */
export const structureFields = ({ dialect, labels }: Spoken): Fields => (dialect === undefined ? labels.structure : {})

/** What a start has to be. */
export const startField = ({ dialect }: Pick<Spoken, 'dialect'>): Schema =>
  optional(dialect ? startSchema(dialect.parameters) : startOrParameters)

/** What options may say of rows and of the start. */
export const spokenFields = (model: Spoken): Fields => ({ ...structureFields(model), start: startField(model) })

/** A start, or parameters, in the words of the model. */
export const startIn = (dialect: Dialect | undefined, start: unknown): unknown => {
  if (dialect === undefined || start === undefined) return start
  if (!isTagged(start)) return dialect.toModel(start as Found)
  const { parameters, ...tagged } = start as { readonly parameters?: Found }
  return parameters === undefined ? tagged : { ...tagged, parameters: dialect.toModel(parameters) }
}

/** Parameters in the words of the model. Errors: they are none of its. */
export const parametersIn = <P>(dialect: Dialect | undefined, parameters: unknown): E.Either<FitError, P> =>
  dialect === undefined
    ? E.right(parameters as P)
    : pipe(
        checkArgument('parameters', dialect.parameters)(parameters),
        E.map(checked => dialect.toModel(checked as Found) as P),
      )

/** Whether components take rows of numbers, which may be given as columns by their names. */
const takesColumns = (components: unknown): boolean =>
  (components as { readonly parts?: { readonly isTable: boolean } } | undefined)?.parts?.isTable === false

const mayLackCells = (components: unknown): boolean =>
  (components as { readonly incomplete?: true } | undefined)?.incomplete === true

/** Components of rows as columns may be given to them. Errors: those of the columns. */
export const inRows = (
  components: unknown,
  data: unknown,
  known: Found | undefined,
  gaps: boolean,
): E.Either<FitError, { readonly data: unknown; readonly names?: ReadonlyArray<string> }> => {
  if (!isInColumns(data) || isSparse(data) || !takesColumns(components)) return E.right({ data })
  const names = known?.['columns'] as ReadonlyArray<string> | undefined
  if (known && names === undefined)
    return unreadable({
      expected: 'rows: the fit is of rows, whose columns have no names',
      received: describeValue(data),
    })
  return pipe(
    rowsOfColumns(data, names, gaps || mayLackCells(components)),
    E.map(found => ({ data: found.rows, names: found.names })),
  )
}

/**
 * Data and options in rows; `known` is a fit that tells the names of columns. Errors: the data are none of the model's.
 */
export const heard = <C extends ComponentTypes, Options extends object>(
  { dialect, components }: Pick<Spoken, 'dialect'> & { readonly components?: unknown },
  data: unknown,
  options: Options,
  known?: Found,
): E.Either<FitError, Heard<C, Options>> =>
  pipe(
    dialect === undefined ? E.right({ data, structure: {} }) : dialect.read(data),
    E.bindTo('read'),
    E.bind('found', ({ read }) => inRows(components, read.data, known, dialect !== undefined)),
    E.map(({ read: { structure }, found: { data: rows, names } }) => {
      const { start, ...rest } = options as { readonly start?: unknown }
      return {
        data: rows as C['data'],
        options: (dialect === undefined
          ? options
          : {
              ...rest,
              ...structure,
              ...(start !== undefined && { start: startIn(dialect, start) }),
            }) as unknown as Options,
        shown: <A extends object>(found: A) => {
          const own = dialect === undefined ? found : dialect.shown(structure)(found as Found)
          return (names && !known ? { ...own, columns: names } : own) as A
        },
        told: (error: FitError) => {
          const named = names ? byName(names)(error) : error
          return dialect === undefined ? named : dialect.told(structure)(named)
        },
      }
    }),
  )
