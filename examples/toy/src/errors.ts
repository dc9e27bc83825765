import { describeOptionError, describeOutputError, type OptionError, type OutputError } from '@conjugate/command-line'
import { describeFigureError, type FigureError } from '@conjugate/figures'
import { describeFitError, type FitError } from '@conjugate/models'

export type ToyError = OptionError | OutputError | FigureError | FitError

/** The error in one line. */
export const describe = (error: ToyError): string => {
  switch (error._tag) {
    case 'WrongOptions':
      return describeOptionError(error)
    case 'FolderUnusable':
    case 'WriteFailed':
      return describeOutputError(error)
    case 'FigureFailed':
      return describeFigureError(error)
    default:
      return describeFitError(error)
  }
}
