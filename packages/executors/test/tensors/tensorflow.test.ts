import { tensorflow } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { randomDensities, randomRows } from '../support/random.js'
import { failure, load, runAll } from '../support/run.js'

const made = await tensorflow()

test.skipIf(E.isLeft(made))('every tensor is deleted', async () => {
  if (E.isLeft(made)) return
  const { default: tf } = await import('@tensorflow/tfjs-node')
  const { binding } = tf.findBackend('tensorflow') as unknown as { binding: { getNumOfTensors: () => number } }
  const before = binding.getNumOfTensors()
  const densities = randomDensities(3, 2, 1)
  const rowWeights = new Float64Array(200_000).fill(0.5)
  await runAll(made.right, randomRows(200_000, 2, 1), densities, { rowWeights })
  expect(binding.getNumOfTensors()).toBe(before)

  const rows = await load(made.right, 2, randomRows(3, 2, 1))
  expect(binding.getNumOfTensors()).toBe(before + 1)
  await failure(rows.expectation(randomDensities(3, 1, 1)))
  rows.dispose()
  expect(binding.getNumOfTensors()).toBe(before)
})

test('an executor that is not there says why and what helps', async () => {
  if (E.isRight(made)) expect(made.right).toMatchObject({ backend: 'tensorflow' })
  else
    expect(made.left).toMatchObject({
      _tag: 'BackendUnavailable',
      backend: 'tensorflow',
      reason: expect.stringMatching(/tfjs-node/),
      hint: expect.stringMatching(/pnpm native/),
    })
})
