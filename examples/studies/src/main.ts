#!/usr/bin/env node
import { createRequire } from 'node:module'
import {
  alignColumns,
  describeOptionError,
  describeOutputError,
  FAILED,
  type Files,
  helpText,
  type OptionError,
  type OutputError,
  openOutputFolder,
  parse,
  printable,
  runProgram,
  wrongOptions,
} from '@conjugate/command-line'
import { type FigureError, labelMapPng, labelRows, segmentationPanels, tracesPlot } from '@conjugate/figures'
import { describeFitError, type FitError, type GaussianMixtureFit } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { studyImagePrior } from './image-priors.js'
import { restartsNeeded, studyRestarts } from './restarts.js'
import { type Scene, scene } from './scene.js'

type StudyError =
  | FitError
  | FigureError
  | OptionError
  | OutputError
  | { readonly _tag: 'UnknownStudy'; readonly received: string }

interface Study {
  readonly text: string
  readonly files: Files
}

const panels = ({ width, height, rgb }: Scene, { assignments, weights }: GaussianMixtureFit) =>
  segmentationPanels({
    image: { width, height, channels: 3, data: rgb },
    labels: labelRows(assignments, { width, height, components: weights.length }),
    weights: Array.from(weights),
  })

const restarts: TE.TaskEither<StudyError, Study> = pipe(
  TE.Do,
  TE.let('picture', () => scene(0.05, 1)),
  TE.bindW('wide', ({ picture }) =>
    studyRestarts(picture.colours, { components: 2, starts: 20, iterations: 150, width: 1, seed: 0 }),
  ),
  TE.bindW('narrow', ({ picture }) =>
    studyRestarts(picture.colours, { components: 2, starts: 20, iterations: 150, width: 0.01, seed: 0 }),
  ),
  TE.bindW('figures', ({ picture, narrow }) => {
    const ends = narrow.fits.map(f => f.logProbs.at(-1)!)
    const [best, failed] = [ends.indexOf(Math.max(...ends)), ends.indexOf(Math.min(...ends))]
    return pipe(
      TE.Do,
      TE.bind('traces', () =>
        TE.fromEither(
          tracesPlot({
            title: 'Twenty starts with narrow covariances',
            traces: narrow.fits.map(f => f.logProbs.slice(2)),
          }),
        ),
      ),
      TE.bind('bestPanels', () => panels(picture, narrow.fits[best]!)),
      TE.bind('failedPanels', () => panels(picture, narrow.fits[failed]!)),
    )
  }),
  TE.map(({ wide, narrow, figures }) => ({
    files: {
      'restarts_traces.png': figures.traces,
      'restarts_best.png': figures.bestPanels,
      'restarts_failed.png': figures.failedPanels,
    },
    text: alignColumns(
      [
        ['starting covariance', 'best log probability', 'starts at it', 'worst below it by', 'restarts for 99 %'],
        ...[['1 I', wide] as const, ['0.01 I', narrow] as const].map(([name, { best, atBest, fits }]) => [
          name,
          best.toFixed(1),
          `${atBest} of ${fits.length}`,
          (best - Math.min(...fits.map(f => f.logProbs.at(-1)!))).toFixed(1),
          String(restartsNeeded(atBest / fits.length, 0.99)),
        ]),
      ],
      'right',
    ),
  })),
)

const NOISE = [0.08, 0.12, 0.15]
const COUPLINGS = [0, 0.5, 1, 2]

const imagePriors: TE.TaskEither<StudyError, Study> = pipe(
  NOISE,
  TE.traverseSeqArray(noise =>
    pipe(
      studyImagePrior(scene(noise, 1), COUPLINGS),
      TE.map(found => ({ noise, found })),
    ),
  ),
  TE.chainW(rows => {
    const shown = rows[2]!.found
    const { width, height, truth } = scene(0, 1)
    const map = (labels: ArrayLike<number>) => labelMapPng(labelRows(labels, { width, height, components: 4 }))
    return pipe(
      TE.Do,
      TE.bindW('truth', () => map(truth)),
      TE.bindW('without', () => map(shown[0]!.labels)),
      TE.bindW('coupled', () => map(shown[2]!.labels)),
      TE.map(maps => ({
        files: {
          'image_priors_truth.png': maps.truth,
          'image_priors_without.png': maps.without,
          'image_priors_with.png': maps.coupled,
        },
        text: alignColumns(
          [
            ['noise', 'coupling', 'pixels wrong', 'masts found', 'boundary / true'],
            ...rows.flatMap(({ noise, found }) =>
              found.map(f => [
                noise.toFixed(2),
                f.coupling.toFixed(1),
                `${(100 * f.errorRate).toFixed(1)} %`,
                `${(100 * f.mastsFound).toFixed(0)} %`,
                f.boundary.toFixed(1),
              ]),
            ),
          ],
          'right',
        ),
      })),
    )
  }),
)

const studies: Readonly<
  Record<string, { readonly files: readonly string[]; readonly study: TE.TaskEither<StudyError, Study> }>
> = {
  restarts: { files: ['restarts_traces.png', 'restarts_best.png', 'restarts_failed.png'], study: restarts },
  'image-priors': {
    files: ['image_priors_truth.png', 'image_priors_without.png', 'image_priors_with.png'],
    study: imagePriors,
  },
}

const names = Object.keys(studies)

const describe = (error: StudyError): string => {
  switch (error._tag) {
    case 'UnknownStudy':
      return `${error.received || 'no study'}: expected ${names.join(' or ')}, and perhaps a folder`
    case 'WrongOptions':
      return describeOptionError(error)
    case 'FolderUnusable':
    case 'WriteFailed':
      return describeOutputError(error)
    case 'FigureFailed':
      return `the ${error.figure} could not be drawn (${error.reason})`
    default:
      return describeFitError(error)
  }
}

const HELP = helpText({
  usage: 'pnpm study NAME [folder]',
  summary: [
    `Runs a study of segmentation, ${names.join(' or ')}, prints its table and draws its figures into a folder,`,
    './study-output by default.',
  ].join('\n'),
  options: {},
})

const version = (): string => (createRequire(import.meta.url)('../package.json') as { version: string }).version

const run = ([name = '', out = './study-output', ...more]: readonly string[]): TE.TaskEither<StudyError, string> => {
  const found = Object.hasOwn(studies, name) ? studies[name] : undefined
  if (found === undefined) return TE.left({ _tag: 'UnknownStudy', received: name })
  if (more[0] !== undefined) return TE.left(wrongOptions({ _tag: 'UnexpectedArgument', argument: more[0] }))
  return TE.bracketW(
    TE.fromIOEither(openOutputFolder(out)),
    folder =>
      pipe(
        TE.fromIOEither(folder.check(found.files)),
        TE.chainW(() => found.study),
        TE.chainW(({ text, files }) =>
          pipe(
            TE.fromIOEither(folder.write(files)),
            TE.map(written => `${text}\n\n${written.map(printable).join('\n')}\n`),
          ),
        ),
      ),
    folder => TE.fromIO(folder.close),
  )
}

const main: TE.TaskEither<StudyError, string> = pipe(
  TE.fromEither(parse({})({ words: process.argv.slice(2), environment: process.env })),
  TE.chainW((command): TE.TaskEither<StudyError, string> => {
    switch (command._tag) {
      case 'Help':
        return TE.right(HELP)
      case 'Version':
        return TE.right(`${version()}\n`)
      case 'Run':
        return run(command.operands)
    }
  }),
)

runProgram('study', async ({ say, complain }) => {
  const done = await main()
  if (E.isRight(done)) say(done.right)
  else complain(describe(done.left))
  return E.isRight(done) ? 0 : FAILED
})
