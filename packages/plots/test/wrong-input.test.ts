import { criterion, density, describePlotError, objective, responsibilities, scatter } from '@conjugate/plots'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'

const nothing = undefined as never
const any = <A>(value: A) => value as never
const rows = [
  [1, 2],
  [3, 4],
]
const good = { components: 1, criteria: { bic: 1 } }

// What is wrong with data and options is said in a line: what, where, what was expected and what was found.
test.each([
  [
    'no data',
    scatter(nothing),
    'data: nothing, expected rows of numbers, a matrix, an object of columns or a list of numbers',
  ],
  ['no rows', scatter([]), 'data: an empty list, expected at least one row'],
  [
    'no columns',
    scatter({}),
    'data: {}, expected rows of numbers, a matrix, an object of columns or a list of numbers',
  ],
  [
    'NaN',
    scatter([
      [1, 2],
      [Number.NaN, 4],
    ]),
    'data, row 1, column 0: NaN, expected a finite number, or null where it is missing',
  ],
  [
    'infinity',
    scatter([
      [1, 2],
      [3, Infinity],
    ]),
    'data, row 1, column 1: Infinity, expected a finite number, or null where it is missing',
  ],
  [
    'what is too large',
    scatter([[1, 1e305]]),
    'data, row 0, column 1: 1e+305, expected a number of at most 1e300 in size',
  ],
  [
    'a text',
    scatter(any([[1, '2']])),
    'data, row 0, column 1: "2", expected a finite number, or null where it is missing',
  ],
  ['a ragged row', scatter([[1, 2], [3]]), 'data, row 1: [3], expected 2 numbers as in row 0'],
  [
    'columns of other lengths',
    scatter({ a: [1, 2], b: [1] }),
    'data, column b: 1 of them, expected 2 cells as in column a',
  ],
  [
    'a matrix of other sizes',
    scatter({ rows: 3, columns: 2, data: [1, 2] }),
    'data: {rows: 3, columns: 2, data: [1, 2]}, expected a matrix whose data are rows x columns numbers',
  ],
  ['missing cells alone', scatter([[1, null]]), 'data: none, expected at least one row without a missing cell'],
  [
    'an Either',
    scatter(any(E.right(rows))),
    'data: an Either (Right), which has to be unwrapped first, expected rows of numbers, a matrix, an object of columns or a list of numbers',
  ],
  ['one column', scatter([1, 2, 3]), 'data: 1 of them, expected at least 2 columns'],
  [
    'more than two columns without a choice',
    scatter([[1, 2, 3]]),
    'columns is missing, expected two of the columns 0, 1, 2 of data',
  ],
  [
    'a column that is not there',
    scatter({ a: [1], b: [2], c: [3] }, { columns: ['a', 'd'] }),
    'columns[1] is "d", expected two of the columns a, b, c of data',
  ],
  [
    'one column chosen',
    scatter([[1, 2, 3]], { columns: any([1]) }),
    'columns is an array of 1, expected an array of 2',
  ],
  [
    'assignments of other rows',
    scatter(rows, { assignments: [0] }),
    'assignments is 1 of them, expected one for each of 2 rows',
  ],
  [
    'an assignment that is none',
    scatter(rows, { assignments: [0, 1.5] }),
    'assignments[1] is 1.5, expected the number of a component from 0 to 255, or -1 for none',
  ],
  [
    'responsibilities of other rows',
    scatter(rows, { responsibilities: [[1]] }),
    'responsibilities is 1 of them, expected one for each of 2 rows',
  ],
  [
    'a component without a mean',
    scatter(rows, { components: any([{ covariance: rows }]) }),
    'components[0].mean is nothing, expected numbers at 0 and 1, the columns that are drawn',
  ],
  [
    'a mean of one column',
    scatter(rows, { components: [{ mean: [1], variance: 1 }] }),
    'components[0].mean is [1], expected numbers at 0 and 1, the columns that are drawn',
  ],
  [
    'a covariance that is indefinite',
    scatter(rows, {
      truth: [
        {
          mean: [0, 0],
          covariance: [
            [1, 2],
            [2, 1],
          ],
        },
      ],
    }),
    'truth[0] is [[1, 2], [2, 1]], expected a covariance, variances or a variance that is positive definite in the columns 0 and 1',
  ],
  ['no deviations', scatter(rows, { deviations: [0] }), 'deviations[0] is 0, expected a finite number above 0'],
  [
    'a misspelt option',
    scatter(rows, any({ assignment: [0, 0] })),
    'assignment is an unknown option, expected assignments',
  ],
  [
    'a theme that is none',
    objective([1], { theme: any('blue') }),
    'theme is "blue", expected one of "page", "light", "dark"',
  ],
  ['a size of nothing', density([1], { width: 0 }), 'width is 0, expected a finite number above 100'],
  ['no objectives', objective([]), 'objectives: an empty list, expected at least one row'],
  [
    'an objective of NaN',
    objective([
      [1, 2],
      [1, Number.NaN],
    ]),
    'objectives[1], row 1: NaN, expected a finite number, or null where it is missing',
  ],
  ['an objective that is missing', objective([1, null]), 'objectives, row 1: none, expected a number'],
  [
    'an iteration that is not there',
    objective([1, 2], { from: 2 }),
    'from is 2, expected at most 1, the last iteration of all',
  ],
  ['no candidates', criterion([]), 'candidates is an empty array, expected at least one with a fit and a criterion'],
  [
    'candidates without a fit',
    criterion([{ components: 1, result: E.left('no') }]),
    'candidates is 1 without, expected at least one with a fit and a criterion',
  ],
  [
    'a criterion that is not there',
    criterion([good], { criteria: ['aic'] }),
    'aic of 1 component: nothing, expected a finite number',
  ],
  [
    'a candidate that is none',
    criterion(any([good, 7])),
    'candidates[1] is 7, expected a candidate with its number of components',
  ],
  [
    'candidates that are awaited',
    criterion(any(Promise.resolve([]))),
    'candidates is a Promise, which has to be awaited first, expected an array of candidates',
  ],
  ['what is no probability', responsibilities([[1.5, -0.5]]), 'responsibilities[0][0] is 1.5, expected a probability'],
  [
    'probabilities of no sum',
    responsibilities([
      [0.5, 0.5],
      [0.5, 0.2],
    ]),
    'responsibilities[1] is a sum of 0.7, expected probabilities that sum to 1',
  ],
  ['several columns', density([[1, 2]]), 'columns is missing, expected one of the columns 0, 1 of data'],
  [
    'a density of NaN',
    density([1, 2], { components: [() => Number.NaN] }),
    'components[0](1) is NaN, expected a finite density, which is not below 0',
  ],
  [
    'a density that throws',
    density([1, 2], {
      components: [
        () => {
          throw new Error('no')
        },
      ],
    }),
    'components[0] failed: no',
  ],
  ['counts that are not whole', density([1, 2.5], { whole: true }), 'data, row 1: 2.5, expected a whole number'],
])('%s', (_, drawing, message) => {
  expect(E.isLeft(drawing) ? describePlotError(drawing.left) : 'a drawing').toBe(message)
})
