import * as TE from 'fp-ts/lib/TaskEither.js'
import sharp from 'sharp'
import { type FigureError, figureFailed } from './errors.js'
import type { RasterImage } from './resample.js'

/** White between pictures, in pixels. */
const GAP = 8

/** Pictures of one size in rows and columns, with white between them, as PNG. */
export const tilesPng = (rows: ReadonlyArray<ReadonlyArray<RasterImage>>): TE.TaskEither<FigureError, Uint8Array> =>
  TE.tryCatch(async () => {
    const { width, height } = rows[0]![0]!
    const across = Math.max(...rows.map(row => row.length))
    const input = rows.flatMap((row, i) =>
      row.map(({ data, ...size }, j) => ({
        input: Buffer.from(data.buffer, data.byteOffset, data.length),
        raw: size,
        left: j * (width + GAP),
        top: i * (height + GAP),
      })),
    )
    return sharp({
      create: {
        width: across * (width + GAP) - GAP,
        height: rows.length * (height + GAP) - GAP,
        channels: 3,
        background: 'white',
      },
    })
      .composite(input)
      .png({ palette: true, colours: 64 })
      .toBuffer()
  }, figureFailed('tiles'))
