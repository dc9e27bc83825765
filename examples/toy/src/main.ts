#!/usr/bin/env node
import { createRequire } from 'node:module'
import { FAILED, openOutputFolder, runProgram } from '@conjugate/command-line'
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

const main = pipe(
  TE.fromEither(readCommand({ words: process.argv.slice(2), environment: process.env })),
  TE.chainW(answer),
)

runProgram('toy', async ({ say, complain }) => {
  const done = await main()
  if (E.isRight(done)) say(done.right)
  else complain(describe(done.left))
  return E.isRight(done) ? 0 : FAILED
})
