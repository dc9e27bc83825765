import { Buffer } from 'node:buffer'

/** What ends a call that failed, as gRPC tells it. */
export interface CallFailed {
  readonly code: number
  readonly details: string
}

interface Cancellable {
  readonly cancel: () => void
}

interface Emitter extends Cancellable {
  on(event: string, listener: (value: unknown) => void): unknown
}

interface Writer extends Cancellable {
  write(request: Uint8Array): unknown
  end(): unknown
}

// Buffers of Node on both sides; whoever compiles against these types may have none.
type Serialize = (request: Uint8Array) => Uint8Array
type Deserialize = (response: Uint8Array) => Uint8Array
type Answered = (error: CallFailed | null, response?: Uint8Array) => void

/**
 * As much of a `Client` of `@grpc/grpc-js` as is used. Where it connects to, and how it says who is there, is its owner's alone: it is
 * made and closed by whoever calls.
 */
export interface GrpcClient {
  makeUnaryRequest(
    path: string,
    serialize: Serialize,
    deserialize: Deserialize,
    request: Uint8Array,
    options: { deadline?: number },
    callback: Answered,
  ): Cancellable
  makeServerStreamRequest(
    path: string,
    serialize: Serialize,
    deserialize: Deserialize,
    request: Uint8Array,
    options: { deadline?: number },
  ): Emitter
  makeClientStreamRequest(
    path: string,
    serialize: Serialize,
    deserialize: Deserialize,
    options: { deadline?: number },
    callback: Answered,
  ): Writer
}

/** Codes of gRPC by which calls end. Source: the status codes page of the gRPC documentation. */
export const STATUS = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const

/** Views of the same bytes. */
const serialize: Serialize = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)
// A Buffer's own `slice` is a view, too.
const deserialize: Deserialize = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)

/** When a call that takes so many milliseconds has ended, whatever happened. */
const within = (milliseconds: number) => ({ deadline: Date.now() + milliseconds })

/** What was thrown where nothing of gRPC was, such as by a client that was closed. */
const failureOf = (error: unknown): CallFailed => {
  const { code, details, message } = (error ?? {}) as { code?: unknown; details?: unknown; message?: unknown }
  return {
    code: typeof code === 'number' ? code : STATUS.unknown,
    details: typeof details === 'string' ? details : typeof message === 'string' ? message : 'it gave no reason',
  }
}

/** Begins a call that is answered once. Rejects with `CallFailed`. */
const answered = (begin: (callback: Answered) => void): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    try {
      begin((error, response) => (error ? reject(failureOf(error)) : resolve(response ?? new Uint8Array(0))))
    } catch (error) {
      reject(failureOf(error))
    }
  })

/** A call of one message that is answered once. Rejects with `CallFailed`. */
export const unary = (
  client: GrpcClient,
  path: string,
  request: Uint8Array,
  milliseconds: number,
): Promise<Uint8Array> =>
  answered(callback => {
    client.makeUnaryRequest(path, serialize, deserialize, request, within(milliseconds), callback)
  })

/** A call that sends one message as a stream, and is answered once. Rejects with `CallFailed`. */
export const upload = (
  client: GrpcClient,
  path: string,
  request: Uint8Array,
  milliseconds: number,
): Promise<Uint8Array> =>
  answered(callback => {
    const call = client.makeClientStreamRequest(path, serialize, deserialize, within(milliseconds), callback)
    call.write(request)
    call.end()
  })

/** A call that is answered by a stream, until that ends. Rejects with `CallFailed`, also where a visit throws. */
export const stream = (
  client: GrpcClient,
  path: string,
  request: Uint8Array,
  {
    milliseconds,
    signal,
    visit,
  }: {
    readonly milliseconds: number
    readonly signal: AbortSignal
    readonly visit: (response: Uint8Array) => void
  },
): Promise<void> =>
  new Promise((resolve, reject) => {
    try {
      const call = client.makeServerStreamRequest(path, serialize, deserialize, request, within(milliseconds))
      const cancel = (): void => call.cancel()
      const ended = (settle: () => void) => (): void => {
        signal.removeEventListener('abort', cancel)
        settle()
      }
      call.on('data', (response: unknown) => {
        try {
          visit(response as Uint8Array)
        } catch (error) {
          ended(() => reject(failureOf(error)))()
          call.cancel()
        }
      })
      call.on('error', (error: unknown) => ended(() => reject(failureOf(error)))())
      call.on('end', ended(resolve))
      signal.addEventListener('abort', cancel)
      if (signal.aborted) cancel()
    } catch (error) {
      reject(failureOf(error))
    }
  })
