import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'

/** One component number for each row, or -1 where it is not known. */
export type Labels = ArrayLike<number>

/** Checks labels. Errors: there are more or fewer labels than rows, or one is no number of a component. */
export const checkLabels = (labels: Labels, rows: number, components: number): E.Either<FitError, Labels> => {
  const invalid = (received: string): E.Either<FitError, never> =>
    E.left({
      _tag: 'InvalidOption',
      option: 'labels',
      expected: `${rows} whole numbers from -1 to ${components - 1}`,
      received,
    })
  if (labels.length !== rows) return invalid(`${labels.length} of them`)
  const wrong = Array.from(labels).findIndex(l => !(Number.isInteger(l) && l >= -1 && l < components))
  return wrong < 0 ? E.right(labels) : invalid(`${labels[wrong]} in row ${wrong}`)
}
