/** The bytes of a module, or of a part of one, that is embedded as base64. */
export const bytesOf = (base64: string): number[] => [...atob(base64)].map(c => c.charCodeAt(0))
