import { useEffect, useRef } from 'preact/hooks'
import { Button, Message, Section } from '../../shell/controls.js'
import { route } from '../../shell/route.js'
import { ask, failure, isPackaged, isReading, PASTED, read, readAgain, status, table } from '../state.js'
import { counted } from '../tell/numbers.js'

/** Tables that come with the page, and the columns that are left out of them, to compare with. */
export const packaged = [
  {
    file: 'penguins.csv',
    label: 'Penguins',
    leftOut: ['species', 'sex', 'year'],
    about:
      'Penguins of the Palmer archipelago (Gorman, Williams and Fraser 2014). Species, sex and year are left out, to compare with: the components are nearly the species.',
  },
  {
    file: 'iris.csv',
    label: 'Irises',
    leftOut: ['species'],
    about:
      'Irises of three species (Anderson 1935, Fisher 1936). By their measurements alone BIC takes 2 components: two species overlap, and a third costs more in parameters than it gains. Choose 3 to see that it finds them, or tick the species to learn from it as well.',
  },
] as const

export const openPackaged = async ({ file, leftOut }: (typeof packaged)[number]): Promise<void> => {
  const isLatest = ask()
  try {
    const response = await fetch(new URL(`tables/${file}`, document.baseURI))
    const bytes = await response.arrayBuffer()
    // Somebody may have dropped another one meanwhile.
    if (!isLatest()) return
    if (response.ok) await read(file, bytes, { leftOut, isPackaged: true })
    else failure.value = `${file} is not there (${response.status}).`
  } catch {
    failure.value = `${file} could not be loaded. Open a file of your own, or load the page anew.`
  }
}

export const openFile = async (files: ReadonlyArray<File>): Promise<void> => {
  const [file] = files
  if (!file) return
  const isLatest = ask()
  try {
    const bytes = await file.arrayBuffer()
    if (isLatest()) await read(file.name, bytes)
  } catch {
    failure.value = `${file.name} cannot be read. If it is a folder, open a file in it; if it has been moved, open it again.`
  }
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type="radio"], [type="checkbox"], [type="range"]), textarea')

/** Cells that are pasted, as they come from a spreadsheet, or a file that was copied. */
const usePaste = (): void =>
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (route.value !== 'tables' || isField(event.target)) return
      const files = [...(event.clipboardData?.files ?? [])]
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (files.length === 0 && text === '') return
      event.preventDefault()
      if (files.length > 0) void openFile(files)
      else if (ask()()) void read(PASTED, new TextEncoder().encode(text).buffer as ArrayBuffer)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [])

/** Where a table comes from, and what it is. */
export const Source = () => {
  usePaste()
  const input = useRef<HTMLInputElement>(null)
  const found = table.value
  const about = found && isPackaged.value ? packaged.find(({ file }) => file === found.name)?.about : undefined
  return (
    <Section title="Table">
      {found && (
        <p class="source-name">
          <strong>{found.name}</strong>
          <span class="quiet">
            {counted(found.rows, 'row')}, {counted(found.columns.length, 'column')}
          </span>
        </p>
      )}
      <div class="row">
        <input
          ref={input}
          class="unseen"
          type="file"
          tabIndex={-1}
          aria-label="A file with a table"
          accept=".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain"
          onChange={event => {
            void openFile([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
        <Button isMain onClick={() => input.current?.click()}>
          Open a table
        </Button>
        {packaged.map(set => (
          <Button key={set.file} onClick={() => void openPackaged(set)}>
            {set.label}
          </Button>
        ))}
      </div>
      <p class="hint">A CSV file, chosen, dropped here or pasted; cells copied from a spreadsheet do, too.</p>
      {isReading.value && <p class="hint">Reading…</p>}
      <Message text={failure.value} isError />
      <Message text={status.value} />
      {about && <p class="hint">{about}</p>}
      {found?.notes.map(note => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
      {found && (
        <label class="check">
          <input
            type="checkbox"
            checked={found.reading.header}
            onChange={event => readAgain(event.currentTarget.checked)}
          />
          The first line has the names of the columns
        </label>
      )}
    </Section>
  )
}
