/** What panels are called: the whole, and then each component with its weight, by its name where it has one. */
export const panelTitles = (weights: readonly number[], names?: readonly string[]): readonly string[] => [
  'Original',
  ...weights.map((weight, k) =>
    names === undefined
      ? `Component ${k + 1} (weight ${weight.toFixed(3)})`
      : `${names[k]} (${(100 * weight).toFixed(1)} %)`,
  ),
]
