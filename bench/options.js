import { parseArgs } from 'node:util'

const HELP = `pnpm bench [--quick] [--only NAME ...]

  --quick      few repetitions of few iterations, synthetic data of a tenth of the rows, the two small photos
  --only NAME  only the part of this name (road, tables, databases, files, apart, foregrounds, memory, ends, installed, iterations, scaling), or only
               contestants and data sets whose name has NAME in it; may be repeated

Only a run without options writes bench/RESULTS.md.`

/** @typedef {{ quick: boolean, only: ReadonlyArray<string> }} Options */

/** @returns {Options} What the command line asks for; ends the program after `--help` and after nonsense. */
export const readOptions = () => {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    })
    if (!values.help) return { quick: values.quick, only: values.only }
    console.log(HELP)
    process.exit(0)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
    process.exit(2)
  }
}

/**
 * The things whose name has one of the names asked for in it; all of them where the names mean other things.
 * @template {{ readonly name: string }} T @param {ReadonlyArray<T>} things @param {ReadonlyArray<string>} only
 */
export const chosen = (things, only) => {
  const found = things.filter(({ name }) => only.some(wanted => name.includes(wanted)))
  return found.length > 0 ? found : things
}
