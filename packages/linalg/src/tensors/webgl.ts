import type { TensorInfo } from '@tensorflow/tfjs-core'
import { gammaSource, glsl } from './gpu-gamma.js'
import type { WebGlBackend } from './internals.js'
import { batched, sizeOf, viewed } from './shape.js'

const isFactor = (q: string): string => `${q} > 0.0 && ${q} <= 3.402823e38`

/** The factor of few rows, unrolled: every fragment computes all of it, and NaN where there is none. */
const unrolled = (d: number): string => {
  const lines: string[] = []
  for (let j = 0; j < d; j++) {
    const less = (i: number): string => Array.from({ length: j }, (_, k) => ` - l${i}_${k} * l${j}_${k}`).join('')
    lines.push(`float q${j} = getA(c.x, ${j}, ${j})${less(j)};`)
    lines.push(`if (!(${isFactor(`q${j}`)})) { setOutput(NAN); return; }`, `float l${j}_${j} = sqrt(q${j});`)
    for (let i = j + 1; i < d; i++) lines.push(`float l${i}_${j} = (getA(c.x, ${i}, ${j})${less(i)}) / l${j}_${j};`)
  }
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) lines.push(`if (c.y == ${i} && c.z == ${j}) { v = l${i}_${j}; }`)
  return `void main() { ivec3 c = getOutputCoords(); float v = 0.0; ${lines.join('\n')} setOutput(v); }`
}

/** Up to so many rows a factor is unrolled, and beyond a pass makes one of its columns. */
const UNROLLED = 6

/** Column j of a factor; the last one makes all of a matrix NaN that has none, of which the columns from the bad one on are. */
const column = (d: number): string => `void main() {
  ivec3 c = getOutputCoords();
  float v = c.z < j ? getL(c.x, c.y, c.z) : 0.0;
  if (c.z == j || j == ${d - 1}) {
    float q = getA(c.x, j, j);
    float s = getA(c.x, c.y, j);
    for (int k = 0; k < ${d}; k++) {
      if (k >= j) { break; }
      float u = getL(c.x, j, k);
      q -= u * u;
      s -= u * getL(c.x, c.y, k);
    }
    if (!(${isFactor('q')})) { v = NAN; }
    else if (c.z == j && c.y >= j) { v = s / sqrt(q); }
  }
  setOutput(v);
}`

/** Runs passes one after another, each on what the last one made. */
const passes = (
  gl: WebGlBackend,
  first: TensorInfo,
  count: number,
  pass: (last: TensorInfo, i: number) => TensorInfo,
): TensorInfo => {
  let last = first
  for (let i = 0; i < count; i++) {
    const made = pass(last, i)
    if (last !== first) gl.give(last)
    last = made
  }
  return last
}

export const choleskyOnWebGl = (gl: WebGlBackend, [x]: ReadonlyArray<TensorInfo>): TensorInfo => {
  const a = batched(x!)
  const d = a.shape[1]!
  const factor =
    d <= UNROLLED
      ? gl.run({ inputs: ['A'], shape: a.shape, code: unrolled(d) }, [a])
      : passes(gl, a, d, (l, j) =>
          gl.run({ inputs: ['A', 'L'], shape: a.shape, code: column(d), whole: 'j' }, [a, l], j),
        )
  return viewed(factor, x!.shape)
}

/** Row i of the solution, of which rows before have been made. */
const row = (d: number, transposed: boolean): string => `void main() {
  ivec3 c = getOutputCoords();
  float v = getY(c.x, c.y, c.z);
  if (c.y == i) {
    for (int k = 0; k < ${d}; k++) {
      if (${transposed ? 'k > i' : 'k < i'}) { v -= ${transposed ? 'getL(c.x, k, i)' : 'getL(c.x, i, k)'} * getY(c.x, k, c.z); }
    }
    v /= getL(c.x, i, i);
  }
  setOutput(v);
}`

export const solveOnWebGl = (
  gl: WebGlBackend,
  [factor, b]: ReadonlyArray<TensorInfo>,
  { transposed }: { readonly transposed: boolean },
): TensorInfo => {
  const [l, right] = [batched(factor!), batched(b!)]
  const d = l.shape[1]!
  const code = row(d, transposed)
  const solution = passes(gl, right, d, (y, step) =>
    gl.run({ inputs: ['L', 'Y'], shape: right.shape, code, whole: 'i' }, [l, y], transposed ? d - 1 - step : step),
  )
  return viewed(solution, b!.shape)
}

export const gammaOnWebGl = (
  gl: WebGlBackend,
  [x]: ReadonlyArray<TensorInfo>,
  { order, dimension }: { readonly order: number; readonly dimension: number },
): TensorInfo => {
  const entries = viewed(x!, [sizeOf(x!.shape)])
  const code = `${gammaSource(order, dimension, glsl)}\nvoid main() { setOutput(ofEntry(getAAtOutCoords())); }`
  return viewed(gl.run({ inputs: ['A'], shape: entries.shape, code }, [entries]), x!.shape)
}
