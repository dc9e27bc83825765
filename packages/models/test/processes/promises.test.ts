import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gaussianMixture } from '@conjugate/models'
import { fit } from '@conjugate/models/promise'
import { expect, expectTypeOf, test } from 'vitest'

const program = fileURLToPath(new URL('promises.js', import.meta.url))

test('a script gets results, exceptions of one line with the error as their cause, and an exit code', async () => {
  const ended = promisify(execFile)(process.execPath, [program])
  const { stdout, stderr, code } = (await ended.catch(error => error)) as {
    stdout: string
    stderr: string
    code: number
  }
  const lines = stdout.trim().split('\n')
  expect(lines.slice(0, 2)).toEqual(['1 2 2', '8'])
  const [ragged, none, other, option] = lines.slice(2)
  expect(ragged).toMatch(/^true RaggedRows row 1/)
  expect(none).toMatch(/^true InvalidParameter .*components/)
  expect(other).toMatch(/^true InvalidOption .*parameters\.weights/)
  expect(option).toMatch(/^true InvalidOption .*sampels/)
  expect(code).toBe(1)
  expect(stderr).toContain("_tag: 'NoRows'")
})

test('results have the types of what they are results of', async () => {
  const found = await fit(
    gaussianMixture({ components: 1 }),
    [
      [1, 2],
      [2, 1],
      [4, 4],
    ],
    {
      order: (a, b) => a.mean[0]! - b.mean[0]!,
    },
  )
  expectTypeOf(found.assignments).toEqualTypeOf<Int32Array>()
  // @ts-expect-error rows are no table
  await expect(fit(gaussianMixture({ components: 1 }), [{ a: 1 }])).rejects.toThrow('row 0')
})
