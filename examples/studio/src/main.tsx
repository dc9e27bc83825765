import './styles/tokens.css'
import './styles/shell.css'
import './styles/controls.css'
import { render } from 'preact'
import { stayOffline } from './offline.js'
import { App } from './shell/app.js'

render(<App />, document.getElementById('studio')!)
stayOffline()
