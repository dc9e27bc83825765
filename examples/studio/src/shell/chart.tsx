/** Values by their place, as a line from the first to the last; what they are is said in words, too. */
export const LineChart = ({ values, label }: { readonly values: ReadonlyArray<number>; readonly label: string }) => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const range = most > least ? most - least : 1
  const points = values.map((value, i) => {
    const x = values.length > 1 ? (100 * i) / (values.length - 1) : 0
    return `${x.toFixed(2)},${(38 - (36 * (value - least)) / range).toFixed(2)}`
  })
  return (
    <svg class="line-chart" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
      <path d="M0 39.5H100" class="base" />
      {points.length > 0 && <polyline points={points.join(' ')} />}
    </svg>
  )
}
