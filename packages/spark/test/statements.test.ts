import { describeSparkError, type SparkError } from '@conjugate/spark'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { statementsOn } from '../dist/internals.js'
import { type Answer, batch, complete, interrupted, progress, scripted, threeRows } from './support/scripted.js'

// Statements on a server that answers by a script: what is done when streams end, sessions are lost and nobody answers.

const query = { _tag: 'Query', query: 'SELECT 1' } as const
const error = <A>(found: E.Either<SparkError, A>): SparkError =>
  E.isLeft(found) ? found.left : expect.fail('succeeded')
const whole: Answer = { responses: [batch('1', threeRows), complete('2')] }
const failing = (code: number, details: string): Answer => ({ ending: { code, details } })
const [UNKNOWN, INTERNAL, UNAVAILABLE, UNAUTHENTICATED] = [2, 13, 14, 16]
const lost = failing(INTERNAL, '[INVALID_HANDLE.SESSION_NOT_FOUND] The handle 1-2-3 is invalid. Session not found.')
const unreachable = failing(UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED 10.1.2.3:15002')

/** The text of a field that is as long as an identifier, wherever it stands. */
const identifiers = (request: Buffer): ReadonlyArray<string> =>
  request.toString('latin1').match(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []

test('columns of a batch are read by their types, with what is missing', async () => {
  const { client } = scripted([whole])
  expect(await statementsOn(client).run(query)).toEqual(
    E.right([
      Float64Array.of(1, -2, 3),
      Float64Array.of(2.5, -0, 0.1),
      ['x', null, 'é'],
      Float64Array.of(Number.NaN, 1e300, 4),
      Float64Array.of(1, 0, Number.NaN),
      Float64Array.of(7, 9007199254740991, -1),
      [Uint8Array.of(97, 98), null, Uint8Array.of(0, 255)],
    ]),
  )
})

/** What a stream does first, what comes of it, and by which calls. */
const histories: ReadonlyArray<readonly [string, ReadonlyArray<Answer>, ReadonlyArray<string>]> = [
  ['is whole', [whole], ['ExecutePlan']],
  [
    'ends by itself in the middle',
    [{ responses: [batch('1', threeRows)] }, { responses: [complete('2')] }],
    ['ExecutePlan', 'ReattachExecute'],
  ],
  [
    'breaks in the middle',
    [
      { responses: [batch('1', threeRows)], ending: { code: UNAVAILABLE, details: 'Connection dropped' } },
      { responses: [complete('2')] },
    ],
    ['ExecutePlan', 'ReattachExecute'],
  ],
  [
    'breaks within a message',
    [failing(INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)'), whole],
    ['ExecutePlan', 'ReattachExecute'],
  ],
  ['finds a session that is lost', [lost, whole], ['ExecutePlan', 'ExecutePlan']],
  [
    'breaks, and the server has been started anew',
    [{ responses: [batch('1', threeRows)], ending: { code: UNAVAILABLE, details: 'gone' } }, unreachable, lost, whole],
    ['ExecutePlan', 'ReattachExecute', 'ReattachExecute', 'ExecutePlan'],
  ],
  [
    'loses executors',
    [failing(INTERNAL, 'Job aborted due to stage failure: ExecutorLostFailure (executor 1 exited)'), whole],
    ['ExecutePlan', 'ExecutePlan'],
  ],
]

test.each(histories)('a stream that %s gives the whole result once', async (_, streams, methods) => {
  const server = scripted(streams)
  const found = await statementsOn(server.client).run(query)
  expect(E.isRight(found) && found.right[0]).toEqual(Float64Array.of(1, -2, 3))
  const executing = server.calls.filter(({ method }) => method === 'ExecutePlan' || method === 'ReattachExecute')
  expect(executing.map(({ method }) => method)).toEqual(methods)
})

test('a stream is taken up behind what it brought, in the same session', async () => {
  const server = scripted([{ responses: [batch('first of all', threeRows)] }, { responses: [complete('2')] }])
  await statementsOn(server.client).run(query)
  const [execute, reattach] = server.calls
  expect(identifiers(reattach!.request)).toEqual(identifiers(execute!.request))
  expect(reattach!.request.includes('first of all')).toBe(true)
})

test('a lost session is replaced, with its files', async () => {
  const answered = { AddArtifacts: () => ({ responses: [Uint8Array.from([10, 2, 16, 1])] }) }
  const server = scripted([lost, whole], answered)
  const file = { name: 'pyfiles/some.py', data: Uint8Array.from([49, 50]) }
  expect(E.isRight(await statementsOn(server.client, {}, [file]).run(query))).toBe(true)
  const [sent, first, again, second] = server.calls.filter(({ method }) => method !== 'ReleaseExecute')
  expect([sent, first, again, second].map(call => call!.method)).toEqual([
    'AddArtifacts',
    'ExecutePlan',
    'AddArtifacts',
    'ExecutePlan',
  ])
  expect(sent!.request.includes('pyfiles/some.py')).toBe(true)
  expect(identifiers(sent!.request)[0]).toBe(identifiers(first!.request)[0])
  expect(identifiers(again!.request)[0]).toBe(identifiers(second!.request)[0])
  expect(identifiers(again!.request)[0]).not.toBe(identifiers(sent!.request)[0])
})

/** What would fail every time, how it is told, and after how many times. */
const refusals: ReadonlyArray<readonly [string, Answer, string, number]> = [
  [
    'an error of analysis',
    failing(INTERNAL, '[TABLE_OR_VIEW_NOT_FOUND] The table or view `a` cannot be found.\n line two'),
    'Spark refused a statement (TABLE_OR_VIEW_NOT_FOUND): The table or view `a` cannot be found.',
    1,
  ],
  [
    'one that has the code of a server that is gone',
    failing(UNAVAILABLE, '[DIVIDE_BY_ZERO] Division by zero.'),
    'Spark refused a statement (DIVIDE_BY_ZERO): Division by zero.',
    1,
  ],
  [
    'an exception of Python',
    failing(
      UNKNOWN,
      '[PYTHON_EXCEPTION] An exception was thrown: Traceback (most recent call last):\n  File "/w.py", line 9\n    import it\nModuleNotFoundError: No module named \'wasmtime\'\n SQLSTATE: 38000',
    ),
    "Spark refused a statement (PYTHON_EXCEPTION): ModuleNotFoundError: No module named 'wasmtime'",
    1,
  ],
  [
    'who asks is not known',
    failing(UNAUTHENTICATED, 'bad token s3cret for https://u:pw@host/'),
    'Spark refused a statement (UNAUTHENTICATED): the server does not know who asks',
    1,
  ],
  [
    'tasks that fail whenever they are tried',
    failing(INTERNAL, 'Job aborted due to stage failure: ExecutorLostFailure (executor 3 on 10.0.0.7:4040)'),
    'Spark refused a statement (INTERNAL): Job aborted due to stage failure: ExecutorLostFailure (executor 3 on (an address))',
    3,
  ],
  [
    'something with addresses in it',
    failing(INTERNAL, '[FAILED_READ_FILE] at s3a://key:secret@bucket/x?token=1 on node-7.example:7077 and 10.0.0.7\n'),
    'Spark refused a statement (FAILED_READ_FILE): at (an address) on (an address) and (an address)',
    1,
  ],
]

test.each(refusals)('%s is told in one line, without an address', async (_, answer, line, times) => {
  const server = scripted([answer])
  expect(describeSparkError(error(await statementsOn(server.client).run(query)))).toBe(line)
  expect(server.methods().filter(method => method === 'ExecutePlan')).toHaveLength(times)
})

test('what changes something is not sent again', async () => {
  const server = scripted([lost])
  const found = error(await statementsOn(server.client).run({ _tag: 'Command', query: 'CREATE TABLE a AS SELECT 1' }))
  expect(describeSparkError(found)).toBe(
    'a statement that changes something was lost with its session (INVALID_HANDLE.SESSION_NOT_FOUND)',
  )
  expect(server.methods().filter(method => method === 'ExecutePlan')).toHaveLength(1)
})

test('a server that is nowhere is waited for as long as is said, and its address is not told', async () => {
  const server = scripted([unreachable])
  const begun = performance.now()
  const found = error(await statementsOn(server.client, { patience: 0.3 }).run(query))
  expect(performance.now() - begun).toBeGreaterThan(250)
  expect(found).toEqual({ _tag: 'SparkUnavailable', seconds: 0.3, code: 'UNAVAILABLE' })
  expect(describeSparkError(found)).toBe('no Spark server answered for 0.3 s (UNAVAILABLE)')
  // More and more rarely.
  expect(server.calls.length).toBeLessThan(12)
})

test('a statement by which servers end is not sent for ever', async () => {
  const server = scripted([lost])
  expect(error(await statementsOn(server.client, { patience: 30 }).run(query))).toMatchObject({
    _tag: 'StatementFailed',
  })
  expect(server.methods().filter(method => method === 'ExecutePlan')).toHaveLength(6)
})

describe('a statement is interrupted on the server', () => {
  const silent: Answer = { responses: [progress(false)], ending: 'silence' }
  /** It has not heard of the operation when it is asked first. */
  const answered = {
    Interrupt: ({ request }: { readonly request: Buffer }, number: number) => ({
      responses: number === 0 ? [new Uint8Array(0)] : [interrupted(identifiers(request)[1]!)],
    }),
  }
  const interrupts = (methods: ReadonlyArray<string>) => methods.filter(method => method === 'Interrupt').length

  test('by a signal', async () => {
    const server = scripted([silent], answered)
    const controller = new AbortController()
    const found = statementsOn(server.client).run(query, controller.signal)
    setTimeout(() => controller.abort(), 20)
    expect(error(await found)).toEqual({ _tag: 'StatementStopped' })
    expect(interrupts(server.methods())).toBe(2)
    const [execute, interrupt] = server.calls
    expect(identifiers(interrupt!.request)).toEqual(identifiers(execute!.request))
  })

  test('by its time', async () => {
    const server = scripted([silent], answered)
    const found = error(await statementsOn(server.client, { timeout: 0.02 }).run(query))
    expect(describeSparkError(found)).toBe('a statement took more than 0.02 s, and was interrupted on the server')
    expect(interrupts(server.methods())).toBe(2)
  })

  test('by dispose, behind which every statement is refused', async () => {
    const server = scripted([silent], answered)
    const statements = statementsOn(server.client)
    const found = statements.run(query)
    await new Promise(resolve => setTimeout(resolve, 20))
    await statements.dispose()
    expect(error(await found)).toEqual({ _tag: 'StatementStopped' })
    expect(interrupts(server.methods())).toBe(2)
    expect(server.methods().at(-1)).toBe('ReleaseSession')
    const before = server.calls.length
    expect(error(await statements.run(query))).toEqual({ _tag: 'StatementStopped' })
    expect(server.calls).toHaveLength(before)
  })

  // What only prepares a job loses an interrupt.
  test('as soon as a job of it is there', async () => {
    const late: Answer = { responses: [progress(false)], ending: 'silence', after: 100 }
    const server = scripted([{ responses: [progress(true)] }, late], answered)
    const controller = new AbortController()
    const found = statementsOn(server.client).run(query, controller.signal)
    setTimeout(() => controller.abort(), 20)
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(server.methods()).toEqual(['ExecutePlan', 'ReattachExecute'])
    expect(error(await found)).toEqual({ _tag: 'StatementStopped' })
    expect(interrupts(server.methods())).toBe(2)
  })

  test('and not where it ends by itself', async () => {
    const server = scripted([{ ...whole, after: 60 }], answered)
    const controller = new AbortController()
    const found = statementsOn(server.client).run(query, controller.signal)
    setTimeout(() => controller.abort(), 20)
    expect(E.isRight(await found)).toBe(true)
    expect(interrupts(server.methods())).toBe(0)
  })

  test('and none is begun where the signal has come', async () => {
    const server = scripted([whole])
    expect(error(await statementsOn(server.client).run(query, AbortSignal.abort()))).toEqual({
      _tag: 'StatementStopped',
    })
    expect(server.calls).toEqual([])
  })
})

test.each([
  ['a message that is none', Uint8Array.from([18, 200, 1])],
  ['a batch that is none', batch('1', Uint8Array.from([255, 255, 255, 255, 200, 0, 0, 0, 1, 2, 3]))],
])('%s is an error', async (_, response) => {
  const server = scripted([{ responses: [response] }])
  expect(error(await statementsOn(server.client).run(query))).toMatchObject({ _tag: 'StatementFailed' })
})
