declare module 'virtual:packaged-photo' {
  /** Where the photo is that `pnpm segment` takes. */
  const url: string
  export default url
}
