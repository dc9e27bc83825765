import type { TensorInfo } from '@tensorflow/tfjs-core'
import { gammaSource, wgsl } from './gpu-gamma.js'
import type { WebGpuBackend } from './internals.js'
import { batched, sizeOf, viewed } from './shape.js'

/** Up to so many rows a thread makes a factor, and beyond a group of threads. */
const [ALONE, GROUP] = [8, 64]

/** The entries of column j in the rows from `first` on, by steps. What was made is read from the output. */
const columnOf = (d: number): string => `
fn column(at : i32, first : i32, step : i32, j : i32) {
  var q = A[at + j * ${d} + j];
  for (var k = 0; k < j; k++) { let u = result[at + j * ${d} + k]; q = q - u * u; }
  let pivot = select(uniforms.NAN, sqrt(q), q > 0.0 && q <= 3.402823e38);
  for (var i = first; i < ${d}; i = i + step) {
    var s = 0.0;
    if (i > j) {
      s = A[at + i * ${d} + j];
      for (var k = 0; k < j; k++) { s = s - result[at + i * ${d} + k] * result[at + j * ${d} + k]; }
      s = s / pivot;
    }
    if (i == j) { s = pivot; }
    result[at + i * ${d} + j] = s;
  }
}
fn clear(at : i32, first : i32, step : i32) {
  let last = result[at + ${d * d - 1}];
  if (!(last > 0.0)) { for (var i = first; i < ${d * d}; i = i + step) { result[at + i] = uniforms.NAN; } }
}`

/**
 * One matrix a thread, or a group. A barrier has to be reached by all, so that none returns before; and where the pivot of the last
 * column is, which tells of NaN, is read by all before any writes there.
 */
const factorOf = (d: number): string =>
  d <= ALONE
    ? `${columnOf(d)}
fn main(index : i32) {
  if (index >= uniforms.outShape.x) { return; }
  let at = index * ${d * d};
  for (var j = 0; j < ${d}; j++) { column(at, 0, 1, j); }
  clear(at, 0, 1);
}`
    : `${columnOf(d)}
fn main(index : i32) {
  let n = index / ${GROUP};
  let first = index % ${GROUP};
  for (var j = 0; j < ${d}; j++) {
    if (n < uniforms.outShape.x) { column(n * ${d * d}, first, ${GROUP}, j); }
    storageBarrier();
  }
  if (n < uniforms.outShape.x && first == 0) { clear(n * ${d * d}, 0, 1); }
}`

export const choleskyOnWebGpu = (gpu: WebGpuBackend, [x]: ReadonlyArray<TensorInfo>): TensorInfo => {
  const a = batched(x!)
  const [n, d] = a.shape as [number, number]
  const program = { inputs: ['A'], shape: a.shape, key: `cholesky ${d}`, group: GROUP, code: factorOf(d) }
  return viewed(gpu.run({ ...program, groups: d <= ALONE ? Math.ceil(n / GROUP) : n }, [a]), x!.shape)
}

/** One column of right sides a thread. */
const solutionOf = (d: number, transposed: boolean): string => `
fn main(index : i32) {
  let m = uniforms.outShape.z;
  let n = index / m;
  if (n >= uniforms.outShape.x) { return; }
  let l = n * ${d * d};
  let y = n * ${d} * m + index % m;
  for (var step = 0; step < ${d}; step++) {
    let i = ${transposed ? `${d - 1} - step` : 'step'};
    var s = B[y + i * m];
    for (var k = ${transposed ? 'i + 1' : '0'}; k < ${transposed ? d : 'i'}; k++) {
      s = s - L[l + ${transposed ? `k * ${d} + i` : `i * ${d} + k`}] * result[y + k * m];
    }
    result[y + i * m] = s / L[l + i * ${d} + i];
  }
}`

export const solveOnWebGpu = (
  gpu: WebGpuBackend,
  [factor, b]: ReadonlyArray<TensorInfo>,
  { transposed }: { readonly transposed: boolean },
): TensorInfo => {
  const [l, right] = [batched(factor!), batched(b!)]
  const [n, d, m] = right.shape as [number, number, number]
  const key = `solve ${d} ${transposed}`
  const program = { inputs: ['L', 'B'], shape: right.shape, key, group: GROUP, groups: Math.ceil((n * m) / GROUP) }
  return viewed(gpu.run({ ...program, code: solutionOf(d, transposed) }, [l, right]), b!.shape)
}

export const gammaOnWebGpu = (
  gpu: WebGpuBackend,
  [x]: ReadonlyArray<TensorInfo>,
  { order, dimension }: { readonly order: number; readonly dimension: number },
): TensorInfo => {
  const entries = viewed(x!, [sizeOf(x!.shape)])
  const code = `${gammaSource(order, dimension, wgsl)}
fn main(index : i32) { if (index < uniforms.outShape) { result[index] = ofEntry(A[index]); } }`
  const key = `gamma ${order} ${dimension}`
  const groups = Math.ceil(entries.shape[0]! / GROUP)
  return viewed(gpu.run({ inputs: ['A'], shape: entries.shape, key, group: GROUP, groups, code }, [entries]), x!.shape)
}
