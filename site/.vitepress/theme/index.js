import '@fontsource-variable/source-code-pro/wght.css'
import '@fontsource-variable/source-sans-3/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import 'katex/dist/katex.css'
import DefaultTheme from 'vitepress/theme-without-fonts'
import Home from './Home.vue'
import LiveExample from './live/LiveExample.vue'
import './colours.css'
import './text.css'

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component('LiveExample', LiveExample)
    app.component('Home', Home)
  },
}
