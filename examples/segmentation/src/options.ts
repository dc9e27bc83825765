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
import { MOST_COMPONENTS } from './labels.js'
import { linesOf } from './regions/lines.js'

export type Model = 'assignment' | 'regions'

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
  /** By the photo where it is not given: see `modelFor`. */
  readonly model: Model | undefined
  readonly smoothness: number | undefined
  /** The first column and row, the width and the height. */
  readonly box: readonly number[] | undefined
  /** The corners of a polygon, as they were written. */
  readonly lasso: string | undefined
  readonly foreground: string | undefined
  readonly background: string | undefined
}

/** The path of a picture of strokes, or the points that they go through. */
const strokes = (what: string): Option<string | undefined> => ({
  help: `points X,Y,X,Y,... of a stroke that is ${what}, or a picture that is white there`,
  placeholder: 'STROKE',
  expected: 'points of a stroke, or the path of a picture',
  read: text => (text === '' ? O.none : O.some(text)),
  fallback: undefined,
})

/** What is typed: what is said of nothing is not there. */
interface Given extends Omit<Settings, 'alpha' | 'kappa0' | 'nu0'> {
  readonly alpha: number | undefined
  readonly kappa0: number | undefined
  readonly nu0: number | undefined
}

/** An option of which it is known whether it was given. */
const optional = <A>(option: Option<A>): Option<A | undefined> => ({ ...option, fallback: undefined })

const OPTIONS: OptionsOf<Given> = {
  components: integer({
    help: 'number of components, K: of two, regions makes background and foreground',
    fallback: 2,
    least: 1,
    most: MOST_COMPONENTS,
  }),
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
  seed: integer({ help: 'seed of the starts that are drawn', fallback: 0, least: 0, most: 2 ** 32 - 1 }),
  alpha: optional(number({ help: 'concentration of the Dirichlet prior on the weights', fallback: 100, above: 0 })),
  kappa0: optional(number({ help: 'pixels that the prior mean (black) is worth', fallback: 1, above: 0 })),
  nu0: optional(number({ help: 'degrees of freedom of the prior on the covariances', fallback: 4, above: 2 })),
  restarts: integer({ help: 'starts, the best of which is kept', fallback: 1, least: 1 }),
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
  model: {
    ...optional(
      choice({
        help: 'assignment: clusters of colours; regions: pixels whose neighbours tend to be the same',
        fallback: 'regions',
        among: ['assignment', 'regions'],
      }),
    ),
    shownFallback: 'see below',
  },
  smoothness: {
    help: 'how much neighbouring pixels like to be the same',
    placeholder: 'X',
    expected: 'a number of at least 0',
    read: text =>
      /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? O.some(Number(text)) : O.none,
    fallback: undefined,
    shownFallback: '0.05',
  },
  box: {
    ...indices({ help: 'the foreground is within: first column, first row, width, height' }),
    placeholder: 'X,Y,W,H',
  },
  lasso: {
    help: 'the foreground is within the polygon of these corners',
    placeholder: 'X,Y,X,Y,...',
    expected: 'three corners or more of one polygon, as X,Y,X,Y,X,Y',
    read: text => {
      const lines = linesOf(text)
      return lines?.length === 1 && lines[0]!.length > 2 ? O.some(text) : O.none
    },
    fallback: undefined,
  },
  foreground: strokes('foreground for certain'),
  background: strokes('background for certain'),
}

export type SegmentCommand =
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Version' }
  | { readonly _tag: 'Run'; readonly settings: Settings; readonly photos: readonly string[] }

/** Options that one of the models alone knows. */
const OF_ONE = {
  assignment: ['alpha', 'kappa0', 'nu0', 'init-pixels'],
  regions: ['smoothness', 'box', 'lasso', 'foreground', 'background'],
} as const

/** The model of a photo: the one that is asked for, or else the assignment's for the photos of the course by name alone. */
export const modelFor = ({ model }: Settings, { isCourse }: { readonly isCourse: boolean }): Model =>
  model ?? (isCourse ? 'assignment' : 'regions')

/** The model that is asked for, by its name or by an option that it alone knows, and what that contradicts. */
const chosenModel = (
  given: Given,
): { readonly model: Model | undefined; readonly problems: readonly OptionProblem[] } => {
  const givenOf = (model: Model): readonly (keyof Given)[] => OF_ONE[model].filter(name => given[name] !== undefined)
  const model =
    given.model ??
    (givenOf('assignment').length > 0 ? 'assignment' : givenOf('regions').length > 0 ? 'regions' : undefined)
  if (model === undefined) return { model, problems: [] }
  const other: Model = model === 'assignment' ? 'regions' : 'assignment'
  const because = given.model === undefined ? `beside --${givenOf(model)[0]}` : `unless --model is ${other}`
  return { model, problems: givenOf(other).map(name => problem(given, name, `nothing ${because}`)) }
}

const problem = (given: Given, option: keyof Given, expected: string): OptionProblem => ({
  _tag: 'InvalidValue',
  option: `--${option}`,
  value: String(given[option]),
  expected,
})

const boxProblems = (given: Given): readonly OptionProblem[] => {
  const hints = (['box', 'lasso', 'foreground', 'background'] as const).filter(name => given[name] !== undefined)
  return [
    ...(given.box !== undefined && given.box.length !== 4
      ? [problem(given, 'box', 'four numbers: first column, first row, width, height')]
      : []),
    ...(given.components === 2
      ? []
      : hints.map(name => problem(given, name, `nothing beside --components ${given.components}`))),
  ]
}

const startProblems = (given: Given): readonly OptionProblem[] => {
  const { components, restarts, 'init-pixels': pixels } = given
  if (pixels === undefined) return []
  return [
    ...(pixels.length !== components
      ? [problem(given, 'init-pixels', `${components} pixels, as many as --components`)]
      : []),
    ...(restarts !== 1 ? [problem(given, 'restarts', '1 beside --init-pixels, which leaves nothing to draw')] : []),
  ]
}

const consistent = (given: Given): E.Either<OptionError, Settings> => {
  const { model, problems } = chosenModel(given)
  const all = [...problems, ...boxProblems(given), ...startProblems(given)]
  const { alpha = 100, kappa0 = 1, nu0 = 4 } = given
  return all.length > 0 ? E.left(wrongOptions(...all)) : E.right({ ...given, model, alpha, kappa0, nu0 })
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
    'Separates the foreground of photos from the background, by labels of which neighbours tend to be the same, or into more',
    'components; or segments them by colour alone, as the assignment of a public course does, with a Bayesian Gaussian mixture.',
    `A photo is the path of a file (${READABLE}), or one of fox, cow, owl, zebra: the photos of that`,
    'course, looked for in the folder CONJUGATE_IMAGES and in a cache, else downloaded. Without one, a photo',
    'that came with the installation is segmented.',
  ].join('\n'),
  options: { ...OPTIONS },
  notes: [
    'The model is regions, but for the photos of the course by their names, which have that of the assignment. An option that',
    'only one of the models knows chooses it: --alpha, --kappa0, --nu0 and --init-pixels are of the assignment, --smoothness,',
    '--box, --lasso, --foreground and --background of regions.',
    '',
    'Results, for each photo:',
    '  <name>_seg.png              the photo and each component, the other pixels transparent',
    '  <name>_log_probability.png  the log joint probability by iteration',
    '  <name>_labels.png           the component of each pixel, from 0, as palette index; of two, 1 is the foreground',
    '  <name>.json                 means, covariances, pixel counts, the trace, and what the objective consists of',
    'and of foreground and background:',
    '  <name>_cutout.png           the foreground, all else transparent; at the boundary as much as pixels are of it',
    '  <name>_mask.png             255 where the photo is foreground, else 0',
    '',
    'Parts of the foreground below a twentieth of the largest, and holes below a thousandth, take the other label, unless',
    '--smoothness is 0 or a stroke is in them.',
    '',
    'Without --box, --lasso, --foreground and --background it is guessed what the foreground is, and said how sure that is. A stroke',
    'may have more parts, with semicolons between them. The starts of foregrounds are computed from the photo, so that --seed',
    'and --restarts change nothing there; those of more components are one that is computed, and one more than --restarts.',
    '',
    'Transparent pixels have no colour: they are left out, and transparent in the results. Pixels that are partly',
    'transparent count as much as they are opaque. A file of 16 bits a channel is taken to use as many of 8, 10,',
    '12, 14 or 16 bits as its brightest pixel needs, unless --white is given. Regions are found in the colours that a',
    'profile in the file means, clusters in the numbers that it holds. Of an animation the first image is segmented.',
  ].join('\n'),
})
