#!/usr/bin/env node
import { answer, runCommand, writeResults } from '@conjugate/command-line'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, type ToyError } from './errors.js'
import { runExperiment } from './experiment.js'
import { FILES, figures } from './figures.js'
import { HELP, readCommand, type Settings } from './options.js'
import { report } from './report.js'

const runToy = (settings: Settings): TE.TaskEither<ToyError, string> =>
  pipe(
    writeResults(
      settings.out,
      Object.values(FILES),
      pipe(
        runExperiment(settings),
        TE.bindTo('found'),
        TE.bindW('files', ({ found }) => figures(found)),
      ),
    ),
    TE.map(({ found, written }) => report(found, written)),
  )

runCommand({
  name: 'toy',
  help: HELP,
  module: import.meta.url,
  read: readCommand,
  wrongUse: 1,
  run: ({ values }, terminal) => answer(runToy(values), describe, terminal),
})
