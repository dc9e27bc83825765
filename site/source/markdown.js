import { runs } from './examples.js'
import { math } from './math.js'

/** Anchors as the forge makes them, so that links lead to the same places there and here. */
export const slugify = text =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

/** Examples that run in a page are between the tags of the component that runs them. */
const live = md => {
  const { fence } = md.renderer.rules
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const html = fence(tokens, index, ...rest)
    const { info, content } = tokens[index]
    return info.trim() === 'ts' && runs(content)
      ? `<LiveExample code="${encodeURIComponent(content)}">${html}</LiveExample>\n`
      : html
  }
}

/** Wide tables are scrolled, by keys as well. */
const scrolledTables = md => {
  md.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
}

export const markdown = {
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  anchor: { slugify },
  toc: { slugify },
  headers: { slugify, level: [2, 3] },
  config: md => {
    math(md)
    live(md)
    scrolledTables(md)
  },
}
