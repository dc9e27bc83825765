// The pixels of photos, in one parquet file, are segmented through DuckDB: by the mixture and from the start of `pnpm segment`, which
// fits to distinct colours instead. Both have the same trace, and give every pixel the same component.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '@conjugate/distributions'
import { scratchFile } from '@conjugate/executors/node'
import { identity } from '@conjugate/linalg'
import { fit, gaussianMixture } from '@conjugate/models'
import {
  coloursOf,
  decodeImage,
  defaultSources,
  drawColours,
  findPhoto,
  nameOf,
  type Picture,
  readCommand,
  type Settings,
  segment,
} from '@conjugate/segmentation/assignment'
import { duckdbRows, writePredictions } from '@conjugate/sql'
import * as E from 'fp-ts/lib/Either.js'
import { type Database, literal, openDatabase } from './database.js'
import { right } from './done.js'

interface Photo {
  readonly name: string
  readonly picture: Picture
}

const photoAt = async (photo: string): Promise<Photo> => {
  const bytes = await findPhoto(photo, defaultSources(process.env))()
  if (E.isLeft(bytes)) throw new Error(`${photo}: it is no file, nor a photo of the course in CONJUGATE_IMAGES`)
  const picture = await decodeImage(bytes.right)()
  if (E.isLeft(picture)) throw new Error(`${photo}: it is no picture that can be decoded`)
  return { name: nameOf(photo), picture: picture.right }
}

/** Writes the pixels of all photos, in the order of rows, into one file. */
const writePixels = async (database: Database, photos: ReadonlyArray<Photo>, file: string): Promise<void> => {
  await database.run('CREATE TABLE pixels (photo VARCHAR, pixel INTEGER, red UTINYINT, green UTINYINT, blue UTINYINT)')
  const appender = (await database.createAppender('pixels')) as unknown as {
    readonly appendVarchar: (text: string) => void
    readonly appendInteger: (value: number) => void
    readonly appendUTinyInt: (value: number) => void
    readonly endRow: () => void
    readonly closeSync: () => void
  }
  for (const { name, picture } of photos) {
    const { data, channels } = picture
    for (let pixel = 0, at = 0; at < data.length; pixel++, at += channels) {
      appender.appendVarchar(name)
      appender.appendInteger(pixel)
      for (let i = 0; i < 3; i++) appender.appendUTinyInt(data[at + i]!)
      appender.endRow()
    }
  }
  appender.closeSync()
  await database.run(`COPY pixels TO ${literal(file)} (FORMAT parquet)`)
  await database.run('DROP TABLE pixels')
}

/** The assignment's mixture, as `segment` has it. */
const mixtureOf = ({ components, alpha, kappa0, nu0 }: Settings) =>
  gaussianMixture({
    components,
    concentration: alpha,
    prior: { mean: [0, 0, 0], meanPrecision: kappa0, degreesOfFreedom: nu0, scale: identity(3) },
  })

/** The largest difference of two traces, in units of their values. */
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length
    ? Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!) / Math.max(1, Math.abs(x))))
    : Number.POSITIVE_INFINITY

/** Segments the pixels of a photo that lie in a file, and the photo itself; gives what it found, in a line. */
const compare = async (
  [reads, writes]: readonly [Database, Database],
  { name, picture }: Photo,
  settings: Settings,
  { pixels, labels }: { readonly pixels: string; readonly labels: string },
): Promise<string> => {
  const colours = coloursOf(picture)
  const count = picture.width * picture.height
  const whole = right(
    E.mapLeft(() => `${name}: it could not be segmented`)(await segment(colours, count, settings, () => undefined)()),
  )
  const model = mixtureOf(settings)
  const start = right(
    await fit(model, colours.rows, {
      iterations: 0,
      rowWeights: colours.weights,
      start: { _tag: 'rows', indices: drawColours(colours, count, settings.components, random(settings.seed, 0)) },
    })(),
  )
  const inUnits = ['red', 'green', 'blue'].map(name => `CAST(${name} AS DOUBLE) / 255 AS ${name}`).join(', ')
  await reads.run(
    `CREATE OR REPLACE VIEW photo AS SELECT pixel, ${inUnits} FROM ${literal(pixels)} WHERE photo = ${literal(name)}`,
  )
  const rows = right(
    duckdbRows(reads, { table: 'photo' }, { columns: ['red', 'green', 'blue'], scratch: scratchFile() }),
  )
  const { components, weights } = start
  const fitted = right(
    await fit(model, rows, {
      iterations: settings.iterations,
      start: { _tag: 'parameters', parameters: { components, weights } },
    })(),
  )
  right(await writePredictions(model, fitted, rows, { connection: writes, parquet: labels }, { key: ['pixel'] })())
  const written = (await reads.runAndReadAll(`SELECT pixel, component FROM ${literal(labels)}`)).getRowsJS()
  const others = written.filter(([pixel, component]) => whole.labels[colours.rowOf(Number(pixel))] !== component).length
  const apart = furthest(fitted.objectives, whole.logProbs)
  return `${name}: ${fitted.rows} pixels, ${fitted.objectives.length - 1} iterations, log p ${fitted.objectives.at(-1)!.toFixed(4)}; from the trace of segment ${apart.toExponential(1)}, other labels ${others}`
}

/** Segments photos through one parquet file. */
export const photos = async (names: ReadonlyArray<string>, out: string): Promise<ReadonlyArray<string>> => {
  const command = readCommand({ words: ['--model', 'assignment'], environment: {} })
  if (E.isLeft(command) || command.right._tag !== 'Run') throw new Error('these options are fine')
  const { settings } = command.right
  const all = await Promise.all(names.map(photoAt))
  const databases = await openDatabase()
  const pixels = join(out, 'pixels.parquet')
  await writePixels(databases[1], all, pixels)
  const lines: string[] = []
  for (const photo of all) {
    const labels = join(out, `${photo.name}_labels.parquet`)
    rmSync(labels, { force: true })
    lines.push(await compare(databases, photo, settings, { pixels, labels }))
  }
  for (const database of databases) database.closeSync()
  return lines
}
