// pnpm changeset: asks what a change is about.
import { changeset } from './changes.js'
import { installTools } from './tools.js'

installTools()
changeset(...process.argv.slice(2))
