// Loads the addon and divides 1 by 3 in TensorFlow's float64. Exits with 0 when every bit is right.

import { createRequire } from 'node:module'
import { locateAddon } from './addon.js'

const tf = createRequire(locateAddon().manifest)('./dist/index.js')
const { binding } = tf.findBackend('tensorflow')
const int64 = binding.TF_INT64
const double = 2
const type = (name, value) => ({ name, type: binding.TF_ATTR_TYPE, value })

/** Float64 crosses the border of the addon as the bits of an int64. */
const upload = value => {
  const bits = binding.createTensor([1], int64, new Int32Array(Float64Array.of(value).buffer))
  return binding.executeOp('Bitcast', [type('T', int64), type('type', double)], [bits], 1)[0].id
}

const quotient = binding.executeOp('RealDiv', [type('T', double)], [upload(1), upload(3)], 1)[0].id
const bits = binding.executeOp('Bitcast', [type('T', double), type('type', int64)], [quotient], 1)[0].id
const [value] = new Float64Array(binding.tensorDataSync(bits).buffer)

if (value !== 1 / 3) throw new Error(`TensorFlow says that 1 / 3 = ${value}`)
console.log(`TensorFlow ${binding.TF_Version}`)
