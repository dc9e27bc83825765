#!/usr/bin/env node
import { createRequire } from 'node:module'
import { type OutputFolder, openOutputFolder, reasonOf } from '@conjugate/command-line'
import { selectExecutor } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { describe, type SegmentError } from './errors.js'
import { HELP, readCommand, type SegmentCommand, type Settings } from './options.js'
import { defaultSources } from './photos.js'
import { type Progress, startProgress } from './progress.js'
import { report } from './report.js'
import { type Job, plan, segmentPhoto } from './run.js'
import { segment } from './segment.js'

const FAILED = 1
const WRONG_USE = 2

const version = (): string => (createRequire(import.meta.url)('../package.json') as { version: string }).version

const complain = (line: string): void => {
  process.stderr.write(`segment: ${line}\n`)
}

const refuse = (error: SegmentError, code: number): number => {
  complain(describe(error))
  return code
}

/** On Ctrl-C and its like: a tidy screen, no folder that was made for nothing, the exit code a shell expects. */
const onInterrupt = (tidy: () => void): void => {
  const codes = { SIGINT: 130, SIGTERM: 143 } as const
  for (const [signal, code] of Object.entries(codes)) {
    process.once(signal, () => {
      tidy()
      process.exit(code)
    })
  }
}

const segmentAll = async (jobs: readonly Job[], settings: Settings, folder: OutputFolder): Promise<number> => {
  const iterations = settings.iterations * settings.restarts
  let progress: Progress | undefined
  onInterrupt(() => {
    progress?.stop()
    folder.close()
  })
  let code = 0
  for (const job of jobs) {
    const bar = startProgress(job.name, iterations, process.stderr)
    progress = bar
    const done = await segmentPhoto(job, settings, { segmenter: segment, folder, onProgress: bar.update })()
    bar.stop()
    if (E.isLeft(done)) {
      complain(`${job.photo}: ${describe(done.left)}`)
      code = FAILED
    } else {
      process.stdout.write(`${report(done.right.result, done.right.written)}\n`)
    }
  }
  return code
}

const run = async (command: Extract<SegmentCommand, { _tag: 'Run' }>): Promise<number> => {
  const jobs = plan(command.photos, defaultSources(process.env))
  if (E.isLeft(jobs)) return refuse(jobs.left, WRONG_USE)
  const folder = openOutputFolder(command.settings.out)()
  if (E.isLeft(folder)) return refuse(folder.left, FAILED)
  // Compiled while the first photo is read. If that fails, the fit will say why.
  void selectExecutor(command.settings.backend)()
  try {
    return await segmentAll(jobs.right, command.settings, folder.right)
  } finally {
    folder.right.close()
  }
}

const main = async (): Promise<number> => {
  const command = readCommand({ words: process.argv.slice(2), environment: process.env })
  if (E.isLeft(command)) return refuse(command.left, WRONG_USE)
  switch (command.right._tag) {
    case 'Help':
      process.stdout.write(HELP)
      return 0
    case 'Version':
      process.stdout.write(`${version()}\n`)
      return 0
    case 'Run':
      return run(command.right)
  }
}

// The reader of a pipe may leave early (`| head`); what is left to do are files.
process.stdout.on('error', () => {})

main().then(
  code => {
    process.exitCode = code
  },
  // Nothing is expected here; should it happen all the same, a person still gets one line.
  (cause: unknown) => {
    complain(`unexpected failure: ${reasonOf(cause)}`)
    process.exitCode = FAILED
  },
)
