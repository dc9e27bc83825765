import { alignColumns } from '@conjugate/command-line'
import type { Result } from './outputs.js'
import { type Component, pixelCounts } from './segmentation.js'

const parameter = (value: number): string => value.toFixed(6)

const componentText = ({ mean, covariance, weight }: Component, index: number, pixels: number): string => {
  const rows = [
    ['', 'red', 'green', 'blue'],
    ['mu', ...mean.map(parameter)],
    ...covariance.map((row, i) => [i === 0 ? 'Sigma' : '', ...row.map(parameter)]),
  ]
  return `component ${index + 1}: weight ${weight.toFixed(6)}, ${pixels} pixels\n${alignColumns(rows, 'right')}`
}

/** What a person is told of a segmented photo: each component's parameters in columns for red, green and blue. */
export const report = (result: Result, written: readonly string[]): string => {
  const { name, image, segmentation, seconds } = result
  const { backend, distinctColours, logProbs, components } = segmentation
  const counts = pixelCounts(segmentation)
  return [
    `${name}: ${image.width} x ${image.height} pixels, ${logProbs.length - 1} iterations in ${seconds.toFixed(2)} s`,
    `backend: ${backend}${distinctColours === undefined ? '' : `, on ${distinctColours} distinct colours`}`,
    `log joint probability: ${logProbs.at(-1)}`,
    ...components.map((component, k) => componentText(component, k, counts[k] ?? 0)),
    ...written.map(file => `wrote ${file}`),
    '',
  ].join('\n')
}
