// Rows of texts, with the lines at which they begin, from a text or from a stream of pieces of one.
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import Papa from 'papaparse'
import type { CsvError } from './errors.js'

/** Takes a row; what is wrong with it ends the reading. */
export type TakeRow = (cells: ReadonlyArray<string>, line: number) => CsvError | undefined

/** Reads pieces of a file in order. */
export interface LineReader {
  /** Errors: those of a row, and quotes that nothing closes. */
  readonly push: (piece: string, isLast: boolean) => CsvError | undefined
}

/** The signs between cells that are looked for. */
const DELIMITERS = [',', ';', '\t', '|']

/** A mark of bytes, which some programs write first. */
const BYTE_ORDER = '\ufeff'

/** Lines from which the sign between cells is recognised. */
const PREVIEW = 20

const breaksIn = (text: string): number => {
  let breaks = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks++
  return breaks
}

const delimiterOf = (text: string): string =>
  Papa.parse<string[]>(text, { preview: PREVIEW, delimitersToGuess: DELIMITERS, skipEmptyLines: true }).meta.delimiter

/** Reads rows of texts from pieces, of which the first is at least a line where the sign between cells is to be recognised. */
export const lineReader = (delimiter: string | undefined, take: TakeRow): LineReader => {
  let rest = ''
  let line = 1
  let parser: Papa.Parser | undefined
  return {
    push: (piece, isLast) => {
      const text = parser === undefined && piece.startsWith(BYTE_ORDER) ? piece.slice(1) : rest + piece
      if (parser === undefined) {
        const newline = text.includes('\n') || !text.includes('\r') ? '\n' : '\r'
        parser = new Papa.Parser({ delimiter: delimiter ?? delimiterOf(text), newline })
      }
      const { data, errors, meta } = parser.parse(text, 0, !isLast) as Papa.ParseResult<string[]>
      const wrong = errors.find(({ row }) => row !== undefined && row < data.length)
      for (const [n, cells] of data.entries()) {
        if (wrong?.row === n)
          return {
            _tag: 'UnreadableCsv',
            line,
            expected: 'a quote at the end of a cell that begins with one, and two for one inside of it',
            received: describeValue(cells.at(-1)),
          }
        if (cells.length > 1 || cells[0]!.trim() !== '') {
          const error = take(cells, line)
          if (error) return error
        }
        line += 1
        for (const cell of cells) if (cell.includes('\n')) line += breaksIn(cell)
      }
      rest = isLast ? '' : text.slice(meta.cursor)
      return undefined
    },
  }
}

/** Characters that are parsed at once, so that a text of any length takes little more memory than itself. */
const PIECE = 2 ** 20

/** Reads a text. */
export const readText = (text: string, { push }: LineReader): CsvError | undefined => {
  for (let at = 0; at === 0 || at < text.length; at += PIECE) {
    const error = push(text.slice(at, at + PIECE), at + PIECE >= text.length)
    if (error) return error
  }
  return undefined
}

/** Pieces of a file: texts, or bytes, as a stream of Node or of the web gives them. */
export type CsvStream = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>

async function* piecesOf(stream: CsvStream): AsyncGenerator<string | Uint8Array> {
  if (Symbol.asyncIterator in stream) yield* stream as AsyncIterable<string | Uint8Array>
  else {
    const reader = (stream as ReadableStream<string | Uint8Array>).getReader()
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
    } finally {
      await reader.cancel()
    }
  }
}

const failed = (received: string): CsvError => ({
  _tag: 'UnreadableCsv',
  expected: 'a stream of texts, or of bytes in its encoding, that can be read to its end',
  received,
})

/** Reads a stream, of which as much is held as `push` is given at once, and says so each time. Errors, at the end: those of the stream, too. */
export async function* piecesRead(
  stream: CsvStream,
  encoding: string,
  { push }: LineReader,
): AsyncGenerator<E.Either<CsvError, undefined>, void> {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true })
    let pending = ''
    for await (const piece of piecesOf(stream)) {
      const isBytes = ArrayBuffer.isView(piece)
      if (!isBytes && typeof piece !== 'string') return yield E.left(failed(describeValue(piece)))
      pending += isBytes ? decoder.decode(piece, { stream: true }) : piece
      if (pending.length < PIECE) continue
      const error = push(pending, false)
      if (error) return yield E.left(error)
      pending = ''
      yield E.right(undefined)
    }
    const error = push(pending + decoder.decode(), true)
    yield error ? E.left(error) : E.right(undefined)
  } catch (error) {
    yield E.left(failed(error instanceof Error ? describeValue(error.message) : describeValue(error)))
  }
}

/** Reads a stream to its end. */
export const readStream = async (
  stream: CsvStream,
  encoding: string,
  reader: LineReader,
): Promise<E.Either<CsvError, undefined>> => {
  for await (const read of piecesRead(stream, encoding, reader)) if (E.isLeft(read)) return read
  return E.right(undefined)
}
