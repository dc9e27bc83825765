// Kernels of tensors on the backends of TensorFlow.js in Node, each in a process of its own, in processor time.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const contestant = fileURLToPath(new URL('../contestants/tensors.js', import.meta.url))

/**
 * Times of GPUs need a card, which is to be named: there are none here.
 * @param {{ readonly quick: boolean }} settings
 * @returns {ReadonlyArray<import('../types.js').TensorTimes>}
 */
export const measureTensors = ({ quick }) =>
  ['cpu', 'wasm', 'tensorflow'].flatMap(backend => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [contestant, backend, quick ? 'quick' : 'whole'], {
      encoding: 'utf8',
    })
    if (status === 0)
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '').map((/** @type {object} */ found) => ({
        backend,
        ...found,
      }))
    return [
      {
        backend,
        what: '',
        error:
          stderr
            .trim()
            .split('\n')
            .find(line => line.startsWith('Error')) ?? 'it ended',
      },
    ]
  })
