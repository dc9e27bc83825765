import { installTools } from './tools.js'

installTools()
console.log('What packages are checked and released with is set up.')
