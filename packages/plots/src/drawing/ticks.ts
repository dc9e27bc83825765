/** Round values along an axis with the labels they carry. */
export interface Ticks {
  readonly values: ReadonlyArray<number>
  readonly label: (value: number) => string
}

const UNITS: ReadonlyArray<readonly [threshold: number, unit: number, symbol: string]> = [
  [1e12, 1e12, 'T'],
  [1e9, 1e9, 'G'],
  [1e6, 1e6, 'M'],
  // 10k and up reads better with a unit; 1,500 does not need one.
  [1e4, 1e3, 'k'],
]

/** Beyond these, powers of ten. */
const [LARGEST, SMALLEST] = [1e15, 1e-5]

const signed = (text: string): string => text.replace('-', '−')

// Without `Intl`, which takes a fiftieth of a second to be there.

/** 0 has no sign, and neither has what is rounded to it. */
const withoutZeroSign = (text: string): string => (/^-[0.]+$/.test(text) ? text.slice(1) : text)

/** A number of so many decimals at the most, with commas between thousands. */
const inThousands = (value: number, decimals: number): string => {
  const [whole, fraction = ''] = withoutZeroSign(value.toFixed(decimals)).split('.')
  const digits = fraction.replace(/0+$/, '')
  return whole!.replace(/\B(?=(\d{3})+$)/g, ',') + (digits === '' ? '' : `.${digits}`)
}

/** Steps of 1, 2 or 5 times a power of ten, the least that leaves at most `count` of them on the axis. */
const roundStep = (extent: number, count: number): number => {
  const least = extent / count
  const magnitude = 10 ** Math.floor(Math.log10(least))
  return magnitude * ([1, 2, 5].find(factor => factor * magnitude >= least) ?? 10)
}

const labelsFor = (largest: number, step: number): Ticks['label'] => {
  if (largest >= LARGEST || largest < SMALLEST) {
    const digits = Math.min(15, Math.max(0, Math.ceil(Math.log10(largest / step))))
    return value => (value === 0 ? '0' : signed(value.toExponential(digits).replace('e+', 'e')))
  }
  const [, unit, symbol] = UNITS.find(([threshold]) => largest >= threshold) ?? [1, 1, '']
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9)))
  // From 10,000 on there is a unit, and years have no comma.
  return value => signed(withoutZeroSign((value / unit).toFixed(decimals))) + symbol
}

/**
 * About `count` ticks from `low` to `high`, at least `leastStep` apart. All labels of an axis share one unit
 * (1.76M) and as many decimals as tell neighbours apart.
 */
export const axisTicks = (low: number, high: number, count: number, leastStep = 0): Ticks => {
  const step = Math.max(roundStep(high - low, count), leastStep)
  const first = Math.ceil(low / step)
  const length = Math.max(0, Math.floor(high / step) - first + 1)
  const values = Array.from({ length }, (_, i) => (first + i) * step)
  return { values, label: labelsFor(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || step, step) }
}

/** A number in words: four digits that mean something. */
export const inDigits = (value: number): string => {
  const size = Math.abs(value)
  if (size !== 0 && (size >= LARGEST || size < SMALLEST)) return signed(value.toExponential(3).replace('e+', 'e'))
  const decimals = size === 0 ? 0 : Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(size))))
  return signed(inThousands(value, decimals))
}
