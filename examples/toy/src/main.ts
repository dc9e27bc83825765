#!/usr/bin/env node
import { createRequire } from 'node:module'
import { openOutputFolder, reasonOf } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, type ToyError } from './errors.js'
import { runExperiment } from './experiment.js'
import { FILES, figures } from './figures.js'
import { HELP, readCommand, type Settings, type ToyCommand } from './options.js'
import { report } from './report.js'

const version = (): string => (createRequire(import.meta.url)('../package.json') as { version: string }).version

const runToy = (settings: Settings): TE.TaskEither<ToyError, string> =>
  TE.bracketW(
    TE.fromIOEither(openOutputFolder(settings.out)),
    folder =>
      pipe(
        TE.fromIOEither(folder.check(Object.values(FILES))),
        TE.chainW(() => runExperiment(settings)),
        TE.bindTo('experiment'),
        TE.bindW('files', ({ experiment }) => TE.fromEither(figures(experiment))),
        TE.bindW('written', ({ files }) => TE.fromIOEither(folder.write(files))),
        TE.map(({ experiment, written }) => report(experiment, written)),
      ),
    folder => TE.fromIO(folder.close),
  )

const answer = (command: ToyCommand): TE.TaskEither<ToyError, string> => {
  switch (command._tag) {
    case 'Help':
      return TE.right(HELP)
    case 'Version':
      return TE.right(`${version()}\n`)
    case 'Run':
      return runToy(command.settings)
  }
}

const complain = (line: string): void => {
  process.stderr.write(`toy: ${line}\n`)
  process.exitCode = 1
}

const main = pipe(
  TE.fromEither(readCommand({ words: process.argv.slice(2), environment: process.env })),
  TE.chainW(answer),
)

main().then(
  E.match(
    error => complain(describe(error)),
    text => {
      process.stdout.write(text)
    },
  ),
  // Nothing is expected here; should it happen all the same, a person still gets one line.
  (cause: unknown) => complain(`unexpected failure: ${reasonOf(cause)}`),
)
