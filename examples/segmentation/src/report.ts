import { alignColumns, printable } from '@conjugate/command-line'
import type { Ending } from '@conjugate/models'
import type { Result } from './outputs.js'
import type { Component } from './segmentation.js'

const parameter = (value: number): string => value.toFixed(6)

const componentText = ({ mean, covariance, weight }: Component, index: number, pixels: number): string => {
  const rows = [
    ['', 'red', 'green', 'blue'],
    ['mu', ...mean.map(parameter)],
    ...covariance.map((row, i) => [i === 0 ? 'Sigma' : '', ...row.map(parameter)]),
  ]
  return `component ${index + 1}: weight ${weight.toFixed(6)}, ${pixels} pixels\n${alignColumns(rows, 'right')}`
}

/** What was made of the file, where that does not go without saying. */
export const remarks = ({
  image: { depth, images },
  transparent,
}: Pick<Result, 'image' | 'transparent'>): readonly string[] => [
  ...(images > 1 ? [`the first of ${images} images in the file`] : []),
  ...(depth.bits > 8
    ? [`${depth.bits} bits a channel, of which the colours use ${depth.used}: ${depth.white} is white`]
    : []),
  ...(transparent > 0 ? [`left out: ${transparent} transparent pixels`] : []),
]

const ENDS: Readonly<Record<Ending['stoppedBy'], string>> = {
  tolerance: 'its gain is within the tolerance',
  rule: 'its rule holds',
  iterations: 'all iterations are done',
  'time limit': 'its time is over',
  rounding: 'rounding hides what more iterations gain',
  'path ended': 'there is no further step',
}

const endingText = ({ stoppedBy, converged, lastGain }: Ending): string => {
  const gain = Number.isFinite(lastGain) ? `; the last iteration gained ${lastGain.toPrecision(2)} nats` : ''
  return `${converged ? 'converged' : 'ended'}: ${ENDS[stoppedBy]}${gain}`
}

/** What a person is told of a segmented photo: each component's parameters in columns for red, green and blue. */
export const report = (result: Result, written: readonly string[]): string => {
  const { name, image, segmentation, labels, distinctColours, seconds } = result
  const { backend, logProbs, ending, components } = segmentation
  return [
    `${name}: ${image.width} x ${image.height} pixels, ${logProbs.length - 1} iterations in ${seconds.toFixed(2)} s`,
    ...remarks(result),
    `backend: ${backend}, on ${distinctColours} distinct colours`,
    `log joint probability: ${logProbs.at(-1)}`,
    endingText(ending),
    ...components.map((component, k) => componentText(component, k, labels.counts[k] ?? 0)),
    ...written.map(file => `wrote ${printable(file)}`),
    '',
  ].join('\n')
}
