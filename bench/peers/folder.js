import { fileURLToPath } from 'node:url'

/** Where peers are installed: nothing outside of it is touched. */
export const peersFolder = fileURLToPath(new URL('../.peers', import.meta.url))
