import {
  type Command,
  folder,
  helpText,
  integer,
  type OptionError,
  type OptionsOf,
  type ParseInput,
  parse,
} from '@conjugate/command-line'
import type * as E from 'fp-ts/lib/Either.js'

export interface Settings {
  readonly rows: number
  readonly components: number
  readonly iterations: number
  readonly out: string
}

const OPTIONS: OptionsOf<Settings> = {
  rows: integer({ help: 'rows of the table, or trips', fallback: 1_000_000, least: 1000 }),
  components: integer({ help: 'components of the mixture of trips', fallback: 8, least: 1 }),
  iterations: integer({ help: 'iterations of EM; photos have those of segment', fallback: 20, least: 0 }),
  out: folder({ help: 'folder for the files', fallback: './large-output' }),
}

/** Reads the command line. */
export const readCommand = (input: ParseInput): E.Either<OptionError, Command<Settings>> => parse(OPTIONS)(input)

/** What `--help` prints. */
export const HELP: string = helpText({
  usage: 'pnpm large photos [photo ...] | table | trips [options]',
  summary: [
    'Fits mixtures to parquet files, which DuckDB reads and which need not fit into memory.',
    '  photos  the pixels of photos in one file, segmented with the trace of pnpm segment; fox, cow, owl and zebra',
    '          of the folder CONJUGATE_IMAGES, unless others are named',
    '  table   numbers, times and answers, of which a twentieth are missing, made for it',
    '  trips   the distance, time and fare of trips, made for it',
  ].join('\n'),
  options: { ...OPTIONS },
  notes:
    'The files that are made stay in the folder. Trips take 24 bytes each there, and 24 more while they are fitted.',
})
