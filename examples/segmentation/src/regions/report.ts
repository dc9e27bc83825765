import { printable } from '@conjugate/command-line'
import { remarks } from '../report.js'
import type { RegionsResult } from './result.js'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const sharesOf = (result: RegionsResult): readonly string[] => {
  const visible = result.counts.reduce((a, b) => a + b, 0)
  const shareOf = (k: number): string => percent(result.counts[k]! / visible)
  if (result._tag === 'Components')
    return result.counts.map((pixels, k) => `component ${k + 1}: ${pixels} pixels, ${shareOf(k)}`)
  const { certainty } = result.found
  return [
    `foreground: ${shareOf(1)} of the pixels`,
    ...(certainty === undefined
      ? []
      : [`nobody said what the foreground is: this is a guess, ${percent(certainty)} sure; --box X,Y,W,H tells it`]),
  ]
}

/** What a person is told of the regions of a photo. */
export const regionReport = (result: RegionsResult, written: readonly string[]): string => {
  const { job, picture, transparent, found, seconds } = result
  return [
    `${job.name}: ${picture.width} x ${picture.height} pixels in ${seconds.toFixed(2)} s`,
    ...remarks({ image: picture, transparent }),
    `backend: ${found.backend}`,
    ...sharesOf(result),
    `log joint probability with the best labels: ${found.objective}`,
    ...written.map(file => `wrote ${printable(file)}`),
    '',
  ].join('\n')
}
