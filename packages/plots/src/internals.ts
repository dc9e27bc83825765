export { DARK, palette, themes } from './drawing/theme.js'
export { axisTicks } from './drawing/ticks.js'
