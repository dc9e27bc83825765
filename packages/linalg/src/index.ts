export type { Matrix, Vector } from './matrix.js'
