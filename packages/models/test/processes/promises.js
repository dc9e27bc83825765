// A script as somebody writes it who wants exceptions: the first fit of the README, and one that cannot be.
import { gaussianMixture, poissonMixture } from '@conjugate/models'
import { fit, gibbs, posteriors, predict } from '@conjugate/models/promise'

const rows = [
  [1, 2.1],
  [0.9, 1.9],
  [1.2, 2],
  [0.8, 2.2],
  [5.1, 6.9],
  [4.9, 7.2],
  [5, 7],
  [5.3, 7.1],
]
const model = gaussianMixture({ components: 2 })
const fitted = await fit(model, rows)
const { assignments } = await predict(model, fitted, rows)
console.log(new Set(assignments.slice(0, 4)).size, new Set(assignments).size, (await posteriors(model, fitted)).length)
for await (const { assignments } of gibbs(model, rows, { samples: 1 })) console.log(assignments.length)

const failures = [
  () => fit(model, [[1, 2], [3]]),
  () => fit(poissonMixture({ components: 0, concentration: 2, prior: { shape: 2, rate: 1 } }), [1, 2]),
  () => predict(model, { ...fitted, weights: [2, 3] }, rows),
  () => gibbs(model, rows, { sampels: 1 }).next(),
]
for (const failure of failures)
  await failure().then(
    () => console.log('no error'),
    error => console.log(error instanceof Error, error.cause._tag, error.message),
  )
await fit(model, [])
