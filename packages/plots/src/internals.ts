export { DARK, palette, themes } from './drawing/theme.js'
export { axisTicks, inDigits } from './drawing/ticks.js'
