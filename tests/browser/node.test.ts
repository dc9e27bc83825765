import { selectExecutor } from '@conjugate/executors'
import { expect, test } from 'vitest'

test.each(['webgl', 'webgpu'])('%s in Node says where it is to be had', async backend => {
  expect(await selectExecutor(backend)()).toMatchObject({
    _tag: 'Left',
    left: {
      _tag: 'BackendUnavailable',
      backend,
      reason: `this host has no ${backend}`,
      hint: expect.stringMatching(/browser.*wasm/),
    },
  })
})
