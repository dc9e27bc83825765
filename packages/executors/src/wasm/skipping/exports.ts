/** What leaves out what rounds away, beside the kernel in its memory: `assembly/skipping.ts` says what its functions do. */
export interface SkippingExports {
  readonly useLayout: (table: number) => void
  readonly expectation: (first: number, end: number, target: number) => void
  readonly placeRows: (rows: number, starts: number) => void
  readonly moveRows: (rows: number) => void
}
