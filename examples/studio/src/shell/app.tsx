import type { FunctionComponent } from 'preact'
import { Photos } from '../photos/photos.js'
import { Tables } from '../tables/tables.js'
import { parts, type Route, route, visited } from './route.js'
import { ThemeButton } from './theme.js'

const titles: Readonly<Record<Route, string>> = { photos: 'Photos', tables: 'Tables' }
const contents: Readonly<Record<Route, FunctionComponent>> = { photos: Photos, tables: Tables }

const Part = ({ part }: { readonly part: Route }) => {
  const Content = contents[part]
  return (
    <section class="part" aria-label={titles[part]} hidden={route.value !== part}>
      {visited.value.has(part) && <Content />}
    </section>
  )
}

/** The page: where one is, and the parts. */
export const App = () => (
  <>
    <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
      Skip to the content
    </button>
    <header class="bar">
      <h1 class="wordmark">
        <svg viewBox="0 0 30 20" aria-hidden="true">
          <ellipse cx="11" cy="10" rx="8.5" ry="5" transform="rotate(-38 11 10)" />
          <ellipse cx="18.5" cy="10" rx="8.5" ry="5" transform="rotate(38 18.5 10)" class="dashed" />
        </svg>
        conjugate <span>studio</span>
      </h1>
      <nav aria-label="Parts of the studio">
        {parts.map(part => (
          <a key={part} href={`#${part}`} aria-current={route.value === part ? 'page' : undefined}>
            {titles[part]}
          </a>
        ))}
      </nav>
      <p class="promise">Nothing leaves this page.</p>
      <ThemeButton />
    </header>
    <main id="main" tabIndex={-1}>
      {parts.map(part => (
        <Part key={part} part={part} />
      ))}
    </main>
  </>
)
