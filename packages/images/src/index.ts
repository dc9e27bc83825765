export { type AlphaExpansionOptions, alphaExpansion, type ExpandedLabels } from './cut/alpha-expansion.js'
export { type MinimumCut, minimumCut } from './cut/minimum-cut.js'
export { type SmoothComponents, type SmoothComponentsOptions, smoothComponents } from './foreground/components.js'
export type { EnergyParts } from './foreground/em-model.js'
export type { Box, Given as ForegroundHints } from './foreground/hints.js'
export type { PictureCheckpoint } from './foreground/journal.js'
export { type ForegroundModel, type ForegroundModelOptions, foregroundModel } from './foreground/model.js'
export { segment } from './foreground/segment.js'
export type {
  Fitted,
  LabelMixture,
  SearchOptions,
  Segmentation,
  SegmentOptions,
  SegmentProgress,
  Size,
} from './foreground/types.js'
export { type ContrastFieldOptions, contrastField } from './grid/contrast.js'
export { type Field, fieldEnergy, type Grid, type UniformFieldOptions, uniformField } from './grid/field.js'
export type { RgbImage } from './grid/image.js'
export { type DistinctColours, distinctColours, labOf } from './grid/lab.js'
export { connectedRegions, type Regions } from './grid/regions.js'
export { type SmallPartsOptions, withoutSmallParts } from './grid/small-parts.js'
export { type MixedPixels, type MixedPixelsOptions, mixedPixels } from './matte/mixed-pixels.js'
export { type FieldLabels, type FieldLabelsOptions, fieldLabels } from './mean-field/field-labels.js'
export { type MeanField, type MeanFieldOptions, meanField } from './mean-field/mean-field.js'
