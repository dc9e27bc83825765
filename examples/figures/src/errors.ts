/** Why a figure could not be drawn. */
export type FigureError = { readonly _tag: 'FigureFailed'; readonly figure: string; readonly reason: string }

/** Describes the error in one line: which figure, and why. */
export const describeFigureError = ({ figure, reason }: FigureError): string =>
  `the ${figure} could not be drawn (${reason})`

export const figureFailed =
  (figure: string) =>
  (cause: unknown): FigureError => ({
    _tag: 'FigureFailed',
    figure,
    reason: cause instanceof Error ? cause.message : String(cause),
  })
