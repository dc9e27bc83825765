import {
  backendOption,
  type Command,
  folder,
  helpText,
  integer,
  type OptionError,
  type OptionsOf,
  type ParseInput,
  parse,
  withOperands,
} from '@conjugate/command-line'
import type { BackendRequest } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

export interface Settings {
  readonly seed: number
  readonly restarts: number
  readonly out: string
  readonly backend: BackendRequest
}

const OPTIONS: OptionsOf<Settings> = {
  seed: integer({ help: 'seed of the points and of the start', fallback: 0, least: 0, most: 2 ** 32 - 1 }),
  // From about one start in eight EM ends where a single component has all points.
  restarts: integer({ help: 'random starts, the best of which is kept', fallback: 5, least: 1 }),
  out: folder({ help: 'folder for the figures', fallback: './toy-output' }),
  backend: backendOption,
}

/** Reads the command line. */
export const readCommand = (input: ParseInput): E.Either<OptionError, Command<Settings>> =>
  pipe(parse(OPTIONS)(input), E.chain(withOperands(0)))

/** What `--help` prints. */
export const HELP: string = helpText({
  usage: 'pnpm toy [options]',
  summary: [
    'Draws points from two Gaussian clusters in the plane, fits a Bayesian Gaussian mixture to them by EM, and',
    'shows what it found beside the truth.',
  ].join('\n'),
  options: { ...OPTIONS },
  notes: [
    'Results:',
    '  toy_scatter.png          the points with the fitted and the true ellipses',
    '  toy_log_probability.png  the log joint probability by iteration',
  ].join('\n'),
})
