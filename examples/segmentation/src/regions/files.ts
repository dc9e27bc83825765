import { type Files, reasonOf } from '@conjugate/command-line'
import { type FigureError, labelMapPng, logProbabilityPlot, segmentationPanels } from '@conjugate/figures'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cutoutPng, maskPng } from './cut-out.js'
import { filesOf } from './names.js'
import { type RegionsResult, visibleRows } from './result.js'
import { summary } from './summary.js'

const figures = (result: RegionsResult, version: string): TE.TaskEither<FigureError, Files> => {
  const { job, picture, image, counts, found } = result
  const files = filesOf(job.name)
  const components = counts.length
  const rows = visibleRows(found.labels, image, components)
  const visible = counts.reduce((a, b) => a + b, 0)
  const { width, height, objectives } = found.coarse
  const title = `${job.name}: log joint probability, ${width} x ${height} pixels`
  return pipe(
    TE.Do,
    TE.apS('panels', () =>
      segmentationPanels({
        image: picture,
        labels: rows,
        weights: counts.map(count => count / visible),
        ...(result._tag === 'Foreground' && { names: ['Background', 'Foreground'] }),
      })(),
    ),
    TE.apS('labels', () => labelMapPng({ ...rows, hasBlanks: result.transparent > 0 })()),
    TE.apS('objective', () => logProbabilityPlot({ title, values: objectives })()),
    TE.map(({ panels, labels, objective }) => ({
      [files.panels]: panels,
      [files.objective]: objective,
      [files.labels]: labels,
      [files.summary]: summary(result, version),
    })),
  )
}

/** Draws the figures of a result and writes its summary, with the version of the program, in memory. */
export const regionFiles =
  (result: RegionsResult, version: string): TE.TaskEither<FigureError, Files> =>
  async () => {
    const drawn = await figures(result, version)()
    if (E.isLeft(drawn) || result._tag === 'Components') return drawn
    const { cutout, mask } = filesOf(result.job.name)
    return TE.tryCatch(
      async () => ({ ...drawn.right, [cutout]: await cutoutPng(result), [mask]: await maskPng(result) }),
      (cause): FigureError => ({ _tag: 'FigureFailed', figure: 'cut-out', reason: reasonOf(cause) }),
    )()
  }
