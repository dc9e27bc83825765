import { Button, Choice } from '../shell/controls.js'
import { canClear, canRedo, canUndo, clear, redo, type Tool, undo } from './drawing.js'
import { tool } from './stage.js'
import { cancel, isForeground, step } from './state.js'

const glyphs: Readonly<Record<Tool, string>> = {
  box: 'M2.5 3.5h11v9h-11z',
  lasso: 'M8 2.5c3.6 0 6 1.7 6 4s-2.4 4-6 4-6-1.700-6-4 2.400-4 6-4M5 10c-1.500 1-1.500 2.500 0 3.500',
  foreground: 'M8 3v10M3 8h10',
  background: 'M3 8h10',
}

const names: Readonly<Record<Tool, readonly [label: string, title: string]>> = {
  box: ['Rectangle', 'The foreground is within it'],
  lasso: ['Lasso', 'The foreground is within it'],
  foreground: ['Keep', 'A stroke of the foreground'],
  background: ['Leave out', 'A stroke of the background'],
}

const order: ReadonlyArray<Tool> = ['box', 'lasso', 'foreground', 'background']

const Glyph = ({ path }: { readonly path: string }) => (
  <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">
    <path d={path} />
  </svg>
)

/** What a hand may draw, and take back. */
export const Tools = () => (
  <div class="tools">
    {isForeground.value ? (
      <>
        <Choice
          label="Draw"
          isLabelHidden
          value={tool.value}
          options={order.map(value => ({
            value,
            title: names[value][1],
            label: (
              <>
                <Glyph path={glyphs[value]} />
                {names[value][0]}
              </>
            ),
          }))}
          onChange={value => {
            tool.value = value
          }}
        />
        <div class="row">
          <Button onClick={undo} isDisabled={!canUndo.value} title="Ctrl+Z">
            Undo
          </Button>
          <Button onClick={redo} isDisabled={!canRedo.value} title="Ctrl+Shift+Z">
            Redo
          </Button>
          <Button onClick={clear} isDisabled={!canClear.value}>
            Clear
          </Button>
        </div>
      </>
    ) : (
      <p class="hint">Rectangle, lasso and strokes say what is foreground: they are there with two components.</p>
    )}
  </div>
)

/** How far the work is, and its end at a wish. */
export const Progress = () => {
  const now = step.value
  const percent = Math.round(100 * (now?.share ?? 0))
  return (
    <div class={now ? 'progress busy' : 'progress'}>
      {now && (
        <>
          <progress max={100} value={percent} aria-label={`Segmenting: ${now.stage}`} />
          <span class="stage-name">{now.stage}</span>
          <span class="figure">{percent} %</span>
          <Button onClick={cancel}>Cancel</Button>
        </>
      )}
    </div>
  )
}
