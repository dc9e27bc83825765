import type { Tensor } from '@tensorflow/tfjs-core'
import type { FactorDensities, ProductDensities, StatisticsOf } from '../contract/executor.js'
import { statisticsOfFactors } from '../contract/statistics.js'
import { uploadConstants } from './constants.js'
import type { Kind, Resident, Upload } from './kind.js'
import { floored } from './logits.js'
import type { ResidentRows } from './rows.js'

/** Uploads the densities of a factor. */
type UploadFactor = (upload: Upload, data: ResidentRows, densities: FactorDensities) => Resident<FactorDensities>

const sumOf = (values: ReadonlyArray<number>): number => values.reduce((sum, v) => sum + v, 0)

/** The sums of each factor among those of all. */
const sumsOfEach = <A>(residents: ReadonlyArray<Resident<FactorDensities>>, sums: ReadonlyArray<A>) => {
  let end = 0
  return residents.map(({ sizes }) => {
    end += sizes.length
    return sums.slice(end - sizes.length, end)
  })
}

/** Factors side by side, whose logarithms, bases and rounding add. */
export const product = (uploadFactor: UploadFactor): Kind<ProductDensities> => ({
  resident: (upload, data, { factors, logConstant }) => {
    const residents = factors.map((factor, f) => uploadFactor(upload, data.factors[f]!, factor))
    const { constants, constant } = uploadConstants(upload, logConstant)
    const slopes = residents.flatMap(({ slope }, f) => (slope ? [{ slope, f }] : []))
    return {
      constant: constant + sumOf(residents.map(resident => resident.constant)),
      totalBase: constant * data.totalWeight + sumOf(residents.map(({ totalBase }) => totalBase)),
      ...(slopes.length > 0 && {
        slope: (tf, block) =>
          slopes.map(({ slope, f }) => slope(tf, block.factors[f]!)).reduce((sum, one): Tensor => tf.add(sum, one)),
      }),
      logits: (tf, block) => {
        const found = residents.map((resident, f) => resident.logits(tf, block.factors[f]!))
        return {
          logits: floored(
            tf,
            found.reduce((sum, { logits }): Tensor => tf.add(sum, logits), constants),
          ),
          sums: responsibilities => found.flatMap(({ sums }) => sums(responsibilities)),
        }
      },
      sizes: residents.flatMap(({ sizes }) => sizes),
      rounding: sums => {
        const each = sumsOfEach(residents, sums).flatMap((own, f) => residents[f]!.rounding?.(own) ?? [])
        return { lost: sumOf(each.map(({ lost }) => lost)), most: sumOf(each.map(({ most }) => most)) }
      },
      statistics: sums => {
        const all = sumsOfEach(residents, sums).map(
          (own, f): StatisticsOf<FactorDensities> => residents[f]!.statistics(own),
        )
        const { weight } = all[0]!
        return statisticsOfFactors(all.map(statistics => ({ ...statistics, weight })))
      },
    }
  },
})
