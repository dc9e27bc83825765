import '../styles/tables.css'
import { useEffect, useState } from 'preact/hooks'
import { dropTarget } from '../shell/files.js'
import { client, current, failure, fitted, isFitting, isStale, table } from './state.js'
import { Beside } from './view/beside.js'
import { Cards } from './view/cards.js'
import { Columns } from './view/columns.js'
import { CriterionCurve } from './view/criterion.js'
import { Code, Files } from './view/files.js'
import { Model } from './view/model.js'
import { FitProgress } from './view/progress.js'
import { Rows } from './view/rows.js'
import { Scatter } from './view/scatter.js'
import { openFile, openPackaged, packaged, Source } from './view/source.js'
import { Unusual } from './view/unusual.js'

const Results = () => (
  <div class={isStale.value ? 'results stale' : 'results'}>
    <CriterionCurve />
    <Scatter />
    <Cards />
    <Beside />
    <Unusual />
    <Rows />
    <Code />
  </div>
)

const waitingFor = (): string => {
  if (table.value) return 'Nothing is fitted yet. See to it that the columns are what they should be, and press Fit.'
  return failure.value ? 'There is no table. Open one, drop it here or paste it.' : 'Reading the packaged table…'
}

const Waiting = () => <div class="blank">{isFitting.value ? <FitProgress /> : <p>{waitingFor()}</p>}</div>

/** Clusters of the rows of a table: a part of the page. */
export const Tables = () => {
  const [isOver, setIsOver] = useState(false)
  // Where there is little room the settings are folded; elsewhere they are always there.
  const [isUnfolded, setUnfolded] = useState(false)
  useEffect(() => {
    client()
    if (!table.value) void openPackaged(packaged[0])
  }, [])
  const target = dropTarget(files => void openFile(files), setIsOver)
  return (
    <div class={isOver ? 'work tables dropping' : 'work tables'} {...target}>
      <aside class="settings" aria-label="The table and its settings">
        <Source />
        {table.value && (
          <button
            type="button"
            class="button unfold"
            aria-expanded={isUnfolded}
            aria-controls="table-settings"
            onClick={() => setUnfolded(!isUnfolded)}
          >
            Columns, model, saving
          </button>
        )}
        <div id="table-settings" class={isUnfolded ? undefined : 'folded'}>
          <Columns />
          <Model />
          <Files />
        </div>
      </aside>
      <div class="look">{fitted.value && current.value ? <Results /> : <Waiting />}</div>
    </div>
  )
}
