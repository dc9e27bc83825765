// In a process of its own: fits of bad data on two executors, and what must hold of each whatever the data.
import { random } from '@conjugate/distributions'
import { describeFitError, fit, predict } from '@conjugate/models'
import { nanIn } from '../support/contract.js'
import { dataSet } from './data-sets.js'

const { first, count, seed, moderate } = JSON.parse(process.argv[2])
let current = { case: 0, label: '' }
const complain = (kind, text) => process.send({ violation: { kind, ...current, text } })

const relative = (a, b) => Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b))
const line = result => (result._tag === 'Left' ? describeFitError(result.left) : 'works')

/** Ends of good reasons, which depend on the data and the prior alone. */
const may = new Set(['TooFewDistinctRows', 'StepFailed', 'InvalidParameter', 'NoRows', 'ImpossibleObservation'])

/** What has to be true of one fit by itself. */
const checkFit = (name, { model, rows, rowWeights, family }, result) => {
  if (result._tag === 'Left') {
    const { _tag, cause } = result.left
    if (!may.has(_tag) || cause?._tag === 'ExecutionFailed' || cause?._tag === 'NonFiniteParameter')
      complain(`ends by ${cause?._tag ?? _tag}`, `${name}: ${line(result)}`)
    return
  }
  const { weights, components, objectives, logLikelihood, assignments, rounding, converged } = result.right
  const nan = nanIn({ weights, components, objectives, logLikelihood })
  if (nan !== undefined) complain('NaN', `${name}: ${nan}`)
  const sum = Array.from(weights).reduce((a, b) => a + b, 0)
  if (!(Math.abs(sum - 1) < 1e-9)) complain('weights', `${name}: sum to ${sum}`)
  if (!assignments.every(k => k >= 0 && k < model.right.labels.states)) complain('assignments', name)
  for (let i = 1; i < objectives.length; i++) {
    const fall = objectives[i - 1] - objectives[i]
    if (fall > 1e-6 * (1 + Math.abs(objectives[i])))
      complain('a fall let pass', `${name}: by ${fall} of ${objectives[i]}`)
  }
  if (family === undefined) return
  const densities = components.map(c => family.logProb(c))
  let [total, size] = [0, 0]
  for (const [n, x] of rows.entries()) {
    const logs = densities.map((p, k) => Math.log(weights[k]) + p(x))
    const top = Math.max(...logs)
    const weight = rowWeights?.[n] ?? 1
    if (weight === 0) continue
    const log = weight * (top + Math.log(logs.reduce((s, l) => s + Math.exp(l - top), 0)))
    total += log
    size += Math.abs(log)
  }
  const apart = Math.abs(total - logLikelihood)
  // Terms that cancel cost digits, here as there; then the fit has to say so.
  if (Number.isFinite(total) && apart > 1e-6 * (1 + size) && (apart > 2 * rounding || converged))
    complain('another likelihood', `${name}: ${logLikelihood}, by its own parameters ${total}, rounding ${rounding}`)
}

/** A row says the same of itself alone as among others. */
const checkAlone = async ({ model, rows }, result) => {
  if (result._tag === 'Left') return
  const options = { threads: 1, backend: 'javascript' }
  const all = await predict(model.right, result.right, rows, options)()
  const alone = await predict(model.right, result.right, rows.slice(0, 1), options)()
  if (all._tag === 'Left' || alone._tag === 'Left')
    return complain('no prediction', `${line(all)}; alone ${line(alone)}`)
  const [a, b] = [all.right.logProb[0], alone.right.logProb[0]]
  if (!Object.is(a, b)) complain('a row depends on others', `${a} among them, ${b} alone`)
}

/** A path that leaves a saddle does so by few of them. */
const NUDGES = 8

/** One unit in the last place of every number of rows and weights, up or down at random: all up would only scale them. */
const nudged = ({ rows, rowWeights }, seed) => {
  const stream = random(seed)
  const nudge = v => v * (1 + (stream.uniform() < 0.5 ? Number.EPSILON : -Number.EPSILON))
  return {
    rows: rows.map(x => (Array.isArray(x) ? x.map(nudge) : x)),
    ...(rowWeights && { options: { rowWeights: rowWeights.map(nudge) } }),
  }
}

/** Where two executors find another objective at the same parameters, both have to say how far rounding may have moved it. */
const checkFirst = async (acceleration, { model, rows }, options) => {
  const ended = backend => fit(model.right, rows, { ...options, iterations: 0, backend })()
  const [a, b] = [(await ended('wasm')).right, (await ended('javascript')).right]
  const told = `${a.objectives[0]}, ${b.objectives[0]}; rounding ${a.rounding}, ${b.rounding}`
  if (Math.abs(a.objectives[0] - b.objectives[0]) > a.rounding + b.rounding)
    complain('another first E-step', `${acceleration}: ${told}`)
}

const checkTogether = async (acceleration, set, options, a, b) => {
  /** Where the last bit of the data does as much, the problem is ill-posed. */
  const someNudge = async does => {
    for (let times = 1; times <= NUDGES; times++) {
      const near = nudged(set, times)
      const nearOptions = { ...options, ...near.options, acceleration, backend: 'javascript' }
      if (does(await fit(set.model.right, near.rows, nearOptions)())) return true
    }
    return false
  }
  if (a._tag !== b._tag) {
    if (!(await someNudge(again => again._tag !== b._tag)))
      complain('one fails', `${acceleration}: wasm ${line(a)}; javascript ${line(b)}`)
    return
  }
  if (a._tag === 'Left') return
  const [p, q] = [a.right.objectives, b.right.objectives]
  if (relative(p[0], q[0]) > 1e-9) await checkFirst(acceleration, set, options)
  const apart = relative(p.at(-1), q.at(-1))
  if (apart < 1e-6) return
  // What rounding may have moved, as both say, is known.
  if (Math.abs(p.at(-1) - q.at(-1)) <= a.right.rounding + b.right.rounding) {
    if (a.right.converged || b.right.converged)
      complain('converged within rounding', `${acceleration}: ${p.at(-1)}, ${q.at(-1)}`)
    return
  }
  const far = again => again._tag === 'Left' || relative(q.at(-1), again.right.objectives.at(-1)) >= apart / 100
  if (!(await someNudge(far))) complain('other ends', `${acceleration}: ${p.at(-1)}, ${q.at(-1)}`)
}

for (let index = first; index < count; index++) {
  const set = dataSet(seed * 100_003 + index, moderate)
  current = { case: index, label: JSON.stringify(set.told) }
  process.send({ begun: index, label: current.label })
  if (set.model._tag === 'Left') continue
  const options = {
    iterations: 30,
    threads: 1,
    start: set.start,
    ...(set.rowWeights && { rowWeights: set.rowWeights }),
  }
  for (const acceleration of ['none', 'squarem']) {
    const results = []
    for (const backend of ['wasm', 'javascript']) {
      const result = await fit(set.model.right, set.rows, { ...options, acceleration, backend })()
      checkFit(`${acceleration} ${backend}`, set, result)
      results.push(result)
    }
    await checkTogether(acceleration, set, options, ...results)
    if (acceleration === 'none') await checkAlone(set, results[1])
  }
}
process.send({ done: true }, () => process.exit())
