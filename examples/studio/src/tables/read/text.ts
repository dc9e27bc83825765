import * as E from 'fp-ts/lib/Either.js'
import type { Reading } from '../table.js'
import { type NoTable, noTable } from './error.js'

/** The largest file that is read, in bytes. */
export const MOST_BYTES = 100 * 2 ** 20

const SAVE_AS_CSV = 'Save the table as CSV, and open that file.'

/** How files begin that people take for tables. */
const SIGNATURES: ReadonlyArray<readonly [start: string, what: string, advice: string]> = [
  ['PK\x03\x04', 'a workbook (.xlsx, .ods) or another zip archive', SAVE_AS_CSV],
  ['\xd0\xcf\x11\xe0', 'an old workbook (.xls)', SAVE_AS_CSV],
  ['%PDF', 'a PDF document', 'Open the table that it was made from, as CSV.'],
  ['\x89PNG', 'a picture (PNG)', 'Pictures are for Photos; a table is a CSV file.'],
  ['\xff\xd8\xff', 'a picture (JPEG)', 'Pictures are for Photos; a table is a CSV file.'],
  ['GIF8', 'a picture (GIF)', 'Pictures are for Photos; a table is a CSV file.'],
  ['RIFF', 'a picture or a recording', 'Pictures are for Photos; a table is a CSV file.'],
  ['PAR1', 'a Parquet file', SAVE_AS_CSV],
  ['ARROW1', 'an Arrow file', SAVE_AS_CSV],
  ['SQLite', 'a database', 'Export the table as CSV, and open that file.'],
  ['\x1f\x8b', 'a compressed file (gzip)', 'Unpack it first.'],
]

type Encoding = Reading['encoding']

/** A text, and what had to be assumed to read it. */
export interface Decoded {
  readonly text: string
  readonly encoding: Encoding
  readonly notes: ReadonlyArray<string>
}

const binary = (name: string, what: string, advice: string): E.Either<NoTable, never> =>
  E.left(noTable(`${name} is ${what}, not a text.`, advice))

const OTHER_BYTES = 'The file is not UTF-8; it was read as Windows-1252, so look whether its accents are right.'

/** Whether there are characters that no text has. */
const hasControls = (text: string): boolean => {
  for (let i = 0; i < Math.min(text.length, 2 ** 16); i++) {
    const code = text.charCodeAt(i)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13) || (code >= 0x80 && code < 0xa0))
      return true
  }
  return false
}

const decoded = (bytes: Uint8Array, encoding: Encoding): Decoded => ({
  text: new TextDecoder(encoding, { fatal: encoding === 'utf-8' }).decode(bytes),
  encoding,
  notes: encoding === 'windows-1252' ? [OTHER_BYTES] : [],
})

const decode = (bytes: Uint8Array): Decoded | undefined => {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return decoded(bytes, 'utf-16le')
  if (a === 0xfe && b === 0xff) return decoded(bytes, 'utf-16be')
  if (bytes.subarray(0, 2 ** 16).includes(0)) return undefined
  try {
    return decoded(bytes, 'utf-8')
  } catch {
    const other = decoded(bytes, 'windows-1252')
    return hasControls(other.text) ? undefined : other
  }
}

/** Reads the bytes of a file as the text of a table. Errors: it is empty, too large, or no text. */
export const textOf = (name: string, bytes: Uint8Array): E.Either<NoTable, Decoded> => {
  if (bytes.length === 0) return E.left(noTable(`${name} is empty.`, 'Open a CSV file with a line for each row.'))
  if (bytes.length > MOST_BYTES)
    return E.left(
      noTable(
        `${name} has ${Math.round(bytes.length / 2 ** 20)} MB, and a page reads up to ${MOST_BYTES / 2 ** 20}.`,
        'Open a part of its rows; files of any size are for the packages in Node.',
      ),
    )
  const start = String.fromCharCode(...bytes.subarray(0, 8))
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature))
  if (known) return binary(name, known[1], known[2])
  const found = decode(bytes)
  if (found === undefined) return binary(name, 'a file of bytes', SAVE_AS_CSV)
  const shown = found.text.trimStart()
  if (shown === '')
    return E.left(noTable(`${name} has nothing but blanks.`, 'Open a CSV file with a line for each row.'))
  if (/^<(!doctype|html|\?xml|svg)/i.test(shown))
    return E.left(noTable(`${name} is a web page or XML, not a table.`, SAVE_AS_CSV))
  if (/^[[{]\s*("|\{|\[|\]|\})/.test(shown)) return E.left(noTable(`${name} is JSON, not a table.`, SAVE_AS_CSV))
  return E.right(found)
}
