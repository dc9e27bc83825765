import { useLayoutEffect, useRef } from 'preact/hooks'

export interface BitmapProps {
  readonly bitmap: ImageBitmap | undefined
  readonly class?: string
  /** What it is to somebody who does not see it; without one it is decoration. */
  readonly label?: string
}

/** A picture that a worker has made. A bitmap can be handed to one canvas, once: it is drawn, and stays what it is. */
export const Bitmap = ({ bitmap, class: name, label }: BitmapProps) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    const element = canvas.current
    // One that has been given back already has no width, and another follows.
    if (element === null || bitmap?.width === 0) return
    element.width = bitmap?.width ?? 1
    element.height = bitmap?.height ?? 1
    if (bitmap) element.getContext('2d')?.drawImage(bitmap, 0, 0)
  }, [bitmap])
  return label ? (
    <canvas ref={canvas} class={name} role="img" aria-label={label} />
  ) : (
    <canvas ref={canvas} class={name} />
  )
}
