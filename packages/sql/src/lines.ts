/** Characters of a line at the most: statements may be long, and databases repeat them. */
const LONGEST = 300

/** Codes of connections that are none, or no longer, and of whom a database does not know: their messages have addresses and names. */
const OF_CONNECTIONS = /^(E[A-Z_]{3,}|08...|28...)$/

/** Where something is on the web, in which there may be passwords and signatures. */
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`)]+/gi

const codeOf = (error: unknown): string | undefined => {
  const { code, syscall } = (error ?? {}) as { readonly code?: unknown; readonly syscall?: unknown }
  // The socket of a server that has not begun yet.
  if (code === 'ENOENT' && syscall === 'connect') return 'ECONNREFUSED'
  return typeof code === 'string' ? code : undefined
}

/** One line of what a database says, without addresses. */
export const lineOf = (error: unknown): string => {
  const code = codeOf(error)
  if (code !== undefined && OF_CONNECTIONS.test(code)) return `there is no connection (${code})`
  const said = error instanceof Error ? error.message : String(error)
  const line = said.split('\n')[0]!.trim().replaceAll(ADDRESS, '(an address)')
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line
}

/**
 * Codes of connections that broke, or are refused for now. Source: errno of the system; appendix A of the manual of Postgres, class 08,
 * too_many_connections and the three of class 57 that are of a server that stops or begins.
 */
const LOST = /^(E(CONN(RESET|REFUSED|ABORTED)|PIPE|TIMEDOUT|(HOST|NET)UNREACH|AI_AGAIN)|08...|53300|57P0[123])$/

/** What is said of them without a code: by `pg`, and by DuckDB of files that are elsewhere. */
const LOST_WORDS = /^(Connection terminated|Connection Error|HTTP Error|IO Error: .*\b(connection|timed? ?out)\b)/i

/** What is there, and refused or not found, is so the next time. */
const REFUSED_WORDS = /\b4(?!08|25|29)\d\d\b/

/** Whether a statement failed because of its connection, and may be asked again. */
export const isLost = (error: unknown): boolean => {
  const code = codeOf(error)
  if (code !== undefined) return LOST.test(code)
  const line = lineOf(error)
  return LOST_WORDS.test(line) && !REFUSED_WORDS.test(line)
}
