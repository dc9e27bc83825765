#!/usr/bin/env node
import { createRequire } from 'node:module'
import {
  FAILED,
  type OutputFolder,
  openOutputFolder,
  runCommand,
  type Terminal,
  tidyAtEnd,
} from '@conjugate/command-line'
import { selectExecutor } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { describe } from './errors.js'
import { HELP, modelFor, readCommand, type SegmentCommand, type Settings } from './options.js'
import { defaultSources } from './photos.js'
import { startProgress } from './progress.js'
import { report } from './report.js'
import { type Job, plan, segmentPhoto } from './run.js'

const WRONG_USE = 2

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string }

/** Foreground and background, or smooth components, of one photo; progress is in hundredths. */
const regionsOfOne = async (
  job: Job,
  settings: Settings,
  folder: OutputFolder,
  { say, complain }: Terminal,
): Promise<number> => {
  const bar = await startProgress(job.name, 100, process.stderr, '%')
  const untidy = tidyAtEnd(bar.stop)
  // Cuts and fields are half of the program, which the assignment does without.
  const { segmentRegions } = await import('./regions/run.js')
  const done = await segmentRegions(job, settings, { folder, version, onProgress: bar.update })()
  untidy()
  bar.stop()
  if (E.isLeft(done)) {
    complain(`${job.photo}: ${describe(done.left)}`)
    return FAILED
  }
  say(`${done.right}\n`)
  return 0
}

const segmentOne = async (
  job: Job,
  settings: Settings,
  folder: OutputFolder,
  { say, complain }: Terminal,
): Promise<number> => {
  const bar = await startProgress(job.name, settings.iterations * settings.restarts, process.stderr)
  const untidy = tidyAtEnd(bar.stop)
  const done = await segmentPhoto(job, settings, { folder, version, onProgress: bar.update })()
  untidy()
  bar.stop()
  if (E.isLeft(done)) {
    complain(`${job.photo}: ${describe(done.left)}`)
    return FAILED
  }
  say(`${report(done.right.result, done.right.written)}\n`)
  return 0
}

const segmentAs = { assignment: segmentOne, regions: regionsOfOne }

const run = async (
  { photos, settings }: Extract<SegmentCommand, { _tag: 'Run' }>,
  terminal: Terminal,
): Promise<number> => {
  const jobs = plan(photos, defaultSources(process.env))
  if (E.isLeft(jobs)) {
    terminal.complain(describe(jobs.left))
    return WRONG_USE
  }
  const folder = openOutputFolder(settings.out)()
  if (E.isLeft(folder)) {
    terminal.complain(describe(folder.left))
    return FAILED
  }
  // Compiled while the first photo is read. If that fails, the fit will say why.
  void selectExecutor(settings.backend)()
  let code = 0
  for (const job of jobs.right)
    code = Math.max(code, await segmentAs[modelFor(settings, job)](job, settings, folder.right, terminal))
  folder.right.close()
  return code
}

runCommand({ name: 'segment', help: HELP, module: import.meta.url, read: readCommand, wrongUse: WRONG_USE, run })
