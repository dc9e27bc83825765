// The one description of the kernel's memory. The kernel (`assembly/memory.generated.ts`) and the host that writes tables for it
// (`src/wasm/kernel/memory.generated.ts`) are both generated from it, so that neither can count a field that the other does not.

/** Bytes of a pair of lanes, and of a number. */
export const LANES = 16
export const NUMBER = 8

/** Columns of residuals that lie together. */
export const TILE = 4

/** Rows that are worked on together, one in each lane. */
const PAIR_ROWS = 2

/** The number of pairs is a multiple of this, for the functions that take as many at a time. */
const PAIRS_AT_ONCE = 4

/** Bytes before are 128 by which threads talk, and the constants of the kernel. */
const AFTER_CONSTANTS = 1024

/** Where the compiler puts the constants, and those of the kernel that leaves out what rounds away, which works beside it. */
export const CONSTANTS = 128
export const SKIPPING_CONSTANTS = 576

/** The kinds of densities, each with what describes a component and, after a semicolon, what its statistics are. */
const kinds = {
  Quadratic: 'Constant, mean, whitening in tile order; weight, sum, lower triangle of the outer products by rows.',
  Diagonal: 'Constant, mean, scale; weight, sum, squares.',
  Linear:
    'Two components together, or the last alone: their constants, then their natural parameters column by column; weight, sum.',
  Offset: 'A constant that counts for nothing; weight.',
  Indexed:
    'A line of all components for what is missing, of zeros, and for each level of logarithms; weight, a sum for each level.',
  Product: 'Factors of these kinds; behind their densities a log2 constant for each component.',
}

/** The table of a thread: name, type and meaning of each field, in order. */
const layout = [
  ['columns', 'u32', 'Of the rows, those of all factors where densities are products.'],
  ['components', 'u32', 'Their number.'],
  ['pairs', 'u32', 'Of all rows.'],
  ['blockPairs', 'u32', 'Of every block but the last, which may have fewer.'],
  ['weighted', 'u32', '1 where rows have weights of their own; 0 where all but the padding weigh 1.'],
  ['kind', 'u32', 'What the densities are: the place among the kinds.'],
  ['numbers', 'u32', 'How many numbers describe a component, and as many are its statistics.'],
  ['data', 'usize', 'Element (n, c) is number ((n >> 1) D + c) 2 + (n & 1).'],
  ['weights', 'usize', 'Weighted: of every row. Otherwise: of a full block, then of the last one.'],
  ['densities', 'usize', 'Per component: log2 constant and parameters; of linear densities per two components.'],
  ['logits', 'usize', 'Base 2; then their exponentials less the maximum, then responsibilities.'],
  ['maxima', 'usize', 'Of the logits of a row.'],
  ['sums', 'usize', 'Of the exponentials.'],
  ['ratios', 'usize', 'Row weights over these sums.'],
  [
    'residuals',
    'usize',
    'x - mean of one component, as the rows are or, for statistics, in tiles; or responsibilities, row by row.',
  ],
  ['products', 'usize', 'The same, times the responsibility, in tiles.'],
  ['partials', 'usize', 'Two lanes each: per component weight, sums and products; log-likelihood.'],
  [
    'places',
    'usize',
    'Of products: where the levels of indices are in their tables, two u32 for each pair of rows and factor.',
  ],
  ['factors', 'usize', 'Of products: a table for each factor.'],
  ['factorCount', 'u32', 'How many.'],
  ['skipping', 'usize', 'Where E-steps leave out what rounds away: a table of what they remember. Otherwise 0.'],
  ['live', 'usize', 'There: the components of a block that count, a u32 each.'],
  ['floors', 'usize', 'There: of each strip of a block the least of the maxima of its rows.'],
]

/** Behind these are fields that only the host reads. */
const host = [
  ['rows', 'u32', 'Without padding.'],
  ['blocks', 'u32', 'Their number.'],
  ['rangeBlocks', 'u32', 'Blocks of a range.'],
  ['ranges', 'u32', 'Their number.'],
  ['slots', 'u32', 'Sums of the ranges.'],
  ['slotNumbers', 'u32', 'Numbers of a slot.'],
  ['own', 'u32', 'Bytes from the logits on that each thread has to itself.'],
  ['end', 'u32', 'Behind everything.'],
]

/** One of the factors of a product, whose densities and sums lie behind those of the factors before it, for all components. */
const factor = [
  ['kind', 'u32', 'The place among the kinds.'],
  ['columns', 'u32', 'Of this factor alone.'],
  ['numbers', 'u32', 'As in the layout, of this factor alone.'],
  ['data', 'usize', 'Its columns, stored as if there were no others; of indices that follow each other those of all.'],
]

/** What E-steps remember of blocks, in order to leave out what rounds away: one such table for all threads. */
const skipping = [
  [
    'everything',
    'u32',
    '0 where something may be left out, otherwise 1, or more: of so many ranges one is counted in what would be enough.',
  ],
  ['firsts', 'usize', 'Of every block: the component of most weight, a u32.'],
  [
    'bounds',
    'usize',
    'Of every block, component and strip of rows: a distance that none is within, an f32; first -1 where the component counts.',
  ],
  ['strips', 'u32', 'Parts of a block that distances are remembered of.'],
  ['stripPairs', 'u32', 'Pairs of rows of each.'],
  ['limits', 'usize', 'Of every component, base 2: how far below the greatest of a row what it adds may be left out.'],
  ['shares', 'usize', 'The powers of 2 of these.'],
  ['shrinks', 'usize', 'Of every component: the share of a remembered distance that is left in its new metric.'],
  ['shifts', 'usize', 'Of every component: what is to be taken off then, since its mean has moved.'],
  ['tallies', 'usize', 'Of every range, two f64: pairs of rows and components that were computed, and that counted.'],
  ['rangeBlocks', 'u32', 'Blocks of a range.'],
  ['keys', 'usize', 'Of every row, a u32: by what it is to be laid out anew. 0 where none are wanted.'],
  ['order', 'usize', 'Of every row, a u32: its number when it was loaded.'],
  ['spare', 'usize', 'Of every row a few numbers, while rows are moved.'],
  ['seconds', 'u32', 'How many second components keys tell apart: all, or 1.'],
  ['hashes', 'u32', 'How many sets of components keys tell apart, by a hash.'],
]

const WORD = 4
/** With one word behind the fields, by which a thread is told of its share. */
const TABLE = 128
const FACTOR = factor.length * WORD
const SKIPPING = skipping.length * WORD
if ((layout.length + host.length + 1) * WORD > TABLE)
  throw new Error(`a table has more fields than ${TABLE} bytes hold`)

const header = '// Generated by scripts/build-kernel.js from scripts/memory.js'

const classOf = (name, fields) =>
  [
    '@unmanaged',
    `export class ${name} {`,
    ...fields.map(([field, type, text]) => `  /** ${text} */\n  ${field}: ${type}`),
    '}',
  ].join('\n')

const kindConstants = Object.entries(kinds).map(
  ([name, text], i) => `/** ${text} */\nexport const ${name.toUpperCase()}: u32 = ${i}`,
)

const sizes = { LANES, NUMBER, TILE, FACTOR }

/** For AssemblyScript. */
export const kernelMemory = `${[
  header,
  classOf('Layout', layout),
  classOf('Factor', factor),
  classOf('Skipping', skipping),
  ...kindConstants,
  Object.entries(sizes)
    .map(([name, size]) => `export const ${name}: usize = ${size}`)
    .join('\n'),
].join('\n\n')}\n`

const listOf = (name, fields) => `export const ${name} = ['${fields.map(([field]) => field).join("', '")}'] as const`

/** For the host. */
export const hostMemory = `${[
  header,
  listOf('tableFields', [...layout, ...host]),
  listOf('factorFields', factor),
  listOf('kindNames', Object.entries(kinds)),
  Object.entries({ ...sizes, TABLE, PAIR_ROWS, PAIRS_AT_ONCE, AFTER_CONSTANTS })
    .map(([name, size]) => `export const ${name} = ${size}`)
    .join('\n'),
].join('\n\n')}\n`

/** For that part of the host which leaves something out. */
export const hostSkipping = `${[header, listOf('skippingFields', skipping), `export const SKIPPING = ${SKIPPING}`].join(
  '\n\n',
)}\n`
