import type { RowSource, SqlError } from '@conjugate/sql'
import { fromOf } from '@conjugate/sql/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type ConnectionOptions, type Statements, statementsOn } from './client/connection.js'
import type { SparkError } from './client/errors.js'
import type { GrpcClient } from './client/grpc.js'
import type { Column } from './protocol/arrow.js'
import { workerFile } from './worker.js'

/** What tables are made of. */
export const inside: unique symbol = Symbol('@conjugate/spark')

/** How statements are sent, and what is known of the cluster. */
export interface SparkConnectionOptions extends ConnectionOptions {
  /** Major and minor version of the Python of its workers; they are asked where it is not said, or another one. */
  readonly pythonVersion?: string
}

/** A cluster, whose sessions are opened as they are needed. */
export interface SparkConnection {
  readonly [inside]: { readonly statements: Statements; readonly pythonVersion: string | undefined }
  /**
   * Brings the columns of rows here, such as those of results: numbers, of which NaN is one that is missing, or texts, or bytes. Errors:
   * what is no source; those of {@link SparkError}.
   */
  readonly read: (
    source: RowSource,
    options?: { readonly signal?: AbortSignal },
  ) => TaskEither<SparkError | SqlError, ReadonlyArray<Column>>
  /** Interrupts what runs on the cluster, and ends the session. Every later statement is an error. The client stays its owner's. */
  readonly dispose: () => Promise<void>
}

/**
 * Statements on a cluster by Spark Connect. The client of gRPC says where it is and who asks. A stream that breaks is taken up again; a
 * session that is lost is opened anew and what only reads is sent again; what is stopped is interrupted on the server.
 */
export const sparkConnection = (client: GrpcClient, options: SparkConnectionOptions = {}): SparkConnection => {
  const statements = statementsOn(client, options, [workerFile])
  return {
    [inside]: { statements, pythonVersion: options.pythonVersion },
    read:
      (source, { signal } = {}) =>
      async () => {
        const from = fromOf(source, 'spark')
        if (E.isLeft(from)) return from
        return statements.run({ _tag: 'Query', query: `SELECT * FROM ${from.right}` }, signal)
      },
    dispose: statements.dispose,
  }
}
