const minus = (text: string): string => text.replace('-', '−')

const [LARGEST, SMALLEST, MOST_DECIMALS] = [1e7, 1e-4, 8]

/** A number with as many decimals as a deviation of this size makes worth reading: two of its digits. */
export const inUnitsOf = (value: number, deviation: number): string => {
  const size = Math.abs(value)
  if (size !== 0 && (size >= LARGEST || size < SMALLEST)) return minus(value.toPrecision(3).replace('e+', 'e'))
  const decimals = deviation > 0 ? Math.min(MOST_DECIMALS, Math.max(0, 1 - Math.floor(Math.log10(deviation)))) : 2
  return minus(value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }))
}

/** A number as tables have them. */
export const asWritten = (value: number): string => minus(value.toLocaleString('en', { maximumFractionDigits: 8 }))

/** A mean and how far values are from it. */
export const meanAndDeviation = (mean: number, deviation: number): string =>
  `${inUnitsOf(mean, deviation)} ± ${inUnitsOf(deviation, deviation)}`

/** A share in whole percents, and never 0 or 100 where it is neither. */
export const percent = (share: number): string => {
  if (share > 0 && share < 0.005) return '<1\u00a0%'
  if (share < 1 && share > 0.995) return '>99\u00a0%'
  return `${Math.round(100 * share)}\u00a0%`
}

export const whole = (n: number): string => n.toLocaleString('en')

/** So many of them. */
export const counted = (n: number, one: string, many: string = `${one}s`): string =>
  `${whole(n)} ${n === 1 ? one : many}`

/** A number of nats as it is compared. */
export const nats = (value: number): string =>
  minus(value.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
