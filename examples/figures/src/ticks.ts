/** Round values along an axis with the labels they carry. */
export interface Ticks {
  readonly values: readonly number[]
  readonly label: (value: number) => string
}

const UNITS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
]

// 10k and up reads better with a unit; 1,500 does not need one.
const unitOf = (largest: number): readonly [number, string] => {
  const [threshold, symbol] = UNITS.find(([least]) => largest >= least) ?? [1, '']
  return [symbol === 'k' ? 1e3 : threshold, symbol]
}

// Ten steps of 1, 2 or 5 times a power of ten, the least that leaves at most `count` of them on the axis.
const roundStep = (extent: number, count: number): number => {
  const least = extent / count
  const magnitude = 10 ** Math.floor(Math.log10(least))
  return magnitude * ([1, 2, 5].find(factor => factor * magnitude >= least) ?? 10)
}

/**
 * About `count` ticks from `low` to `high`, at least `leastStep` apart. All labels of an axis share one unit
 * (1.76M) and as many decimals as tell neighbours apart.
 */
export const axisTicks = (low: number, high: number, count: number, leastStep = 0): Ticks => {
  const step = Math.max(roundStep(high - low, count), leastStep)
  const first = Math.ceil(low / step)
  const values = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step)
  const [unit, symbol] = unitOf(Math.max(...values.map(Math.abs)))
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9)))
  const number = new Intl.NumberFormat('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: 'negative',
  })
  return { values, label: value => `${number.format(value / unit).replace('-', '−')}${symbol}` }
}
