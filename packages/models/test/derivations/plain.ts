/** Sums, products and matrices on plain arrays, written without the library that they help to check. */
export type Numbers = ReadonlyArray<number>
export type Rows = ReadonlyArray<Numbers>

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
export const sum = (values: Numbers): number => values.reduce((a, b) => a + b, 0)
export const inner = (a: Numbers, b: Numbers): number => sum(a.map((v, i) => v * b[i]!))
export const minus = (a: Numbers, b: Numbers): number[] => a.map((v, i) => v - b[i]!)

/** a log b with 0 log 0 = 0. */
export const xlogy = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(b))
export const kl = (p: Numbers, q: Numbers): number => sum(p.map((v, k) => xlogy(v, v / q[k]!)))
export const logSumExp = (values: Numbers): number => {
  const top = values.reduce((a, b) => Math.max(a, b))
  return top + Math.log(sum(values.map(v => Math.exp(v - top))))
}
export const softmax = (values: Numbers): number[] => {
  const total = logSumExp(values)
  return values.map(v => Math.exp(v - total))
}

export const column = (m: Rows, j: number): number[] => m.map(row => row[j]!)
export const transpose = (m: Rows): number[][] => m[0]!.map((_, j) => column(m, j))
export const columnSums = (m: Rows): number[] => transpose(m).map(sum)
export const times = (m: Rows, x: Numbers): number[] => m.map(row => inner(row, x))
export const product = (a: Rows, b: Rows): number[][] => {
  const columns = transpose(b)
  return a.map(row => columns.map(c => inner(row, c)))
}
/** x x'. */
export const square = (x: Numbers): number[][] => x.map(a => x.map(b => a * b))
/** sum_i f_i M_i. */
export const combine = (...terms: ReadonlyArray<readonly [factor: number, m: Rows]>): number[][] =>
  terms[0]![1].map((row, i) => row.map((_, j) => sum(terms.map(([f, m]) => f * m[i]![j]!))))

/** A^-1 and log|A| by elimination with row exchanges. */
export const invert = (a: Rows): { readonly inverse: Rows; readonly logDet: number } => {
  const n = a.length
  const work = a.map((row, i) => [...row, ...range(n).map(j => (i === j ? 1 : 0))])
  let logDet = 0
  for (const c of range(n)) {
    const size = (r: number) => Math.abs(work[r]![c]!)
    const pivot = range(n).reduce((p, r) => (r > c && size(r) > size(p) ? r : p), c)
    const head = work[pivot]!
    work[pivot] = work[c]!
    work[c] = head.map(v => v / head[c]!)
    logDet += Math.log(Math.abs(head[c]!))
    for (const r of range(n)) {
      const factor = work[r]![c]!
      if (r !== c) work[r] = work[r]!.map((v, j) => v - factor * work[c]![j]!)
    }
  }
  return { inverse: work.map(row => row.slice(n)), logDet }
}

/** Eigenvalues and orthonormal eigenvectors (columns) of a symmetric matrix, by Jacobi rotations. */
export const eigen = (m: Rows): { readonly values: Numbers; readonly vectors: Rows } => {
  const pairs = range(m.length).flatMap(q => range(q).map(p => [p, q] as const))
  let values = m
  let vectors: Rows = range(m.length).map(i => range(m.length).map(j => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 12; sweep++)
    for (const [p, q] of pairs) {
      const angle = 0.5 * Math.atan2(2 * values[p]![q]!, values[q]![q]! - values[p]![p]!)
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      const rotate = (row: Numbers) =>
        row.map((v, i) => (i === p ? c * v - s * row[q]! : i === q ? s * row[p]! + c * v : v))
      values = transpose(transpose(values.map(rotate)).map(rotate))
      vectors = vectors.map(rotate)
    }
  return { values: values.map((row, i) => row[i]!), vectors }
}

/** Eigenvalues of A^-1 B for positive definite A and B, as those of the symmetric A^-1/2 B A^-1/2. */
export const eigenvaluesOfQuotient = (a: Rows, b: Rows): Numbers => {
  const { values, vectors } = eigen(a)
  const scaled = vectors.map(row => row.map((v, j) => v / Math.sqrt(values[j]!)))
  return eigen(product(product(transpose(scaled), b), scaled)).values
}
