import { readFileSync } from 'node:fs'
import { kernelBytes } from '@conjugate/executors/kernel'
import { rightOf } from '@conjugate/testing'
import { expect, test } from 'vitest'

test('docs/beyond-one-machine.md says how large the kernel is that goes to a task', async () => {
  const page = readFileSync(new URL('../docs/beyond-one-machine.md', import.meta.url), 'utf8')
  const bytes = await rightOf(kernelBytes)
  expect(page).toContain(`the kernel, ${Math.round(bytes.length / 1000)} kB,`)
})
