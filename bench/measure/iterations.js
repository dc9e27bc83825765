// Iterations of fits by all contestants, on photos and on synthetic rows.
import { contestants, REFERENCE } from '../contestants/list.js'
import { datasets } from '../data/datasets.js'
import { chosen } from '../options.js'
import { TOLERANCE } from './agreement.js'
import { measureLimits } from './machine.js'
import { compete } from './rounds.js'

/** @param {import('../types.js').Settings} settings @returns {Promise<import('../types.js').Iterations>} */
export const measureIterations = async ({ quick, only, repetitions, folder, failures }) => {
  const all = contestants(failures)
  const taking = chosen(all, only)
  const { datasets: sets, skipped } = datasets(quick)
  const reference = all.find(({ name }) => name === REFERENCE) ?? taking[0]
  const found = []
  for (const dataset of chosen(sets, only))
    found.push({
      dataset,
      results: await compete(dataset, taking, { reference, repetitions, folder, say: console.log }),
    })
  return { datasets: found, skipped, limits: measureLimits(failures.get('machine')) }
}

/** Whose log-likelihoods are not those of ours. @param {import('../types.js').Iterations | undefined} found */
export const differing = found =>
  (found?.datasets ?? []).flatMap(({ dataset, results }) =>
    results.flatMap(({ contestant, disagreement }) =>
      disagreement !== undefined && !(disagreement <= TOLERANCE) ? [`${contestant.name} on ${dataset.name}`] : [],
    ),
  )
