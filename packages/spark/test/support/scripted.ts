import { Buffer } from 'node:buffer'
import { EventEmitter } from 'node:events'
import type { GrpcClient } from '@conjugate/spark'

/** How a call ends: well, or with a status of gRPC. */
export type Ending = 'end' | 'silence' | { readonly code: number; readonly details: string }

/** What a server answers to a call. */
export interface Answer {
  readonly responses?: ReadonlyArray<Uint8Array>
  readonly ending?: Ending
  /** Milliseconds until a stream brings something; at once by default. */
  readonly after?: number
}

/** A call as it came. */
export interface Call {
  readonly method: string
  readonly request: Buffer
}

/** A client whose server answers by a script, and the calls that came, in their order. */
export interface Scripted {
  readonly client: GrpcClient
  readonly calls: Call[]
  readonly methods: () => ReadonlyArray<string>
}

const CANCELLED = { code: 1, details: 'Cancelled on client' }

/** Streams are answered one after the other by the script, and its last answer is that of all others; calls are by their name. */
export const scripted = (
  streams: ReadonlyArray<Answer>,
  calls: Readonly<Record<string, (call: Call, number: number) => Answer>> = {},
): Scripted => {
  const came: Call[] = []
  let next = 0
  const named = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  const answerOnce = (call: Call): Answer => {
    const number = came.filter(({ method }) => method === call.method).length
    came.push(call)
    return calls[call.method]?.(call, number) ?? { responses: [new Uint8Array(0)] }
  }
  const reply = (
    { responses = [], ending = 'end' }: Answer,
    deserialize: (response: Uint8Array) => Uint8Array,
    callback: (error: { code: number; details: string } | null, response?: Uint8Array) => void,
  ): void => {
    setImmediate(() => {
      if (typeof ending === 'object') callback(ending)
      else if (ending === 'end') callback(null, deserialize(Buffer.from(responses[0] ?? [])))
    })
  }
  return {
    calls: came,
    methods: () => came.map(({ method }) => method),
    client: {
      makeUnaryRequest: (path, serialize, deserialize, request, _, callback) => {
        reply(answerOnce({ method: named(path), request: Buffer.from(serialize(request)) }), deserialize, callback)
        return { cancel: () => {} }
      },
      makeClientStreamRequest: (path, serialize, deserialize, _, callback) => ({
        cancel: () => {},
        write: (request: Uint8Array) => {
          reply(answerOnce({ method: named(path), request: Buffer.from(serialize(request)) }), deserialize, callback)
        },
        end: () => {},
      }),
      makeServerStreamRequest: (path, serialize, deserialize, request) => {
        came.push({ method: named(path), request: Buffer.from(serialize(request)) })
        const { responses = [], ending = 'end', after = 0 } = streams[Math.min(next++, streams.length - 1)]!
        const emitter = new EventEmitter()
        let isOver = false
        const over = (event: string, value?: unknown): void => {
          if (isOver) return
          isOver = true
          emitter.emit(event, value)
        }
        setTimeout(() => {
          for (const response of responses) if (!isOver) emitter.emit('data', deserialize(Buffer.from(response)))
          if (ending === 'end') over('end')
          else if (ending !== 'silence') over('error', ending)
        }, after)
        return Object.assign(emitter, { cancel: () => setImmediate(() => over('error', CANCELLED)) })
      },
    },
  }
}

const field = (number: number, data: Uint8Array): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(data.length), data])

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

/** Of a stream of results: one with a batch of Arrow, and the one behind which nothing comes. */
export const batch = (id: string, arrow: Uint8Array): Buffer =>
  Buffer.concat([field(2, field(2, arrow)), field(13, Buffer.from(id))])
export const complete = (id: string): Buffer => Buffer.concat([field(13, Buffer.from(id)), field(14, Buffer.alloc(0))])
/** Tells of a stage of four tasks, which is done or not. */
export const progress = (isDone: boolean): Buffer =>
  field(18, field(1, Buffer.from([...[8, 1], ...[16, 4], ...(isDone ? [40, 1] : [])])))
export const interrupted = (operation: string): Buffer => field(2, Buffer.from(operation))

/**
 * A batch as Spark 4.3 sends it: SELECT * FROM VALUES (1, 2.5D, 'x', CAST(NULL AS DOUBLE), true, 7L, CAST('ab' AS BINARY)),
 * (-2, -0D, NULL, 1e300D, false, 9007199254740991L, NULL), (3, 0.1D, 'e with an acute', 4D, NULL, -1L, X'00FF').
 */
export const threeRows: Buffer = Buffer.from(
  '//////gBAAAQAAAAAAAKAA4ABgANAAgACgAAAAAABAAQAAAAAAEKAAwAAAAIAAQACgAAAAgAAAAIAAAAAAAAAAcAAAB4AQAAKAEAAPAAAACoAAAAdAAAADgAAAAEAAAANv///xQAAAAUAAAAFAAAAAAABAEQAAAAAAAAAAAAAAAk////BAAAAGNvbDcAAAAA5v7//xQAAAAUAAAAFAAAAAAAAAIYAAAAAAAAAAAAAADU/v//AAAAAUAAAAAEAAAAY29sNgAAAACe////FAAAABQAAAAUAAAAAAAGARAAAAAAAAAAAAAAAIz///8EAAAAY29sNQAAAADO////FAAAABQAAAAUAAAAAAADARQAAAAAAAAAAAAAAIb///8AAAIABAAAAGNvbDQAABIAGAAUABMAEgAMAAAACAAEABIAAAAUAAAAFAAAABgAAAAAAAUBFAAAAAAAAAAAAAAABAAEAAQAAAAEAAAAY29sMwAAAADG////FAAAABQAAAAcAAAAAAAAAxwAAAAAAAAAAAAAAAAABgAIAAYABgAAAAAAAgAEAAAAY29sMgAAEgAYABQAAAATAAwAAAAIAAQAEgAAABQAAAAUAAAAHAAAAAAAAAIgAAAAAAAAAAAAAAAIAAwACAAHAAgAAAAAAAABIAAAAAQAAABjb2wxAAAAAAAAAAD/////yAEAABQAAAAAAAAADAAWAA4AFQAQAAQADAAAAMgAAAAAAAAAAAAEABAAAAAAAwoAGAAMAAgABAAKAAAAFAAAABgBAAADAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAABAAAAAAAAAAgAAAAAAAAADAAAAAAAAAAYAAAAAAAAAAEAAAAAAAAAIAAAAAAAAAAYAAAAAAAAADgAAAAAAAAAAQAAAAAAAABAAAAAAAAAABAAAAAAAAAAUAAAAAAAAAADAAAAAAAAAFgAAAAAAAAAAQAAAAAAAABgAAAAAAAAABgAAAAAAAAAeAAAAAAAAAABAAAAAAAAAIAAAAAAAAAAAQAAAAAAAACIAAAAAAAAAAEAAAAAAAAAkAAAAAAAAAAYAAAAAAAAAKgAAAAAAAAAAQAAAAAAAACwAAAAAAAAABAAAAAAAAAAwAAAAAAAAAAEAAAAAAAAAAAAAAAHAAAAAwAAAAAAAAAAAAAAAAAAAAMAAAAAAAAAAAAAAAAAAAADAAAAAAAAAAEAAAAAAAAAAwAAAAAAAAABAAAAAAAAAAMAAAAAAAAAAQAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAwAAAAAAAAABAAAAAAAAAAcAAAAAAAAAAQAAAP7///8DAAAAAAAAAAcAAAAAAAAAAAAAAAAABEAAAAAAAAAAgJqZmZmZmbk/BQAAAAAAAAAAAAAAAQAAAAEAAAADAAAAeMOpAAAAAAAGAAAAAAAAAAAAAAAAAAAAnHUAiDzkN34AAAAAAAAQQAMAAAAAAAAAAQAAAAAAAAAHAAAAAAAAAAcAAAAAAAAA////////HwD//////////wUAAAAAAAAAAAAAAAIAAAACAAAABAAAAGFiAP8AAAAA/////wAAAAA=',
  'base64',
)
