import { dataOf, parseCsv } from '@conjugate/csv'
import { latentClassMixture } from '@conjugate/models'
import { fit } from '@conjugate/models/promise'
import { right } from '@conjugate/testing'
import { expect, test } from 'vitest'

test('a file is fitted as its rows are', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => ({ smokes: (n * n) % 2, drinks: n % 5 === 0 ? null : (n * 7) % 3 }))
  const text = `smokes,drinks,name\n${rows.map(({ smokes, drinks }, n) => `${['no', 'yes'][smokes]},${drinks ?? ''},n${n}`).join('\n')}`
  const table = right(parseCsv(text, { columns: { drinks: 'category' } }))
  const mixture = latentClassMixture({ components: 2, concentration: 2, columns: { smokes: 2, drinks: 3 } })
  // The compiler knows the columns by their names: nothing is said twice.
  const data = right(dataOf(table, ['smokes', 'drinks']))
  const [ofFile, ofRows] = [await fit(mixture, data), await fit(mixture, rows)]
  expect(ofFile.objectives).toEqual(ofRows.objectives)
  expect(ofFile.assignments).toEqual(ofRows.assignments)
})
