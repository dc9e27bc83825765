import type { Attribute, Binding, TensorId } from './binding.js'

/** `TF_DOUBLE` of the enumeration `TF_DataType`, which the addon computes with but doesn't export. */
const double = 2

/** Operations on float64 tensors. The names are TensorFlow's, and so is broadcasting. */
export interface Ops {
  readonly upload: (values: Float64Array, shape: ReadonlyArray<number>) => TensorId
  readonly download: (tensor: TensorId) => Float64Array
  readonly unary: (name: 'Exp' | 'Log' | 'Square', x: TensorId) => TensorId
  readonly binary: (
    name: 'AddV2' | 'DivNoNan' | 'Maximum' | 'Mul' | 'MulNoNan' | 'Sub',
    x: TensorId,
    y: TensorId,
  ) => TensorId
  /** x, but `otherwise` where it is NaN. */
  readonly orElse: (x: TensorId, otherwise: TensorId) => TensorId
  /** Along one axis, which is kept with length 1. */
  readonly reduce: (name: 'Max' | 'Sum', x: TensorId, axis: number) => TensorId
  /** Products of the matrices in the last two axes; `transposeY` takes each y transposed. */
  readonly matMul: (x: TensorId, y: TensorId, transposeY: boolean) => TensorId
}

/** Runs a computation and deletes all of its tensors at its end, also when it throws. */
export const withOps = <A>(binding: Binding, compute: (ops: Ops) => A): A => {
  const created: TensorId[] = []
  try {
    return compute(makeOps(binding, created))
  } finally {
    for (const id of created) binding.deleteTensor(id)
  }
}

/** Uploads tensors that stay. */
export const uploadResident = (binding: Binding, values: Float64Array, shape: ReadonlyArray<number>): TensorId => {
  const bits = binding.createTensor(
    shape,
    binding.TF_INT64,
    new Int32Array(values.buffer, values.byteOffset, values.length * 2),
  )
  try {
    return bitcast(binding, bits, binding.TF_INT64, double)
  } finally {
    binding.deleteTensor(bits)
  }
}

const dtype = (binding: Binding, name: string, value: number): Attribute => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value,
})

const flag = (binding: Binding, name: string, value: boolean): Attribute => ({
  name,
  type: binding.TF_ATTR_BOOL,
  value,
})

/** The addon has no float64 of its own: float64 enters and leaves it as the same bits called int64. */
const bitcast = (binding: Binding, tensor: TensorId, from: number, to: number): TensorId =>
  binding.executeOp('Bitcast', [dtype(binding, 'T', from), dtype(binding, 'type', to)], [tensor], 1)[0]!.id

const makeOps = (binding: Binding, created: TensorId[]): Ops => {
  const own = (id: TensorId): TensorId => {
    created.push(id)
    return id
  }
  const type = dtype(binding, 'T', double)
  const run = (name: string, attributes: ReadonlyArray<Attribute>, inputs: ReadonlyArray<TensorId>): TensorId =>
    own(binding.executeOp(name, attributes, inputs, 1)[0]!.id)
  const axes = [0, 1, 2].map(axis => own(binding.createTensor([1], binding.TF_INT32, Int32Array.of(axis))))
  const reduceAttributes = [type, dtype(binding, 'Tidx', binding.TF_INT32), flag(binding, 'keep_dims', true)]
  return {
    upload: (values, shape) => own(uploadResident(binding, values, shape)),
    download: tensor => {
      const { buffer, byteOffset, byteLength } = binding.tensorDataSync(
        own(bitcast(binding, tensor, double, binding.TF_INT64)),
      )
      return new Float64Array(buffer as ArrayBuffer, byteOffset, byteLength / Float64Array.BYTES_PER_ELEMENT)
    },
    unary: (name, x) => run(name, [type], [x]),
    binary: (name, x, y) => run(name, [type], [x, y]),
    orElse: (x, otherwise) => run('SelectV2', [type], [run('IsNan', [type], [x]), otherwise, x]),
    reduce: (name, x, axis) => run(name, reduceAttributes, [x, axes[axis]!]),
    matMul: (x, y, transposeY) =>
      run('BatchMatMulV2', [type, flag(binding, 'adj_x', false), flag(binding, 'adj_y', transposeY)], [x, y]),
  }
}
