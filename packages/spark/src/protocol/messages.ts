// The messages of Spark Connect that are sent and read here, by the numbers of their fields.
// Source: base.proto, relations.proto, commands.proto and expressions.proto of Apache Spark 4, package spark.connect.

import { bytes, bytesIn, fieldsOf, joined, message, text, textIn, whole } from './wire.js'

/** Whose session it is. */
export interface Context {
  readonly session: string
  readonly user: string
}

const CLIENT = 'conjugate'

/** Where a service's methods are. */
export const methodOf = (name: string): string => `/spark.connect.SparkConnectService/${name}`

/** A function of Python over all rows of a partition, which comes in record batches. */
export interface MapInArrow {
  readonly query: string
  /** A pickle of the function and of what it gives. */
  readonly command: Uint8Array
  /** Major and minor version of the workers' Python. */
  readonly pythonVersion: string
  /** Names of the columns that it gives, all of bytes. */
  readonly columns: ReadonlyArray<string>
}

/** What Spark is asked to do. */
export type Plan =
  | { readonly _tag: 'Query'; readonly query: string }
  /** A statement that changes something, which is done before its result is asked for. */
  | { readonly _tag: 'Command'; readonly query: string }
  /** The rows of a query as a folder of parquet files that is not there yet. */
  | { readonly _tag: 'Write'; readonly query: string; readonly path: string }
  | { readonly _tag: 'MapInArrow'; readonly map: MapInArrow }

/** Whether it changes something, so that it may not be done twice. */
export const isChange = ({ _tag }: Plan): boolean => _tag === 'Command' || _tag === 'Write'

/** PythonEvalType.SQL_MAP_ARROW_ITER_UDF */
const MAP_IN_ARROW = 207

/** SAVE_MODE_ERROR_IF_EXISTS */
const ERROR_IF_EXISTS = 3

const COMMON = message(1)

const sqlRelation = (query: string): Uint8Array => joined([COMMON, message(10, text(1, query))])

/** Bytes, as a type of data. */
const BINARY = message(2)

const mapRelation = ({ query, command, pythonVersion, columns }: MapInArrow): Uint8Array => {
  const fields = columns.map(name => message(1, text(1, name), bytes(2, BINARY), whole(3, 1)))
  const udf = message(
    4,
    message(1, message(21, ...fields)),
    whole(2, MAP_IN_ARROW),
    bytes(3, command),
    text(4, pythonVersion),
  )
  return joined([COMMON, message(28, bytes(1, sqlRelation(query)), message(2, text(1, 'conjugate'), whole(2, 1), udf))])
}

const planOf = (plan: Plan): Uint8Array => {
  switch (plan._tag) {
    case 'Query':
      return bytes(1, sqlRelation(plan.query))
    case 'Command':
      return message(2, message(5, bytes(6, sqlRelation(plan.query))))
    case 'Write':
      return message(
        2,
        message(
          2,
          bytes(1, sqlRelation(plan.query)),
          text(2, 'parquet'),
          text(3, plan.path),
          whole(5, ERROR_IF_EXISTS),
        ),
      )
    case 'MapInArrow':
      return bytes(1, mapRelation(plan.map))
  }
}

const begun = ({ session, user }: Context): Uint8Array => joined([text(1, session), message(2, text(1, user))])

export const executeRequest = (context: Context, operation: string, plan: Plan): Uint8Array =>
  joined([
    begun(context),
    bytes(3, planOf(plan)),
    text(4, CLIENT),
    // Reattachable: the server keeps what the stream would have brought.
    message(5, message(1, whole(1, 1))),
    text(6, operation),
  ])

export const reattachRequest = (context: Context, operation: string, last: string | undefined): Uint8Array =>
  joined([begun(context), text(3, operation), text(4, CLIENT), ...(last === undefined ? [] : [text(5, last)])])

/** All of an operation may be forgotten. */
export const releaseRequest = (context: Context, operation: string): Uint8Array =>
  joined([begun(context), text(3, operation), text(4, CLIENT), message(5)])

const INTERRUPT_OPERATION = 3

export const interruptRequest = (context: Context, operation: string): Uint8Array =>
  joined([begun(context), text(3, CLIENT), whole(4, INTERRUPT_OPERATION), text(6, operation)])

export const releaseSessionRequest = (context: Context): Uint8Array => joined([begun(context), text(3, CLIENT)])

/** A file of a session, with its check sum. */
export const artifactRequest = (context: Context, name: string, data: Uint8Array, crc: number): Uint8Array =>
  joined([
    begun(context),
    message(3, message(1, text(1, name), message(2, bytes(1, data), whole(2, crc)))),
    text(6, CLIENT),
  ])

/** What a stream of results brings at a time. */
export interface Result {
  readonly id: string | undefined
  /** A batch of Arrow, where it brings one. */
  readonly batch: Uint8Array | undefined
  /** Nothing comes behind it. */
  readonly isLast: boolean
  /** Whether it tells that a stage of a job has been submitted and is not done. */
  readonly hasStage: boolean
}

const [PROGRESS, STAGES, DONE] = [18, 1, 5]

/** Source: message ExecutionProgress. A stage that is done says so by a number. */
const hasStageIn = (progress: Uint8Array): boolean =>
  (fieldsOf(progress).get(STAGES) ?? []).some(
    stage => stage instanceof Uint8Array && !fieldsOf(stage).get(DONE)?.at(-1),
  )

export const readResult = (source: Uint8Array): Result => {
  const fields = fieldsOf(source)
  const [batch, progress] = [bytesIn(fields, 2), bytesIn(fields, PROGRESS)]
  return {
    id: textIn(fields, 13),
    batch: batch && bytesIn(fieldsOf(batch), 2),
    isLast: fields.has(14),
    hasStage: progress !== undefined && hasStageIn(progress),
  }
}

/** How many operations an interrupt reached. */
export const readInterrupted = (source: Uint8Array): number => fieldsOf(source).get(2)?.length ?? 0

/** Whether all files came as they were sent. */
export const readArtifacts = (source: Uint8Array): boolean =>
  (fieldsOf(source).get(1) ?? []).every(
    summary => summary instanceof Uint8Array && fieldsOf(summary).get(2)?.at(-1) === 1,
  )
