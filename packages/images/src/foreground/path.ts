import { type EMError, type Iteration, iterations, type RunOptions, run, type Step, squarem } from '@conjugate/em'
import type { Acceleration, FitError, StepError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { coordinatesOf, emModelOf, type Found } from './em-model.js'
import type { Journal, PathEnd } from './journal.js'
import type { Learnt } from './learnt.js'
import type { Level } from './level.js'

/** One point of the path of a picture. */
export type Point = Iteration<Learnt, Found>

/** What a path is told besides where it starts. */
export interface PathOptions extends Pick<RunOptions<Learnt, Found>, 'signal' | 'onIteration' | 'tolerance'> {
  readonly acceleration: Acceleration
  /** The largest number of M-steps. */
  readonly iterations: number
  /** Has the ends of paths that have been followed before, and gets those of all others. */
  readonly journal: Journal | undefined
}

/** A path up to the first point, after the initial one, at which no label changes. */
async function* untilSettled(
  path: AsyncIterable<Step<Learnt, Found, StepError>>,
): AsyncGenerator<Step<Learnt, Found, StepError>, void> {
  for await (const step of path) {
    yield step
    if (E.isRight(step) && step.right.index > 0 && step.right.expectation.statistics.changed === 0) return
  }
}

/** What a path led to. */
export interface Reached {
  readonly last: Point
  readonly objectives: ReadonlyArray<number>
  readonly stoppedBy: string
}

type Steps = Omit<PathOptions, 'journal'>

const walk = (level: Level, start: Learnt, { acceleration, ...options }: Steps): TE.TaskEither<FitError, Reached> => {
  const model = emModelOf(level)
  const path = acceleration === 'squarem' ? squarem(coordinatesOf(level))(model)(start) : iterations(model)(start)
  return pipe(
    run<Learnt, Found>(options)(untilSettled(path)),
    TE.mapLeft((error: EMError<StepError>): FitError => error),
  )
}

/** The end of a path again, by the E-step there. Errors: its objective has other bits than it had. */
const recalled = (
  level: Level,
  { index, objectives, learnt }: PathEnd,
  where: string,
  steps: Steps,
): TE.TaskEither<FitError, Reached> =>
  pipe(
    walk(level, learnt, { acceleration: 'none', iterations: 0, ...(steps.signal && { signal: steps.signal }) }),
    TE.filterOrElse(
      ({ last }) => last.objective === objectives.at(-1),
      ({ last }): FitError => ({
        _tag: 'CheckpointRefused',
        where,
        what: 'objective',
        expected: String(last.objective),
        received: String(objectives.at(-1)),
      }),
    ),
    TE.map(reached => ({ ...reached, last: { ...reached.last, index }, objectives })),
  )

/**
 * Raises the objective of a picture from where it starts, until labels stay or the iterations are done; where the journal has that
 * path, it is not followed again.
 */
export const follow = (
  level: Level,
  start: Learnt,
  { journal, ...steps }: PathOptions,
): TE.TaskEither<FitError, Reached> => {
  if (journal === undefined) return walk(level, start, steps)
  const known = journal.next()
  if (known !== undefined) return recalled(level, known, journal.where, steps)
  return pipe(
    walk(level, start, steps),
    TE.chainFirstW(({ last, objectives }) =>
      journal.add({ index: last.index, objectives: [...objectives], learnt: last.parameters }),
    ),
  )
}
