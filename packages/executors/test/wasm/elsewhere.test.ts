import { type Densities, type MixtureExpectation, wasm } from '@conjugate/executors'
import { kernelBytes, kernelPlan, sumsOfKernel } from '@conjugate/executors/kernel'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { kinds, randomRows, uniforms, withGaps } from '../support/random.js'
import { expectNear, loadFor, success, sumsOf } from '../support/run.js'

// The kernel by its bytes and a plan alone, as one runs it that knows nothing of this library: the sums of the executor.

const executor = await success(wasm)
const bytes = await success(kernelBytes)
const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)

interface Exports {
  readonly useLayout: (table: number) => void
  readonly expectation: (first: number, end: number, target: number) => void
}

/** What a worker does: some rows at a time. */
const sumsElsewhere = <D extends Densities>(
  densities: D,
  data: Float64Array,
  rowWeights: Float64Array,
  atOnce: number,
): MixtureExpectation<D> => {
  const { columns } = densities
  const shape = { rows: atOnce, columns, ...(densities._tag === 'Product' && { factors: densities.factors }) }
  const plan = right(kernelPlan(densities, shape))
  const memory = new WebAssembly.Memory({ initial: Math.ceil(plan.bytes / 65536) })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const { useLayout, expectation } = exports as unknown as Exports
  for (const { at, bytes: stored } of plan.stored) new Uint8Array(memory.buffer).set(stored, at)
  useLayout(plan.table)
  const numbers = (at: number, length: number) => new Float64Array(memory.buffer, at, length)
  const totals = new Float64Array(plan.slotNumbers - 2)
  const slots = numbers(plan.slots, plan.slotNumbers)
  for (let from = 0; from < rowWeights.length; from += plan.rows) {
    const rows = Math.min(plan.rows, rowWeights.length - from)
    for (const part of plan.columns) {
      const to = numbers(part.at, plan.rows * part.columns).fill(0)
      for (let n = 0; n < rows; n++)
        for (let i = 0; i < part.columns; i++)
          to[((n >> 1) * part.columns + i) * 2 + (n & 1)] = data[(from + n) * columns + part.first + i]!
    }
    numbers(plan.weights, plan.rows)
      .fill(0)
      .set(rowWeights.subarray(from, from + rows))
    expectation(0, Math.ceil(rows / plan.blockRows), plan.slots)
    const last = totals.length - 1
    for (let i = 0; i < last; i++) totals[i]! += slots[i]!
    totals[last]! += slots[last]! + slots[last + 1]! + Math.log2(slots[last + 2]!)
  }
  return sumsOfKernel(densities, totals)
}

const rows = 2777

test.each(kinds)('the kernel elsewhere has the sums of %s densities that it has here', async (_, make) => {
  const densities = make(3, 4, 7)
  const data =
    densities._tag === 'Product' ? withGaps(randomRows(rows, 4, 3), densities, 0.2, 9) : randomRows(rows, 4, 3)
  const rowWeights = Float64Array.from({ length: rows }, uniforms(5))
  const loaded = await loadFor(executor, densities, data, { rowWeights })
  const expected = await success(loaded.expectation(densities))
  for (const atOnce of [100, 1024, rows]) {
    const found = sumsElsewhere(densities, data, rowWeights, atOnce)
    expectNear(Float64Array.of(found.logLikelihood), Float64Array.of(expected.logLikelihood), 'log-likelihood')
    const sums = sumsOf(found.statistics)
    for (const [name, values] of Object.entries(sumsOf(expected.statistics))) expectNear(sums[name]!, values, name)
  }
})

test('densities of other rows are refused', () => {
  const [, make] = kinds[0]!
  expect(E.isLeft(kernelPlan(make(2, 3, 1), { rows: 1000, columns: 4 }))).toBe(true)
})
