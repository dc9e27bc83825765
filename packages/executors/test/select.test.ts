import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { selectExecutor, type ThreadCount } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { failure } from './support/run.js'

/** What a host says that the rows of a request ran on, or why there are none. */
const ranOn = async (host: string, request: string | undefined, threads: ThreadCount): Promise<string> => {
  const program = `
    ${host}
    const { describeExecutorError, selectExecutor } = await import('@conjugate/executors')
    const made = await selectExecutor(${JSON.stringify(request)}, ${JSON.stringify(threads)})()
    const loaded = made._tag === 'Left' ? made : await made.right.load({ rows: 2, columns: 1, data: [1, 2] })()
    console.log(
      loaded._tag === 'Left' ? describeExecutorError(loaded.left) : (loaded.right.ranOn?.() ?? made.right.description)
    )`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  return stdout.trim()
}

/** As pages are: no modules of Node. */
const page = 'process.getBuiltinModule = undefined;'

/** A policy that forbids WebAssembly lets modules be validated, but not compiled. */
const policy = `
  const refuse = () => { throw new Error('blocked by the policy') }
  WebAssembly.Module = refuse
  WebAssembly.compile = async () => refuse()`

describe('what a request had to do without is said', () => {
  test.each<[string, string, string, ThreadCount, RegExp]>([
    ['nothing', '', 'auto', 'auto', /^wasm \(.*SIMD, float64, 1 thread\)$/],
    ['rows for more threads', '', 'auto', 2, /^wasm \(.*SIMD, float64, 1 thread\)$/],
    ['threads', page, 'auto', 2, /^wasm \(.*SIMD, float64, 1 thread: threads share memory.*isolated.*\)$/],
    ['threads, of a backend by name', page, 'wasm', 2, /^backend wasm is not available: .*isolated.*headers/],
    ['threads that were not asked for', page, 'auto', 'auto', /^wasm \(.*SIMD, float64, 1 thread\)$/],
    ['WebAssembly', policy, 'auto', 'auto', /^plain JavaScript \(float64\), since there is no wasm:.*by the policy$/],
    ['WebAssembly and threads', page + policy, 'auto', 2, /^plain JavaScript .*by the policy$/],
    ['WebAssembly by name', policy, 'wasm', 'auto', /^backend wasm is not available:.*by the policy/],
    ['any WebAssembly', 'globalThis.WebAssembly = undefined', 'auto', 2, /^plain JavaScript \(float64\), since/],
    ['nothing, where it was asked for', policy, 'javascript', 'auto', /^plain JavaScript \(float64\)$/],
  ])('%s', async (_, host, request, threads, words) => expect(await ranOn(host, request, threads)).toMatch(words))
})

test.each<[string, string | undefined, RegExp]>([
  ['javascript', undefined, /^plain JavaScript \(float64\)$/],
  ['', undefined, /^wasm/],
  ['abacus', undefined, /^backend abacus is not available/],
  ['javascript', 'wasm', /^wasm/],
])('with CONJUGATE_BACKEND=%s and the name %s', async (variable, request, words) =>
  expect(await ranOn(`process.env.CONJUGATE_BACKEND = '${variable}'`, request, 'auto')).toMatch(words),
)

test.each(['auto', 'wasm', 'javascript'])('what is no number of threads is an error, also of %s', async request => {
  for (const threads of [0, 1.5, Number.NaN, '2', null, 2n, Symbol('two')] as unknown as ThreadCount[])
    expect(await failure(selectExecutor(request, threads))).toMatchObject({
      _tag: 'BackendUnavailable',
      reason: expect.stringContaining('is no number of threads'),
    })
})
