import type { Options } from './parse.js'
import { alignColumns } from './table.js'

export interface Program {
  readonly usage: string
  readonly summary: string
  readonly options: Options
  /** Lines after the options: environment variables, files written. */
  readonly notes?: string
}

/** The text of `--help`. */
export const helpText = ({ usage, summary, options, notes }: Program): string => {
  const rows = Object.entries(options).map(([name, { placeholder, help, shownFallback, variable }]) => {
    const fallback = variable === undefined ? shownFallback : `${variable} or ${shownFallback}`
    return [`  --${name} ${placeholder}`, fallback === undefined ? help : `${help} (default: ${fallback})`]
  })
  const flags = [
    ['  --help', 'show this text'],
    ['  --version', 'show the version'],
  ]
  const parts = [`Usage: ${usage}`, summary, `Options:\n${alignColumns([...rows, ...flags])}`]
  return `${[...parts, ...(notes === undefined ? [] : [notes])].join('\n\n')}\n`
}
