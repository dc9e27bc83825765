/** The files that the results of a photo are written to. */
export const filesOf = (name: string) => ({
  panels: `${name}_seg.png`,
  objective: `${name}_log_probability.png`,
  labels: `${name}_labels.png`,
  summary: `${name}.json`,
  cutout: `${name}_cutout.png`,
  mask: `${name}_mask.png`,
})

/** The names of the files that results are written to: a cut-out and its mask of foregrounds alone. */
export const regionNames = (name: string, isForeground: boolean): readonly string[] => {
  const { cutout, mask, ...all } = filesOf(name)
  return [...Object.values(all), ...(isForeground ? [cutout, mask] : [])]
}
