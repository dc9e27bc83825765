import { checkArgument } from '@conjugate/em'
import type { Fields, Schema } from '@conjugate/em/schema'
import { optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../errors.js'
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

/** Data and options in rows. Errors: the data are none of the model's. */
export const heard = <C extends ComponentTypes, Options extends object>(
  { dialect }: Pick<Spoken, 'dialect'>,
  data: unknown,
  options: Options,
): E.Either<FitError, Heard<C, Options>> =>
  dialect === undefined
    ? E.right({ data: data as C['data'], options, shown: found => found, told: error => error })
    : pipe(
        dialect.read(data),
        E.map(({ data: rows, structure }) => {
          const { start, ...rest } = options as { readonly start?: unknown }
          return {
            data: rows as C['data'],
            options: {
              ...rest,
              ...structure,
              ...(start !== undefined && { start: startIn(dialect, start) }),
            } as unknown as Options,
            shown: <A extends object>(found: A) => dialect.shown(structure)(found as Found) as A,
            told: dialect.told(structure),
          }
        }),
      )
