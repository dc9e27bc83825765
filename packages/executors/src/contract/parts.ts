import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Densities, ExecutorError, LoadedRows } from './executor.js'

/** Some of the rows, which are loaded by themselves. */
export interface RowsPart {
  /** Their numbers among all rows. */
  readonly indices: Int32Array
  readonly rows: LoadedRows
}

/** Some of the numbers of rows. */
export const picked = (values: Vector, indices: Int32Array): Float64Array => Float64Array.from(indices, n => values[n]!)

/** Asks every part, one after the other. */
export const ofEachPart =
  <P extends RowsPart, A>(parts: ReadonlyArray<P>, ask: (part: P) => TE.TaskEither<ExecutorError, A>) =>
  async (): Promise<E.Either<ExecutorError, ReadonlyArray<A>>> => {
    const all: A[] = []
    for (const part of parts) {
      const found = await ask(part)()
      if (E.isLeft(found)) return found
      all.push(found.right)
    }
    return E.right(all)
  }

/** What is said of each row by itself: every row from its own part, at the densities that this part has. */
export const saidByParts = <P extends RowsPart>(
  parts: ReadonlyArray<P>,
  densitiesOf: (densities: Densities) => (part: P) => E.Either<ExecutorError, Densities>,
): Pick<LoadedRows, 'responsibilities' | 'logDensities' | 'prediction' | 'assignments' | 'logProb' | 'dispose'> => {
  const rows = parts.reduce((sum, { indices }) => sum + indices.length, 0)
  const inOrder = <B extends { [n: number]: number }>(
    all: B,
    found: ReadonlyArray<ArrayLike<number>>,
    width = 1,
  ): B => {
    for (const [p, { indices }] of parts.entries()) {
      const values = found[p]!
      for (let i = 0; i < indices.length; i++)
        for (let j = 0; j < width; j++) all[indices[i]! * width + j] = values[i * width + j]!
    }
    return all
  }
  const matrixInOrder = (columns: number, found: ReadonlyArray<Matrix>): Matrix => ({
    rows,
    columns,
    data: inOrder(
      new Float64Array(rows * columns),
      found.map(({ data }) => data),
      columns,
    ),
  })
  const asked = <A>(
    densities: Densities,
    ask: (loaded: LoadedRows, densities: Densities) => TE.TaskEither<ExecutorError, A>,
  ): TE.TaskEither<ExecutorError, ReadonlyArray<A>> => {
    const ofPart = densitiesOf(densities)
    return ofEachPart(parts, part =>
      pipe(
        TE.fromEither(ofPart(part)),
        TE.chain(own => ask(part.rows, own)),
      ),
    )
  }
  return {
    responsibilities: densities =>
      pipe(
        asked(densities, (loaded, own) => loaded.responsibilities(own)),
        TE.map(found => matrixInOrder(densities.components, found)),
      ),
    logDensities: densities =>
      pipe(
        asked(densities, (loaded, own) => loaded.logDensities(own)),
        TE.map(found => matrixInOrder(densities.components, found)),
      ),
    prediction: densities =>
      pipe(
        asked(densities, (loaded, own) => loaded.prediction(own)),
        TE.map(found => ({
          assignments: inOrder(
            new Int32Array(rows),
            found.map(({ assignments }) => assignments),
          ),
          responsibilities: matrixInOrder(
            densities.components,
            found.map(({ responsibilities }) => responsibilities),
          ),
          logProb: inOrder(
            new Float64Array(rows),
            found.map(({ logProb }) => logProb),
          ),
        })),
      ),
    assignments: densities =>
      pipe(
        asked(densities, (loaded, own) => loaded.assignments(own)),
        TE.map(found => inOrder(new Int32Array(rows), found)),
      ),
    logProb: densities =>
      pipe(
        asked(densities, (loaded, own) => loaded.logProb(own)),
        TE.map(found => inOrder(new Float64Array(rows), found)),
      ),
    dispose: () => {
      for (const part of parts) part.rows.dispose()
    },
  }
}
