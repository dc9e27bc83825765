// Kernels of tensors over the memory of TensorFlow.js: float32 in and out, float64 within, and scratch space of float64 that the
// caller has taken. No data, no stack and no allocation, since the memory belongs to another module.
export { cholesky, inverse } from './cholesky'
export { solve } from './solve'
