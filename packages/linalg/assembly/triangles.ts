// Lower triangles (D x D) of float64 in place, row after row, D numbers each. Sums are added up in the order of plain loops, so that
// bits are those of `src/cholesky.ts` and `src/triangular.ts`: lanes are sums, and nothing is fused. What is worked on lies in panels
// beside it: four numbers of each of up to D rows, one behind the other, of which 32 bytes are what a turn reads.

/** Takes products of rows `from` up to `to` of two panels off the tile (4 x 4) of the second that begins there. */
function takeOff(p: usize, q: usize, from: usize, to: usize): void {
  const tile = q + to
  let a = v128.load(tile)
  let b = v128.load(tile, 16)
  let c = v128.load(tile, 32)
  let d = v128.load(tile, 48)
  let e = v128.load(tile, 64)
  let f = v128.load(tile, 80)
  let g = v128.load(tile, 96)
  let h = v128.load(tile, 112)
  for (; from < to; from += 32) {
    const x = v128.load(q + from)
    const y = v128.load(q + from, 16)
    let factor = v128.load_splat<u64>(p + from)
    a = f64x2.sub(a, f64x2.mul(factor, x))
    b = f64x2.sub(b, f64x2.mul(factor, y))
    factor = v128.load_splat<u64>(p + from, 8)
    c = f64x2.sub(c, f64x2.mul(factor, x))
    d = f64x2.sub(d, f64x2.mul(factor, y))
    factor = v128.load_splat<u64>(p + from, 16)
    e = f64x2.sub(e, f64x2.mul(factor, x))
    f = f64x2.sub(f, f64x2.mul(factor, y))
    factor = v128.load_splat<u64>(p + from, 24)
    g = f64x2.sub(g, f64x2.mul(factor, x))
    h = f64x2.sub(h, f64x2.mul(factor, y))
  }
  v128.store(tile, a)
  v128.store(tile, b, 16)
  v128.store(tile, c, 32)
  v128.store(tile, d, 48)
  v128.store(tile, e, 64)
  v128.store(tile, f, 80)
  v128.store(tile, g, 96)
  v128.store(tile, h, 112)
}

/** Forward substitution of a tile by the one on the diagonal, of which row k and column r hold entry (r, k) of the factor. */
function substitute(diagonal: usize, tile: usize): void {
  for (let r: usize = 0; r < 4; r++) {
    const row = tile + (r << 5)
    let x = v128.load(row)
    let y = v128.load(row, 16)
    let entry = diagonal + (r << 3)
    for (let other = tile; other < row; other += 32, entry += 32) {
      const factor = v128.load_splat<u64>(entry)
      x = f64x2.sub(x, f64x2.mul(factor, v128.load(other)))
      y = f64x2.sub(y, f64x2.mul(factor, v128.load(other, 16)))
    }
    const pivot = v128.load_splat<u64>(entry)
    v128.store(row, f64x2.div(x, pivot))
    v128.store(row, f64x2.div(y, pivot), 16)
  }
}

/** Whether the tile on the diagonal has a factor; where not, the pivot that is none is left in its place. */
function factoriseTile(tile: usize, pivots: usize): usize {
  for (let r: usize = 0; r < pivots; r++) {
    const row = tile + (r << 5)
    for (let c = r; c < 4; c++) {
      let sum = load<f64>(row + (c << 3))
      for (let other = tile; other < row; other += 32) sum -= load<f64>(other + (r << 3)) * load<f64>(other + (c << 3))
      if (c > r) sum /= load<f64>(row + (r << 3))
      // Written so that NaN fails too.
      else if (sum > 0 && sum < Infinity) sum = sqrt<f64>(sum)
      else {
        store<f64>(row + (c << 3), sum)
        return r
      }
      store<f64>(row + (c << 3), sum)
    }
  }
  return pivots
}

/** Four rows of the matrix at 0 to a panel, up to the diagonal; rows behind the last are those of an identity. */
function pack(n: usize, first: usize, panel: usize): void {
  for (let i = first; i < first + 4; i++, panel += 8) {
    let to = panel
    let from = (i * n) << 3
    // A tile on the diagonal is whole.
    const end = panel + ((first + 4) << 5)
    if (i < n) for (const last = panel + ((i + 1) << 5); to < last; to += 32, from += 8) store<f64>(to, load<f64>(from))
    for (; to < end; to += 32) store<f64>(to, 0)
    if (i >= n) store<f64>(panel + (i << 5), 1)
  }
}

/** Where a panel of a triangle begins that is at `panels`. */
function panelOf(panels: usize, n: usize, first: usize): usize {
  return panels + first * (((n + 3) & ~3) << 3)
}

/** The lower factor of the matrix at 0 in its place, with zeros above; gives -1, or the first pivot that is not positive, which is at 0. */
export function factorise(n: usize): i32 {
  const panels = (n * n) << 3
  for (let j: usize = 0; j < n; j += 4) {
    const panel = panelOf(panels, n, j)
    pack(n, j, panel)
    for (let i: usize = 0; i < j; i += 4) {
      const other = panelOf(panels, n, i)
      takeOff(other, panel, 0, i << 5)
      substitute(other + (i << 5), panel + (i << 5))
    }
    const diagonal = panel + (j << 5)
    takeOff(panel, panel, 0, j << 5)
    const pivots = min<usize>(4, n - j)
    const found = factoriseTile(diagonal, pivots)
    if (found < pivots) {
      store<f64>(0, load<f64>(diagonal + found * 40))
      return <i32>(j + found)
    }
    for (let r: usize = 0; r < pivots; r++)
      for (let k: usize = 0; k < n; k++)
        store<f64>(((j + r) * n + k) << 3, k <= j + r ? load<f64>(panel + (k << 5) + (r << 3)) : 0)
  }
  return -1
}

/** The lower triangle L^-1 B in the place of B, which is behind a factor L at 0; gives whether all of it is finite. */
export function solve(n: usize): bool {
  const b = (n * n) << 3
  const stride = n << 3
  const panels = b << 1
  const rows = (n + 3) & ~3
  const x = panelOf(panels, n, rows)
  // Nothing times zero is 0, or NaN.
  let nothing = f64x2.splat(0)
  const zero = f64x2.splat(0)
  for (let i: usize = 0; i < n; i += 4) pack(n, i, panelOf(panels, n, i))
  for (let j: usize = 0; j < n; j += 4) {
    // The first rows are short, and so are all where there are no four columns any more.
    const short = n - j < 4 ? n : j + 3
    let row = b + j * (stride + 8)
    for (let i = j, to = x + (j << 5); i < rows; i++, row += stride, to += 32) {
      if (i >= short || i >= n) {
        v128.store(to, i < n ? v128.load(row) : zero)
        v128.store(to, i < n ? v128.load(row, 16) : zero, 16)
      } else for (let c: usize = 0; c < 4; c++) store<f64>(to + (c << 3), c <= i - j ? load<f64>(row + (c << 3)) : 0)
    }
    for (let i = j; i < n; i += 4) {
      const panel = panelOf(panels, n, i)
      takeOff(panel, x, j << 5, i << 5)
      substitute(panel + (i << 5), x + (i << 5))
    }
    row = b + j * (stride + 8)
    for (let i = j, from = x + (j << 5); i < n; i++, row += stride, from += 32) {
      const p = v128.load(from)
      const q = v128.load(from, 16)
      nothing = f64x2.add(nothing, f64x2.mul(f64x2.add(p, q), zero))
      if (i >= short) {
        v128.store(row, p)
        v128.store(row, q, 16)
      } else for (let c: usize = 0; c <= i - j; c++) store<f64>(row + (c << 3), load<f64>(from + (c << 3)))
    }
  }
  return f64x2.extract_lane(nothing, 0) + f64x2.extract_lane(nothing, 1) == 0
}
