import { createHash } from 'node:crypto'
import type { SessionFile } from './client/connection.js'

/**
 * What runs in Spark's workers: the kernel, over the record batches of a partition. It gives the number of the partition, how many
 * rows that had, and their sums. The kernel and its memory stay from one task to the next, where Spark keeps its Python processes.
 */
const source = `import ctypes
import json

_kernels = {}


def _kernel(wasm, size):
    import wasmtime

    pages = -(-size // 65536)
    kept = _kernels.get(wasm)
    if kept is None:
        config = wasmtime.Config()
        config.wasm_simd = True
        config.wasm_relaxed_simd = True
        engine = wasmtime.Engine(config)
        store = wasmtime.Store(engine)
        memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(pages, None)))
        exports = wasmtime.Instance(store, wasmtime.Module(engine, wasm), [memory]).exports(store)
        kept = _kernels[wasm] = store, memory, exports
    store, memory, exports = kept
    missing = pages - memory.size(store)
    if missing > 0:
        memory.grow(store, missing)
    return kept


def expectation(plan_text, stored, wasm, batches):
    import numpy as np
    import pyarrow as pa
    from pyspark import TaskContext

    plan = json.loads(plan_text)
    store, memory, exports = _kernel(wasm, plan["bytes"])
    base = ctypes.addressof(memory.data_ptr(store).contents)

    def numbers(at, count):
        return np.ctypeslib.as_array((ctypes.c_double * count).from_address(base + at))

    first = 0
    for part in plan["stored"]:
        ctypes.memmove(base + part["at"], stored[first : first + part["length"]], part["length"])
        first += part["length"]
    exports["useLayout"](store, plan["table"])
    run = exports["expectation"]
    most, block, width = plan["rows"], plan["blockRows"], plan["slotNumbers"]
    parts = [
        (part["first"], part["columns"], numbers(part["at"], most * part["columns"]).reshape(-1, part["columns"], 2))
        for part in plan["columns"]
    ]
    weights = numbers(plan["weights"], most)
    slot = numbers(plan["slots"], width)
    totals = np.zeros(width - 2)
    count = 0
    for batch in batches:
        columns = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
        for start in range(0, batch.num_rows, most):
            rows = min(most, batch.num_rows - start)
            end = start + rows
            blocks = -(-rows // block)
            pairs, odd = divmod(rows, 2)
            for begin, width_of_part, stored_rows in parts:
                for i in range(width_of_part):
                    column = columns[begin + i]
                    stored_rows[:pairs, i, :] = column[start : start + 2 * pairs].reshape(-1, 2)
                    if odd:
                        stored_rows[pairs, i, 0] = column[end - 1]
                        stored_rows[pairs, i, 1] = 0
                stored_rows[pairs + odd : blocks * block // 2] = 0
            weights[:rows] = columns[-1][start:end]
            weights[rows : blocks * block] = 0
            run(store, 0, blocks, plan["slots"])
            totals[:-1] += slot[: width - 3]
            totals[-1] += slot[width - 3] + slot[width - 2] + np.log2(slot[width - 1])
            count += rows
    context = TaskContext.get()
    about = np.array([context.partitionId() if context else 0, count], dtype=np.float64)
    cell = pa.array([np.concatenate([about, totals]).tobytes()], pa.binary())
    yield pa.RecordBatch.from_arrays([cell], ["sums"])
`

const data = new TextEncoder().encode(source)

/** The module by a name that follows from its text: sessions of other versions keep theirs. */
export const workerModule: string = `conjugate_worker_${createHash('sha256').update(data).digest('hex').slice(0, 16)}`

/** As a file of a session. */
export const workerFile: SessionFile = { name: `pyfiles/${workerModule}.py`, data }
