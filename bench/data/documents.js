import { random } from '@conjugate/distributions'

/**
 * Compressed sparse rows of documents of so many words, of subjects that prefer words of their own. The same for every run.
 * @param {number} rows @param {number} columns @param {number} subjects @param {number} words
 */
export const documentsOf = (rows, columns, subjects, words) => {
  const source = random(30, rows)
  const own = Math.floor(columns / subjects)
  const indptr = new Int32Array(rows + 1)
  /** @type {number[]} */
  const indices = []
  /** @type {number[]} */
  const values = []
  for (let n = 0; n < rows; n++) {
    const counts = new Map()
    for (let w = 0; w < words; w++) {
      // Some words are much more frequent than others.
      const rank = source.uniform() ** 3
      const isOwn = source.uniform() < 0.6
      const word = isOwn ? (n % subjects) * own + Math.floor(rank * own) : Math.floor(rank * columns)
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    for (const [word, count] of [...counts].sort(([a], [b]) => a - b)) {
      indices.push(word)
      values.push(count)
    }
    indptr[n + 1] = indices.length
  }
  return { indptr, indices: Int32Array.from(indices), values: Float64Array.from(values) }
}
