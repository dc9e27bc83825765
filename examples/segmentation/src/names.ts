/** The names of the files that a photo's results are written to. */
export const filesOf = (name: string) => ({
  panels: `${name}_seg.png`,
  logProbability: `${name}_log_probability.png`,
  labels: `${name}_labels.png`,
  summary: `${name}.json`,
})

export const outputNames = (name: string): readonly string[] => Object.values(filesOf(name))
