import {
  backendOption,
  choice,
  folder,
  helpText,
  indices,
  integer,
  number,
  type Option,
  type OptionError,
  type OptionProblem,
  type OptionsOf,
  type ParseInput,
  parse,
  wrongOptions,
} from '@conjugate/command-line'
import type { BackendRequest } from '@conjugate/executors'
import type { Acceleration } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { READABLE } from './formats.js'

/** The label map stores a component in eight bits. */
const MOST_COMPONENTS = 256

export interface Settings {
  readonly components: number
  readonly iterations: number
  readonly tolerance: number | undefined
  readonly seed: number
  readonly alpha: number
  readonly kappa0: number
  readonly nu0: number
  readonly restarts: number
  readonly out: string
  readonly acceleration: Acceleration
  readonly backend: BackendRequest
  readonly white: number | undefined
  readonly 'init-pixels': readonly number[] | undefined
  readonly model: 'assignment' | 'regions'
  readonly smoothness: number | undefined
  /** The first column and row, the width and the height. */
  readonly box: readonly number[] | undefined
  readonly foreground: string | undefined
  readonly background: string | undefined
}

/** The path of a picture of strokes. */
const strokes = (what: string): Option<string | undefined> => ({
  help: `a picture of the same size, white where the photo is ${what}`,
  placeholder: 'FILE',
  expected: 'the path of a picture',
  read: text => (text === '' ? O.none : O.some(text)),
  fallback: undefined,
})

const OPTIONS: OptionsOf<Settings> = {
  components: integer({ help: 'number of colour clusters, K', fallback: 2, least: 1, most: MOST_COMPONENTS }),
  iterations: integer({ help: 'EM iterations, at the most', fallback: 100, least: 1 }),
  tolerance: {
    ...number({
      help: 'stops once an iteration gains no more than this share of the objective',
      fallback: 0,
      above: 0,
    }),
    fallback: undefined,
    shownFallback: 'off',
  },
  seed: integer({ help: 'seed of the random start', fallback: 0, least: 0, most: 2 ** 32 - 1 }),
  alpha: number({ help: 'concentration of the Dirichlet prior on the weights', fallback: 100, above: 0 }),
  kappa0: number({ help: 'pixels that the prior mean (black) is worth', fallback: 1, above: 0 }),
  nu0: number({ help: 'degrees of freedom of the prior on the covariances', fallback: 4, above: 2 }),
  restarts: integer({ help: 'random starts, the best of which is kept', fallback: 1, least: 1 }),
  out: folder({ help: 'folder for the results', fallback: './segmentation-output' }),
  acceleration: choice({
    help: 'none is plain EM; squarem takes fewer iterations',
    fallback: 'none',
    among: ['none', 'squarem'],
  }),
  backend: backendOption,
  white: {
    ...integer({ help: 'the number that is white in a file of 16 bits a channel', fallback: 0, least: 1, most: 65535 }),
    fallback: undefined,
    shownFallback: 'see below',
  },
  'init-pixels': indices({ help: 'start from the colours of these K pixels, counted row by row from 0' }),
  model: choice({
    help: 'assignment: clusters of colours; regions: foreground and background',
    fallback: 'assignment',
    among: ['assignment', 'regions'],
  }),
  smoothness: {
    help: 'how much neighbouring pixels like to be the same',
    placeholder: 'X',
    expected: 'a number of at least 0',
    read: text =>
      /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? O.some(Number(text)) : O.none,
    fallback: undefined,
    shownFallback: '0.04',
  },
  box: {
    ...indices({ help: 'the foreground is within: first column, first row, width, height' }),
    placeholder: 'X,Y,W,H',
  },
  foreground: strokes('foreground for certain'),
  background: strokes('background for certain'),
}

export type SegmentCommand =
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Version' }
  | { readonly _tag: 'Run'; readonly settings: Settings; readonly photos: readonly string[] }

/** Options that one model knows and the other does not, where they are given, and a box of other than four numbers. */
const misplaced = (settings: Settings): readonly OptionProblem[] => {
  const { model, box } = settings
  const problem = (option: keyof Settings, expected: string): OptionProblem => ({
    _tag: 'InvalidValue',
    option: `--${option}`,
    value: String(settings[option]),
    expected,
  })
  const others =
    model === 'assignment'
      ? (['smoothness', 'box', 'foreground', 'background'] as const).map(name => [name, undefined, 'regions'] as const)
      : ASSIGNMENT_ONLY.map(name => [name, OPTIONS[name].fallback, 'assignment'] as const)
  return [
    ...others.flatMap(([name, absent, known]) =>
      settings[name] === absent ? [] : [problem(name, `nothing, unless --model is ${known}`)],
    ),
    ...(model === 'regions' && box !== undefined && box.length !== 4
      ? [problem('box', 'four numbers: first column, first row, width, height')]
      : []),
  ]
}

const ASSIGNMENT_ONLY = [
  'components',
  'iterations',
  'tolerance',
  'seed',
  'alpha',
  'kappa0',
  'nu0',
  'restarts',
  'init-pixels',
] as const

const consistent = (settings: Settings): E.Either<OptionError, Settings> => {
  const { components, restarts, 'init-pixels': pixels } = settings
  const problems: OptionProblem[] = [...misplaced(settings)]
  if (pixels === undefined) return problems.length === 0 ? E.right(settings) : E.left(wrongOptions(...problems))
  if (pixels.length !== components) {
    const expected = `${components} pixels, as many as --components`
    problems.push({ _tag: 'InvalidValue', option: '--init-pixels', value: pixels.join(','), expected })
  }
  if (restarts !== 1) {
    const expected = '1 beside --init-pixels, which leaves nothing to draw'
    problems.push({ _tag: 'InvalidValue', option: '--restarts', value: String(restarts), expected })
  }
  return problems.length === 0 ? E.right(settings) : E.left(wrongOptions(...problems))
}

/** Reads the command line. */
export const readCommand = (input: ParseInput): E.Either<OptionError, SegmentCommand> =>
  pipe(
    parse(OPTIONS)(input),
    E.chain(
      (command): E.Either<OptionError, SegmentCommand> =>
        command._tag === 'Run'
          ? pipe(
              consistent(command.values),
              E.map(settings => ({ _tag: 'Run', settings, photos: command.operands })),
            )
          : E.right(command),
    ),
  )

/** What `--help` prints. */
export const HELP: string = helpText({
  usage: 'pnpm segment [photo ...] [options]',
  summary: [
    'Segments photos by colour with a Bayesian Gaussian mixture, fitted by EM to its posterior mode.',
    `A photo is the path of a file (${READABLE}), or one of fox, cow, owl, zebra: the photos of a public`,
    'course, looked for in the folder CONJUGATE_IMAGES and in a cache, else downloaded. Without one, a photo',
    'that came with the installation is segmented.',
  ].join('\n'),
  options: { ...OPTIONS },
  notes: [
    'Results, for each photo:',
    '  <name>_seg.png              the photo and each component, the other pixels transparent',
    '  <name>_log_probability.png  the log joint probability by iteration',
    '  <name>_labels.png           the component of each pixel, from 0, as palette index',
    '  <name>.json                 means, covariances, weights, pixel counts and the trace',
    'and with --model regions:',
    '  <name>_cutout.png           the foreground, all else transparent',
    '  <name>_mask.png             255 where the photo is foreground, else 0',
    '  <name>.json                 both mixtures, the parts of the objective, the hints, and how sure a guess is',
    '',
    'Without --box, --foreground and --background, regions guesses what the foreground is, and says how sure it is.',
    '',
    'Transparent pixels have no colour: they are left out, and transparent in the results. Pixels that are partly',
    'transparent count as much as they are opaque. A file of 16 bits a channel is taken to use as many of 8, 10,',
    '12, 14 or 16 bits as its brightest pixel needs, unless --white is given. Of an animation the first image is',
    'segmented.',
  ].join('\n'),
})
