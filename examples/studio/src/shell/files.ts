/** Hands a file to the person. */
export const save = (name: string, blob: Blob): void => {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Some browsers read it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** The name of a file without its ending, as the names of results begin. */
export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '') || name

/** Files that are dropped onto an element: what to set on it. */
export const dropTarget = (
  onFiles: (files: ReadonlyArray<File>) => void,
  onOver: (isOver: boolean) => void,
): {
  readonly onDragOver: (event: DragEvent) => void
  readonly onDragLeave: (event: DragEvent) => void
  readonly onDrop: (event: DragEvent) => void
} => ({
  onDragOver: event => {
    event.preventDefault()
    onOver(true)
  },
  onDragLeave: event => {
    const isInside = event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget)
    if (!isInside) onOver(false)
  },
  onDrop: event => {
    event.preventDefault()
    onOver(false)
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length > 0) onFiles(files)
  },
})
