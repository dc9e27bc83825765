import './tables.css'
import { useEffect, useState } from 'preact/hooks'
import { dropTarget } from '../shell/files.js'
import { client, current, failure, fitted, isFitting, isStale, table } from './state.js'
import { Beside } from './view/beside.js'
import { Cards } from './view/cards.js'
import { Columns } from './view/columns.js'
import { CriterionCurve } from './view/criterion.js'
import { Code, Files } from './view/files.js'
import { Model } from './view/model.js'
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

const Waiting = () => (
  <p class="blank">
    {isFitting.value
      ? 'Fitting…'
      : table.value
        ? 'Nothing is fitted yet. See to it that the columns are what they should be, and press Fit.'
        : failure.value
          ? 'There is no table. Open one, drop it here or paste it.'
          : 'Reading the packaged table…'}
  </p>
)

/** Clusters of the rows of a table: a part of the page. */
export const Tables = () => {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    client()
    if (!table.value) void openPackaged(packaged[0])
  }, [])
  const target = dropTarget(files => void openFile(files), setIsOver)
  return (
    <div class={isOver ? 'work tables over' : 'work tables'} {...target}>
      <div class="settings source">
        <Source />
      </div>
      <div class="look">{fitted.value && current.value ? <Results /> : <Waiting />}</div>
      <aside class="settings" aria-label="Settings of the table">
        <Columns />
        <Model />
        <Files />
      </aside>
    </div>
  )
}
