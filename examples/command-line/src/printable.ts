// Control characters would move the cursor or split a line, marks of direction reorder what follows.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

const escapeOf = (character: string): string =>
  ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`

/** Text on one line, with what is no printable character written as an escape sequence. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escapeOf)

/** Text with a dash in place of each run of characters that cannot be printed. */
export const withoutUnprintable = (text: string): string =>
  text.replace(new RegExp(`(?:${UNPRINTABLE.source})+`, 'gu'), '-')
