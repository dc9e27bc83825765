// The few globals of a JavaScript host that are used here, typed as narrowly as they are used, since the packages are
// compiled without the types of either a browser or Node. Any may be missing.

export interface Memory {
  readonly buffer: ArrayBufferLike
  readonly grow: (pages: number) => number
}

export interface Module {
  readonly [Symbol.toStringTag]: string
}

interface Instance {
  readonly exports: unknown
}

export interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly compile: (bytes: Uint8Array) => Promise<Module>
  readonly instantiate: (module: Module, imports: unknown) => Promise<Instance>
  readonly Module: new (bytes: Uint8Array) => Module
  readonly Instance: new (module: Module, imports: unknown) => Instance
  readonly Memory: new (descriptor: {
    readonly initial: number
    readonly maximum?: number
    readonly shared?: boolean
  }) => Memory
}

interface NodeProcess {
  readonly versions?: { readonly node?: string }
  readonly getBuiltinModule?: (name: 'node:v8') => { readonly setFlagsFromString: (flag: string) => void }
}

interface Host {
  readonly WebAssembly?: WebAssemblyApi
  readonly process?: NodeProcess
}

export const host: Host = globalThis as unknown as Host
