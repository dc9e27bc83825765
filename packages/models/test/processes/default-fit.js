// A fit with default threads in a process of its own, which nothing but the fit keeps alive: node default-fit.js <rows>
// <columns> <restarts at a time>
import { describeFitError, fit, gaussianMixture, predict } from '@conjugate/models'

const [rows, columns, parallel] = process.argv.slice(2).map(Number)
let state = 1
const data = Float64Array.from({ length: rows * columns }, () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
})
const scale = {
  rows: columns,
  columns,
  data: Float64Array.from({ length: columns ** 2 }, (_, i) => (i % (columns + 1) === 0 ? 1 : 0)),
}
const prior = { mean: new Float64Array(columns), meanPrecision: 0.1, degreesOfFreedom: columns + 2, scale }
const expectRight = either => {
  if (either._tag === 'Left') throw new Error(describeFitError(either.left))
  return either.right
}

// Not awaited at the top level: a process that ends too early says nothing then, not even by its exit code.
const main = async () => {
  const model = expectRight(gaussianMixture({ components: 4, concentration: 2, prior }))
  const found = expectRight(
    await fit(model, { rows, columns, data }, { iterations: 2, restarts: parallel, parallel })(),
  )
  const { assignments } = expectRight(await predict(model, found, { rows, columns, data })())
  console.log(`${found.objectives.length} objectives, ${assignments.length} assignments`)
}
main()
