/** What the page can do without of TensorFlow.js: a GPU is used by WebGPU, or not at all. */
const WITHOUT = '@tensorflow/tfjs-backend-webgl'
const STAND_IN = '\0no-webgl'

/** @returns {import('vite').Plugin} */
export const gpuParts = () => ({
  name: 'gpu parts',
  enforce: 'pre',
  resolveId: id => (id === WITHOUT ? STAND_IN : null),
  load: id => (id === STAND_IN ? "throw new Error('the studio computes on a GPU by WebGPU')" : null),
})
