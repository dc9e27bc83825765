import { effect, signal } from '@preact/signals'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const KEY = 'studio-theme'

// Where storage is forbidden the choice lasts as long as the page.
const stored = (): Theme => {
  try {
    return themes.find(theme => theme === localStorage.getItem(KEY)) ?? 'system'
  } catch {
    return 'system'
  }
}

const theme = signal<Theme>(stored())

effect(() => {
  document.documentElement.dataset['theme'] = theme.value
  try {
    localStorage.setItem(KEY, theme.value)
  } catch {}
})

const glyphs: Readonly<Record<Theme, string>> = {
  system: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  light:
    'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.5M11.5 11.5 13 13M13 3l-1.5 1.5M4.5 11.5 3 13',
  dark: 'M13 10A6 6 0 0 1 6 3a6 6 0 1 0 7 7',
}

/** Goes through the themes, and says which one it is. */
export const ThemeButton = () => {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length]!
  return (
    <button
      type="button"
      class="icon-button"
      title={`Theme: ${theme.value}`}
      aria-label={`Theme: ${theme.value}; change to ${next}`}
      onClick={() => {
        theme.value = next
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" class={`glyph glyph-${theme.value}`}>
        <path d={glyphs[theme.value]} />
      </svg>
    </button>
  )
}
