import { tex } from '@mdit/plugin-tex'
import { renderToString } from 'katex'

/** Formulas between dollars and in blocks of `math`, as the forge typesets them; one that is wrong ends the build. */
export const math = md =>
  md.use(tex, {
    delimiters: 'dollars',
    mathFence: true,
    render: (formula, displayMode) => {
      const html = renderToString(formula, { displayMode, throwOnError: true, strict: 'ignore' })
      // Vue reads no part of a formula, and wide ones are scrolled by keys as well.
      return displayMode ? `<div v-pre class="formula" tabindex="0">${html}</div>\n` : `<span v-pre>${html}</span>`
    },
  })
