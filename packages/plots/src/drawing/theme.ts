/** The colours of a drawing: for any page by its own text colour and custom properties, or for a light or a dark background. */
export type ThemeName = 'page' | 'light' | 'dark'

export interface Theme {
  /** Of texts, axes and whatever belongs to no component. */
  readonly ink: string
  readonly background: string | undefined
  /** Of a component, by its index from 0. */
  readonly colour: (k: number) => string
}

/**
 * Readers with any common colour blindness tell the first six apart; all have a contrast of 3 and more against white and
 * against the background of the dark theme.
 */
export const palette: ReadonlyArray<string> = [
  '#0072b2',
  '#d55e00',
  '#1ea5a5',
  '#a54b5a',
  '#3c96ff',
  '#c31e96',
  '#69a50f',
  '#767676',
]

const hex = (value: number): string =>
  Math.round(255 * value)
    .toString(16)
    .padStart(2, '0')

/** Past eight, hues a golden angle apart never come close to each other. */
const further = (index: number): string => {
  const [hue, saturation, lightness] = [(index * 137.508) % 360, 0.6, index % 2 === 0 ? 0.42 : 0.5]
  const chroma = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): string => {
    const at = (offset + hue / 30) % 12
    return hex(lightness - chroma * Math.max(-1, Math.min(at - 3, 9 - at, 1)))
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}

const colourOf = (k: number): string => palette[k] ?? further(k - palette.length)

/** Dark backgrounds are this, so that contrasts can be held. */
export const DARK = '#16181d'

export const themes: Readonly<Record<ThemeName, Theme>> = {
  page: { ink: 'currentColor', background: undefined, colour: k => `var(--plot-colour-${k + 1}, ${colourOf(k)})` },
  light: { ink: '#1a1a1a', background: '#ffffff', colour: colourOf },
  dark: { ink: '#e8e8ea', background: DARK, colour: colourOf },
}
