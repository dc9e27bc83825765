import { constants } from 'node:os'

/** What ends a program from outside: a closed terminal, Ctrl-C, a request to end. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

const tasks = new Set<() => void>()

const tidy = (): void => {
  for (const task of [...tasks].reverse()) task()
}

// The code is what a shell reports of a program that a signal ended.
const end = (signal: (typeof SIGNALS)[number]): void => process.exit(128 + constants.signals[signal])

const watch = (): void => {
  process.on('exit', tidy)
  for (const signal of SIGNALS) process.on(signal, end)
}

const unwatch = (): void => {
  process.off('exit', tidy)
  for (const signal of SIGNALS) process.off(signal, end)
}

/**
 * Does a task, the last given first, should the program end before the task is taken back by what this gives: by a signal,
 * by a failure that nobody expected. The task is synchronous, as is all work on what it tidies: a signal is handled between
 * two such pieces of work, never within one.
 */
export const tidyAtEnd = (task: () => void): (() => void) => {
  if (tasks.size === 0) watch()
  tasks.add(task)
  return () => {
    if (tasks.delete(task) && tasks.size === 0) unwatch()
  }
}
