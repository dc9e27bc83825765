import { useRef } from 'preact/hooks'
import { Button, Choice, Message, Section, Slider } from '../shell/controls.js'
import {
  backend,
  components,
  download,
  error,
  found,
  isForeground,
  notice,
  openFiles,
  openPackaged,
  photo,
  SMOOTHNESS,
  smoothness,
  step,
} from './state.js'
import { type Download, downloads } from './tasks.js'

const Source = () => {
  const input = useRef<HTMLInputElement>(null)
  const current = photo.value
  return (
    <Section title="Photo">
      <div class="row">
        <Button isMain onClick={() => input.current?.click()}>
          Choose a photo
        </Button>
        <Button onClick={() => void openPackaged()}>Packaged one</Button>
      </div>
      <input
        ref={input}
        class="unseen"
        type="file"
        accept="image/*"
        tabIndex={-1}
        aria-label="Choose a photo"
        onChange={event => {
          openFiles([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <p class="hint">Or drop one anywhere, or paste it. It stays on this machine.</p>
      <Message text={error.value} isError />
      {current && (
        <p class="source">
          <strong>{current.name}</strong>
          <span class="figure">
            {current.width} × {current.height}
          </span>
        </p>
      )}
      {current?.remarks.map(remark => (
        <p key={remark} class="hint">
          {remark}
        </p>
      ))}
    </Section>
  )
}

const Model = () => (
  <Section title="Model">
    <Slider
      label="Components, K"
      min={2}
      max={8}
      step={1}
      value={components.value}
      hint={isForeground.value ? 'Two are background and foreground.' : 'Each is one colour that varies, and smooth.'}
      onInput={value => {
        components.value = value
      }}
    />
    <Slider
      label="Smoothness"
      min={0}
      max={SMOOTHNESS.length - 1}
      step={1}
      value={smoothness.value}
      shown={String(SMOOTHNESS[smoothness.value])}
      hint="How much neighbours like to be the same; 0 labels each pixel by its colour alone."
      onInput={value => {
        smoothness.value = value
      }}
    />
  </Section>
)

/** Thousands apart, and a tenth of a nat. */
const nats = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const Result = () => {
  const result = found.value
  return (
    <Section title="Result">
      <Message text={notice.value} />
      {result && (
        <>
          <dl class="facts">
            {result.parts.map(({ name, share, pixels }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="figure">
                  {percent(share)} <span>{pixels.toLocaleString('en-US')} px</span>
                </dd>
              </div>
            ))}
            <div>
              <dt>Objective</dt>
              <dd class="figure">{nats(result.objective)}</dd>
            </div>
            <div>
              <dt>Time</dt>
              <dd class="figure">{result.seconds.toFixed(2)} s</dd>
            </div>
          </dl>
          {result.certainty !== undefined && (
            <p class="hint">
              What the foreground is was guessed, {percent(result.certainty)} sure. A rectangle or a stroke says it.
            </p>
          )}
        </>
      )}
    </Section>
  )
}

const fileNames: Readonly<Record<Download, string>> = {
  'cut-out': 'Cut-out',
  mask: 'Mask',
  panels: 'Panels',
  labels: 'Labels',
  summary: 'JSON',
}

const Downloads = () => (
  <Section title="Download">
    <div class="row downloads">
      {downloads
        .filter(what => isForeground.value || (what !== 'cut-out' && what !== 'mask'))
        .map(what => (
          <Button
            key={what}
            isMain={what === 'cut-out'}
            isDisabled={!found.value || step.value !== undefined}
            onClick={() => void download(what)}
          >
            {fileNames[what]}
          </Button>
        ))}
    </div>
    <p class="hint">The files that pnpm segment writes, with the same numbers.</p>
  </Section>
)

const Computing = () => (
  <Section title="Computed on">
    <Choice
      label="What computes"
      isLabelHidden
      value={backend.value}
      options={[
        { value: 'auto', label: 'Processor' },
        { value: 'webgpu', label: 'WebGPU' },
      ]}
      onChange={value => {
        backend.value = value
      }}
    />
    <p class="hint">
      {globalThis.crossOriginIsolated
        ? 'Threads share memory here: large photos take several.'
        : 'One thread: the server of this page does not isolate it, so threads cannot share memory.'}
    </p>
    {found.value && <p class="hint">The last result: {found.value.backend}.</p>}
  </Section>
)

export const Settings = () => (
  <aside class="settings" aria-label="Settings and results">
    <Source />
    <Model />
    <Result />
    <Downloads />
    <Computing />
  </aside>
)
