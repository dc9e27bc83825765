import { defineConfig } from 'vitepress'
import { markdown } from '../source/markdown.js'
import { navigation, sidebar } from '../source/navigation.js'
import { withPolicy } from '../source/policy.js'

export default defineConfig({
  title: 'conjugate',
  description: 'Probabilistic modelling for TypeScript: mixtures, hidden Markov models and conjugate families',
  lang: 'en',
  srcDir: 'pages',
  markdown,
  transformHead: ({ siteData }) => [['link', { rel: 'icon', type: 'image/svg+xml', href: `${siteData.base}logo.svg` }]],
  transformHtml: withPolicy,
  // Fonts are files, which the policy of pages allows, and no texts.
  vite: { build: { chunkSizeWarningLimit: 2000, assetsInlineLimit: 0, reportCompressedSize: false }, logLevel: 'warn' },
  themeConfig: {
    logo: { src: '/logo.svg', alt: '' },
    nav: navigation,
    sidebar,
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: { detailedView: false } },
    docFooter: { prev: 'Before', next: 'Next' },
  },
})
