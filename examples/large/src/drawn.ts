// Numbers at random for any number of rows, made where they are written: each follows from the number of its row, so that a file is
// the same whenever, and by however many threads, it is made.

/** A uniform number between 0 and 1, of row `i`: one for each of 64 streams. */
export const uniform = (stream: number): string =>
  `((CAST(hash(64 * i + ${stream}) >> 11 AS DOUBLE) + 0.5) / 9007199254740992)`

/** A standard normal number. Source: Box and Muller, A note on the generation of random normal deviates (1958). */
export const normal = (stream: number): string =>
  `(sqrt(-2 * ln(${uniform(stream)})) * cos(2 * pi() * ${uniform(stream + 1)}))`

/** The number of one of a few kinds, by their shares. */
export const kind = (stream: number, shares: ReadonlyArray<number>): string => {
  let sum = 0
  const ends = shares.slice(0, -1).map((share, k) => {
    sum += share
    return `WHEN ${uniform(stream)} < ${sum} THEN ${k}`
  })
  return `CASE ${ends.join(' ')} ELSE ${shares.length - 1} END`
}

/** One of a few numbers, by that of a kind. */
export const byKind = (name: string, values: ReadonlyArray<number | string>): string =>
  `CASE ${name} ${values.map((value, k) => `WHEN ${k} THEN ${value}`).join(' ')} END`
