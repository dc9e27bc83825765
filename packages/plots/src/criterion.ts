import { checkOptions, invalidOption } from '@conjugate/em'
import { exactly, list, oneOf, optional, text } from '@conjugate/em/schema'
import { describeValue, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import { dots } from './drawing/dots.js'
import { drawn, padded } from './drawing/drawing.js'
import { extentOf, line, lineSign } from './drawing/lines.js'
import { counted, type DrawingOptions, drawingFields } from './drawing/options.js'
import { element, rounded } from './drawing/svg.js'
import { inDigits } from './drawing/ticks.js'
import type { PlotError } from './errors.js'

/** The criteria of a fit with some number of components, by name. */
export interface CriteriaOf {
  readonly components: number
  readonly criteria: Readonly<Record<string, number>>
}

/** A candidate as `compareComponents` of `@conjugate/models` gives it: its criteria, or why there is no fit. */
export interface PlotCandidate {
  readonly components: number
  readonly result: E.Either<unknown, { readonly criteria: object }>
}

/** Options of {@link criterion}. */
export interface CriterionOptions extends DrawingOptions {
  /** Which criteria are drawn, by name; all of the first candidate by default. */
  readonly criteria?: ReadonlyArray<string>
  /** Which end is better, and marked; `lowest` by default, as of AIC, BIC and ICL. */
  readonly best?: 'lowest' | 'highest'
}

const options = exactly({
  ...drawingFields,
  criteria: optional(list(text)),
  best: optional(oneOf('lowest', 'highest')),
})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** One candidate; without criteria where its fit failed. */
interface Found {
  readonly components: number
  readonly criteria: Readonly<Record<string, unknown>> | undefined
}

const criteriaIn = (candidate: Readonly<Record<string, unknown>>): unknown => {
  const { result } = candidate
  if (!isObject(result)) return candidate['criteria']
  if (result['_tag'] === 'Left') return undefined
  return isObject(result['right']) ? result['right']['criteria'] : null
}

const readCandidate = (n: number, candidate: unknown): E.Either<PlotError, Found> => {
  if (!isObject(candidate) || !Number.isSafeInteger(candidate['components']))
    return invalidOption(`candidates[${n}]`, 'a candidate with its number of components', describeValue(candidate))
  const [components, criteria] = [candidate['components'] as number, criteriaIn(candidate)]
  if (criteria === undefined && isObject(candidate['result'])) return E.right({ components, criteria: undefined })
  return isObject(criteria)
    ? E.right({ components, criteria })
    : invalidOption(`candidates[${n}].criteria`, 'an object of numbers', describeValue(criteria))
}

interface Series {
  readonly name: string
  readonly counts: ReadonlyArray<number>
  readonly values: ReadonlyArray<number>
  /** Where the best is. */
  readonly best: number
}

const seriesOf =
  (found: ReadonlyArray<Found>, better: 'lowest' | 'highest') =>
  (name: string): E.Either<PlotError, Series> => {
    const known = found.filter(({ criteria }) => criteria !== undefined)
    const values = known.map(({ criteria }) => criteria![name])
    const wrong = values.findIndex(value => typeof value !== 'number' || !Number.isFinite(value))
    if (wrong >= 0)
      return unreadable({
        what: `${name} of ${counted(known[wrong]!.components)}`,
        expected: 'a finite number',
        received: describeValue(values[wrong]),
      })
    const numbers = values as ReadonlyArray<number>
    const best = numbers.reduce((at, v, i) => ((better === 'lowest' ? v < numbers[at]! : v > numbers[at]!) ? i : at), 0)
    return E.right({ name, counts: known.map(({ components }) => components), values: numbers, best })
  }

const shownName = (name: string): string => (/^[a-z]{3,4}$/.test(name) ? name.toUpperCase() : name)

/**
 * Draws criteria by the number of components, and marks the best of each; an SVG document as a text. What is drawn are candidates of
 * `compareComponents`, or numbers of components with criteria of any name. Candidates without a fit are left out, which the description says.
 * Errors: there are no candidates with criteria; a criterion is not finite.
 */
export const criterion = (
  candidates: ReadonlyArray<PlotCandidate | CriteriaOf>,
  given: CriterionOptions = {},
): E.Either<PlotError, string> =>
  pipe(
    checkOptions(options)(given),
    E.chainW(() =>
      Array.isArray(candidates)
        ? E.right(candidates as ReadonlyArray<unknown>)
        : invalidOption('candidates', 'an array of candidates', describeValue(candidates)),
    ),
    E.chainW(RA.traverseWithIndex(E.Applicative)(readCandidate)),
    E.map(found => [...found].sort((a, b) => a.components - b.components)),
    E.bindTo('found'),
    E.bindW('names', ({ found }) => {
      const first = found.find(({ criteria }) => criteria !== undefined)?.criteria
      const names = given.criteria ?? Object.keys(first ?? {})
      return first === undefined || names.length === 0
        ? invalidOption(
            'candidates',
            'at least one with a fit and a criterion',
            found.length === 0 ? 'an empty array' : `${found.length} without`,
          )
        : E.right(names)
    }),
    E.bindW('series', ({ found, names }) =>
      pipe(names, RA.traverse(E.Applicative)(seriesOf(found, given.best ?? 'lowest'))),
    ),
    E.map(({ found, series }) => {
      const counts = series[0]!.counts
      const lost = found.filter(({ criteria }) => criteria === undefined).map(({ components }) => components)
      const bestOf = ({ name, counts: of, values, best }: Series) =>
        `${shownName(name)} is ${given.best ?? 'lowest'} at ${counted(of[best]!)} (${inDigits(values[best]!)})`
      return drawn(
        {
          name: 'Criteria by number of components',
          description: [
            ...series.map(bestOf),
            ...(lost.length === 0 ? [] : [`no fit for K = ${lost.join(', ')}`]),
          ].join('; '),
          x: { domain: padded(counts[0]!, counts.at(-1)!), label: 'Components', leastStep: 1 },
          y: {
            domain: padded(...extentOf(series.map(({ values }) => values)), 0.06),
            label: series.length === 1 ? shownName(series[0]!.name) : 'Criterion',
          },
          legend: theme =>
            (series.length < 2 ? [] : series).map(({ name }, i) => ({
              sign: lineSign(theme.colour(i)),
              label: shownName(name),
            })),
          marks: (places, theme) =>
            series.flatMap(({ counts: of, values, best }, i) => {
              const stroke = theme.colour(i)
              const all = of.map((count, n) => `M${rounded(places.x(count))},${rounded(places.y(values[n]!))}h0`)
              return [
                line(of, values, places, { stroke, width: 2 }),
                dots(all.join(''), 6, stroke, 1),
                element('circle', {
                  cx: places.x(of[best]!),
                  cy: places.y(values[best]!),
                  r: 7.5,
                  fill: 'none',
                  stroke,
                  'stroke-width': 2,
                }),
              ]
            }),
        },
        given,
      )
    }),
  )
