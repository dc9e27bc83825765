/** The option of a stroke. */
export type StrokeOption = 'foreground' | 'background'

/** Which pixels a stroke marks, by the label that it gives them; nothing where there is none. */
export type Strokes = { readonly [Option in StrokeOption]?: Uint8Array }

/** Pixels that are background by strokes, or by being outside of a lasso. */
export const together = (strokes: Strokes, lasso: Strokes): Strokes => {
  const [first, second] = [strokes.background, lasso.background]
  if (first === undefined || second === undefined) return { ...lasso, ...strokes }
  return { ...strokes, background: first.map((v, n) => v | second[n]!) }
}
