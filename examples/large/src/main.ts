#!/usr/bin/env node
import { FAILED, makeFolders, reasonOf, runCommand } from '@conjugate/command-line'
import { columns } from './columns.js'
import { HELP, readCommand, type Settings } from './options.js'
import { photos } from './photos.js'
import { trips } from './trips.js'

const COURSE = ['fox', 'cow', 'owl', 'zebra']

const programs: Readonly<
  Record<string, (settings: Settings, operands: ReadonlyArray<string>) => Promise<ReadonlyArray<string>>>
> = {
  photos: ({ out }, names) => photos(names.length === 0 ? COURSE : names, out),
  table: ({ rows, iterations, out }) => columns(rows, iterations, out),
  trips: ({ rows, ...settings }) => trips(rows, settings),
}

/** What a run has taken, in a line. */
const taken = (started: number): string => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  return `${seconds} s, ${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s of processors, at most ${(maxRSS / 1024).toFixed(0)} MiB`
}

runCommand({
  name: 'large',
  help: HELP,
  module: import.meta.url,
  read: readCommand,
  wrongUse: 2,
  run: async ({ values, operands }, { say, complain }) => {
    const [name = '', ...others] = operands
    const program = Object.hasOwn(programs, name) ? programs[name]! : undefined
    if (program === undefined || (name !== 'photos' && others.length > 0)) {
      complain(`${JSON.stringify(operands.join(' '))}: expected photos, table or trips; --help tells more`)
      return 2
    }
    const started = performance.now()
    try {
      makeFolders(values.out)
    } catch (error) {
      complain(`--out ${values.out}: ${reasonOf(error)}`)
      return FAILED
    }
    try {
      say(`${[...(await program(values, others)), taken(started)].join('\n')}\n`)
      return 0
    } catch (error) {
      complain(reasonOf(error))
      return FAILED
    }
  },
})
