import { type CallFailed, STATUS } from './grpc.js'

/** Why Spark gave no result. */
export type SparkError =
  /** The statement cannot be done, whenever it is sent: `code` is Spark's class of errors, or the status of gRPC. */
  | { readonly _tag: 'StatementFailed'; readonly code: string; readonly reason: string }
  /** No server has answered for so long. */
  | { readonly _tag: 'SparkUnavailable'; readonly seconds: number; readonly code: string }
  /** The statement took longer than it may, and was interrupted. */
  | { readonly _tag: 'StatementTimedOut'; readonly seconds: number }
  /** Its session was lost while it changed something: it may have been done, or not, and is not sent again. */
  | { readonly _tag: 'StatementLost'; readonly code: string }
  /** A signal or `dispose` ended it; it was interrupted on the server. */
  | { readonly _tag: 'StatementStopped' }

/** Describes the error in one line for a person. */
export const describeSparkError = (e: SparkError): string => {
  switch (e._tag) {
    case 'StatementFailed':
      return `Spark refused a statement (${e.code}): ${e.reason}`
    case 'SparkUnavailable':
      return `no Spark server answered for ${e.seconds} s (${e.code})`
    case 'StatementTimedOut':
      return `a statement took more than ${e.seconds} s, and was interrupted on the server`
    case 'StatementLost':
      return `a statement that changes something was lost with its session (${e.code})`
    case 'StatementStopped':
      return 'a statement was stopped, and interrupted on the server'
  }
}

const nameOf = (code: number): string =>
  (Object.entries(STATUS).find(([, number]) => number === code)?.[0] ?? `status ${code}`)
    .replaceAll(/[A-Z]/g, letter => `_${letter}`)
    .toUpperCase()

/** What Spark calls an error, such as TABLE_OR_VIEW_NOT_FOUND, as it begins its message. */
const classIn = (details: string): string | undefined => /\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/.exec(details)?.[1]

/** The line that says what it is: of a Python exception the one behind the last place in the traceback, and otherwise the first. */
const lineIn = (details: string): string => {
  const lines = details.split('\n')
  const behind = lines.findLastIndex(line => /^\s+File "/.test(line))
  const said = lines.find((line, i) => i > behind && /^\S/.test(line))
  return said ?? 'it gave no reason'
}

/**
 * One line, without what tells where something runs or by what it is reached: addresses, with their ports, and all of those of the web,
 * in which there may be passwords.
 */
const tellable = (details: string): string =>
  lineIn(details)
    .replace(/^.*?\[([A-Z][A-Z0-9_.]*)\]\s*/, '')
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`)]+/gi, '(an address)')
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '(an address)')
    .replaceAll(/\[?\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){5,}\b\]?(?::\d+)?/gi, '(an address)')
    .replaceAll(/\b[a-z0-9][a-z0-9.-]*:\d{2,5}\b/gi, '(an address)')
    .trim()
    .slice(0, 300)

/** How a call that failed may go on. */
export type Remedy =
  /** The operation may still be there: its stream is taken up again. */
  | 'reattach'
  /** Nothing of it is there: a new session, and the statement again. */
  | 'again'
  /** Tasks of it failed, as those do whose machines are lost: the statement again, not for ever. */
  | 'task'
  /** It would fail every time. */
  | 'none'

/**
 * What is known to pass. Errors of analysis come as INTERNAL, so that the status alone says little.
 * Source: retries.py of the Python client of Spark Connect, for UNAVAILABLE and INVALID_CURSOR.
 */
export const remedyOf = ({ code, details }: CallFailed): Remedy => {
  if (
    /INVALID_HANDLE|SESSION_CHANGED|SESSION_NOT_FOUND|SESSION_CLOSED|OPERATION_NOT_FOUND|OPERATION_ABANDONED/.test(
      details,
    )
  )
    return 'again'
  if (/INVALID_CURSOR/.test(details)) return 'reattach'
  if (classIn(details) === undefined) {
    if (code === STATUS.unavailable || code === STATUS.cancelled || code === STATUS.deadlineExceeded) return 'reattach'
    // A connection that broke in the middle of a message.
    if (code === STATUS.internal && /RST_STREAM|GOAWAY|[Ss]tream (closed|removed)|Connection dropped/.test(details))
      return 'reattach'
  }
  // Spark has tried a task as often as it does by itself. What is computed is a pure function of the rows.
  if (
    /ExecutorLostFailure|Python worker exited unexpectedly|FetchFailed|SparkContext was shut down|MetadataFetchFailed/.test(
      details,
    )
  )
    return 'task'
  return 'none'
}

/** What is said in place of what may tell by what a server is reached. */
const instead: Readonly<Record<number, string>> = {
  [STATUS.unauthenticated]: 'the server does not know who asks',
  [STATUS.permissionDenied]: 'the server allows it not to who asks',
}

/** The error of a statement that would fail every time. */
export const statementFailed = ({ code, details }: CallFailed): SparkError => ({
  _tag: 'StatementFailed',
  code: classIn(details) ?? nameOf(code),
  reason: instead[code] ?? tellable(details),
})

/** The error of a server that has not answered for so long. What gRPC says of it tells where it should have been. */
export const unavailable = (milliseconds: number, { code, details }: CallFailed): SparkError => ({
  _tag: 'SparkUnavailable',
  seconds: milliseconds / 1000,
  code: classIn(details) ?? nameOf(code),
})

/** The error of a statement whose session is gone, and which may have been done. */
export const statementLost = ({ code, details }: CallFailed): SparkError => ({
  _tag: 'StatementLost',
  code: classIn(details) ?? nameOf(code),
})
