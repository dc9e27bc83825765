// One work whose memory is to be told: node memory.js, then a line with the name of the work.
import { random } from '@conjugate/distributions'
import { describeFitError, fit, gaussianMixture } from '@conjugate/models'
import { right } from './map.js'
import { answerLines } from './serve.js'

/** @type {Readonly<Record<string, () => Promise<unknown>>>} */
const works = {
  nothing: async () => {},
  'rows in a matrix': async () => {
    const [n, d] = [1_000_000, 3]
    const source = random(3)
    const data = new Float64Array(n * d)
    for (let i = 0; i < data.length; i++) data[i] = source.uniform() + (i % 7)
    const options = { iterations: 5, threads: 1, start: { _tag: 'distinct-rows' } }
    const fitted = await fit(
      gaussianMixture({ components: 4 }),
      { rows: n, columns: d, data },
      /** @type {any} */ (options),
    )()
    right(fitted, describeFitError)
  },
}

await answerLines(async ({ work }) => {
  await works[work]()
  return {}
})
