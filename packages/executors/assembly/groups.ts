// Rows of equal bits and their weights, by open addressing in a table at most half full. A distinct row is kept beside its
// weight, since what costs is to miss the cache. The host has room for `capacity` of them, with a table of twice as many
// places behind the last, and makes more.
import { NUMBER } from './memory.generated'

let columns: usize = 0
let records: usize = 0
let table: usize = 0
let capacity: u32 = 0
let count: u32 = 0

function sizeOf(): usize {
  return (columns + 1) * NUMBER
}

/** Begins with no rows. Numbers from `address` on have to be zeros. */
export function beginGroups(rowColumns: usize, address: usize): void {
  columns = rowColumns
  records = address
  capacity = 0
  count = 0
}

/** Makes room for more: a power of two, and at least four times as many as before, so that the new table is all zeros. */
export function roomForGroups(most: u32): void {
  capacity = most
  table = records + <usize>most * sizeOf()
  for (let group: u32 = 0; group < count; group++) {
    const h = hash(records + <usize>group * sizeOf())
    let place = placeOf(h)
    while (load<u32>(place) != 0) place = next(place)
    put(place, group, h)
  }
}

export function groupCount(): u32 {
  return count
}

/** A multiplication for each number, with its high bits folded into the low ones, which round numbers leave empty. */
function hash(row: usize): u64 {
  let h: u64 = 0x9e3779b97f4a7c15
  for (const end = row + columns * NUMBER; row < end; row += NUMBER) {
    h = (h ^ load<u64>(row)) * 0xff51afd7ed558ccd
    h ^= h >> 32
  }
  return h
}

function placeOf(h: u64): usize {
  return table + (<usize>h & (((<usize>capacity) << 1) - 1)) * NUMBER
}

function next(place: usize): usize {
  const end = table + <usize>capacity * 2 * NUMBER
  return place + NUMBER < end ? place + NUMBER : table
}

/** A place of the table holds a group, counted from 1, and the high half of its hash. */
function put(place: usize, group: u32, h: u64): void {
  store<u32>(place, group + 1)
  store<u32>(place, <u32>(h >> 32), 4)
}

function equal(a: usize, b: usize): bool {
  for (const end = a + columns * NUMBER; a < end; a += NUMBER) {
    if (load<u64>(a) != load<u64>(b)) return false
    b += NUMBER
  }
  return true
}

/**
 * Writes the group of every row, and adds its weight, or 1 where `weights` is 0, to that of the group. Returns how many rows it
 * got through before there was no more room.
 */
export function groupRows(source: usize, weights: usize, rows: u32, groups: usize): u32 {
  const size = sizeOf()
  for (let row: u32 = 0; row < rows; row++) {
    const h = hash(source)
    let place = placeOf(h)
    let record: usize = 0
    for (;;) {
      const group = load<u32>(place)
      if (group == 0) {
        if (count == capacity) return row
        put(place, count, h)
        record = records + <usize>count * size
        memory.copy(record, source, columns * NUMBER)
        store<f64>(record + columns * NUMBER, 0)
        store<u32>(groups, count++)
        break
      }
      record = records + <usize>(group - 1) * size
      if (load<u32>(place, 4) == <u32>(h >> 32) && equal(record, source)) {
        store<u32>(groups, group - 1)
        break
      }
      place = next(place)
    }
    const weight = record + columns * NUMBER
    store<f64>(weight, load<f64>(weight) + (weights ? load<f64>(weights + <usize>row * NUMBER) : 1))
    source += columns * NUMBER
    groups += 4
  }
  return rows
}

/** Weights are told apart up to this. */
const MOST: u32 = 255

function bucketOf(group: u32): usize {
  const weight = load<f64>(records + <usize>group * sizeOf() + columns * NUMBER)
  return <usize>min(<f64>MOST, weight)
}

/**
 * Writes distinct rows, weights and the new number of each group, sorted by small weights so that rows with the same, which
 * share a logarithm, lie together. `counts` has room for 257 numbers of 32 bits, all zeros.
 */
export function sortGroups(counts: usize, values: usize, weights: usize, numbers: usize): void {
  for (let group: u32 = 0; group < count; group++) {
    const at = counts + (bucketOf(group) + 1) * 4
    store<u32>(at, load<u32>(at) + 1)
  }
  for (let bucket: usize = 0; bucket < MOST; bucket++) {
    const at = counts + (bucket + 1) * 4
    store<u32>(at, load<u32>(at) + load<u32>(counts + bucket * 4))
  }
  for (let group: u32 = 0; group < count; group++) {
    const at = counts + bucketOf(group) * 4
    const number = load<u32>(at)
    store<u32>(at, number + 1)
    store<u32>(numbers + <usize>group * 4, number)
    const record = records + <usize>group * sizeOf()
    memory.copy(values + <usize>number * columns * NUMBER, record, columns * NUMBER)
    store<f64>(weights + <usize>number * NUMBER, load<f64>(record + columns * NUMBER))
  }
}
