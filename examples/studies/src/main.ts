#!/usr/bin/env node
import {
  answer,
  describeOptionError,
  describeOutputError,
  helpText,
  parse,
  printable,
  runCommand,
  withOperands,
  writeResults,
} from '@conjugate/command-line'
import { describeFigureError } from '@conjugate/figures'
import { describeFitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { imagePriors } from './image-priors-study.js'
import { restarts } from './restarts-study.js'
import type { Study, StudyError } from './study.js'

const studies: Readonly<Record<string, Study>> = { restarts, 'image-priors': imagePriors }

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
      return describeFigureError(error)
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

const run = ([name = '', out = './study-output']: readonly string[]): TE.TaskEither<StudyError, string> => {
  const study = Object.hasOwn(studies, name) ? studies[name] : undefined
  if (study === undefined) return TE.left({ _tag: 'UnknownStudy', received: name })
  return pipe(
    writeResults(out, study.files, study.run),
    TE.map(({ found, written }) => `${found}\n\n${written.map(printable).join('\n')}\n`),
  )
}

runCommand({
  name: 'study',
  help: HELP,
  module: import.meta.url,
  read: input => pipe(parse({})(input), E.chain(withOperands(2))),
  wrongUse: 1,
  run: ({ operands }, terminal) => answer(run(operands), describe, terminal),
})
