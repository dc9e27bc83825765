// The layers of the workspace, from the one that all may use to the ones that nothing uses.
export const layers = [
  ['linalg'],
  ['distributions'],
  ['em', 'executors', 'csv'],
  ['models', 'plots'],
  ['images', 'sql'],
  ['spark'],
  ['command-line', 'figures'],
  ['gallery', 'segmentation', 'studies', 'toy'],
  ['studio', 'large'],
]

/** @param {string} name a package name without its scope */
export const layerOf = name => layers.findIndex(layer => layer.includes(name))
