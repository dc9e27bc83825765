import { useState } from 'preact/hooks'
import { Button, Section } from '../../shell/controls.js'
import { save, stemOf } from '../../shell/files.js'
import { best, criterion, current, fitted, outcomes, PASTED } from '../state.js'
import { codeOf } from '../tell/code.js'
import { assignmentsFile, fitFile } from '../tell/files.js'
import { Scrollable } from './scrollable.js'

const textFile = (text: string, type: string): Blob => new Blob([text], { type })

/** What was done as TypeScript: all numbers of components where the best one is looked at, or else that one. */
export const currentCode = (): string => {
  const { table, plan, to, restarts } = fitted.value!
  const { count } = current.value!
  const counts = current.value === best.value ? Array.from({ length: to }, (_, i) => i + 1) : [count]
  const { name: file, reading, columns } = table
  return codeOf({ file, reading, columns, plan, criterion: criterion.value, counts, restarts, seed: 0 })
}

/** Saves the rows, of which there may be many. */
const saveRows = async (name: string): Promise<void> => {
  const parts: string[] = []
  for (const part of assignmentsFile(fitted.value!.table, current.value!)) {
    parts.push(part)
    await new Promise(resolve => setTimeout(resolve))
  }
  save(name, new Blob(parts, { type: 'text/csv' }))
}

/** What can be taken home. */
export const Files = () => {
  const done = fitted.value
  const candidate = current.value
  if (!done || !candidate) return null
  const stem = stemOf(done.table.name)
  return (
    <Section title="Save">
      <div class="row">
        <Button
          title="The table with the component of each row, its probabilities and log density"
          onClick={() => void saveRows(`${stem}-components.csv`)}
        >
          Rows (CSV)
        </Button>
        <Button
          title="The fit with every bit, and the criteria"
          onClick={() =>
            save(
              `${stem}-fit.json`,
              textFile(fitFile(done.table, done.choices, outcomes.value, candidate), 'application/json'),
            )
          }
        >
          Fit (JSON)
        </Button>
        <Button
          title="The same in TypeScript"
          onClick={() => save(`${stem}.ts`, textFile(currentCode(), 'text/plain'))}
        >
          Code (TS)
        </Button>
      </div>
    </Section>
  )
}

/** The code that does the same. */
export const Code = () => {
  const [said, setSaid] = useState('')
  const code = currentCode()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code)
      setSaid('Copied')
    } catch {
      setSaid('The browser does not let this page copy: select the text, or save it')
    }
  }
  return (
    <section class="panel" aria-labelledby="code">
      <div class="panel-head">
        <h2 id="code">The same in TypeScript</h2>
        <span class="row">
          <span class="quiet said" role="status">
            {said}
          </span>
          <Button onClick={() => void copy()}>Copy</Button>
        </span>
      </div>
      <Scrollable label="TypeScript" className="code">
        <pre>{code}</pre>
      </Scrollable>
      <p class="hint">
        It reads the same file and gives the same numbers.
        {fitted.value!.table.name === PASTED && ' What was pasted has to be saved under its name.'}
      </p>
    </section>
  )
}
