import { multivariateNormal } from '@conjugate/distributions'

Object.assign(globalThis, { multivariateNormal })
