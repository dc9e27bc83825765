import { alignColumns, printable } from '@conjugate/command-line'
import type { MultivariateNormal } from '@conjugate/distributions'
import { toRows } from '@conjugate/linalg'
import type { Experiment } from './experiment.js'
import { matchComponents } from './match.js'

const cells = (values: ArrayLike<number>): readonly string[] => Array.from(values, value => value.toFixed(4))

const clusterText = (
  number: number,
  fitted: MultivariateNormal & { readonly weight: number },
  truth: MultivariateNormal & { readonly weight: number },
): string => {
  const trueRows = toRows(truth.covariance)
  const rows = [
    ['', 'fitted', '', '  true', ''],
    ['weight', ...cells([fitted.weight]), '', ...cells([truth.weight])],
    ['mu', ...cells(fitted.mean), ...cells(truth.mean)],
    ...toRows(fitted.covariance).map((row, i) => [i === 0 ? 'Sigma' : '', ...cells(row), ...cells(trueRows[i] ?? [])]),
  ]
  return `component ${number}\n${alignColumns(rows, 'right')}`
}

/** What a person is told: each component's parameters next to those of the cluster that it found. */
export const report = (experiment: Experiment, written: readonly string[]): string => {
  const { truth, points, fitted } = experiment
  const clusters = truth.map((cluster, i) => {
    const k = matchComponents(experiment)[i] ?? i
    const component = fitted.components[k] ?? cluster
    return clusterText(
      i + 1,
      { ...component, weight: fitted.weights[k] ?? 0 },
      { ...cluster, weight: 1 / truth.length },
    )
  })
  return [
    `toy: ${points.rows} points, ${fitted.objectives.length - 1} iterations`,
    `backend: ${fitted.backend}`,
    `log joint probability: ${fitted.objectives.at(-1)}`,
    ...clusters,
    ...written.map(file => `wrote ${printable(file)}`),
    '',
  ].join('\n')
}
