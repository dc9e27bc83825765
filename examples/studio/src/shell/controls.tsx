import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** A group of controls under a heading. */
export const Section = ({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ComponentChildren
  readonly children: ComponentChildren
}) => (
  <section class="section" aria-label={title}>
    <div class="section-head">
      <h2>{title}</h2>
      {aside}
    </div>
    {children}
  </section>
)

export interface SliderProps {
  readonly label: string
  readonly min: number
  readonly max: number
  readonly step: number
  readonly value: number
  /** What is shown of the value, and read out. */
  readonly shown?: string
  readonly hint?: string
  readonly onInput: (value: number) => void
}

export const Slider = ({ label, min, max, step, value, shown = String(value), hint, onInput }: SliderProps) => {
  const id = useId()
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        <output for={id}>{shown}</output>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={event => onInput(event.currentTarget.valueAsNumber)}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly options: ReadonlyArray<{ readonly value: Value; readonly label: ComponentChildren; readonly title?: string }>
  readonly value: Value
  /** Whether the label is for screen readers alone. */
  readonly isLabelHidden?: boolean
  readonly onChange: (value: Value) => void
}

/** One of a few, side by side: radio buttons, which arrow keys go through. */
export const Choice = <Value extends string>({
  label,
  options,
  value,
  isLabelHidden,
  onChange,
}: ChoiceProps<Value>) => {
  const name = useId()
  return (
    <fieldset class="choice">
      <legend class={isLabelHidden ? 'unseen' : undefined}>{label}</legend>
      <div class="choice-row">
        {options.map(option => (
          <label key={option.value} title={option.title}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export interface ButtonProps {
  readonly children: ComponentChildren
  readonly onClick: () => void
  readonly isDisabled?: boolean
  /** The one of a group that is most likely meant. */
  readonly isMain?: boolean
  readonly title?: string
}

export const Button = ({ children, onClick, isDisabled = false, isMain = false, title }: ButtonProps) => (
  <button type="button" class={isMain ? 'button main' : 'button'} disabled={isDisabled} title={title} onClick={onClick}>
    {children}
  </button>
)

/** What went wrong, read out at once, or how things stand, read out when there is time. */
export const Message = ({
  text,
  isError = false,
}: {
  readonly text: string | undefined
  readonly isError?: boolean
}) => (
  <p class={isError ? 'message error' : 'message'} role={isError ? 'alert' : 'status'}>
    {text}
  </p>
)
