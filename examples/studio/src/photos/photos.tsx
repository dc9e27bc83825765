import '../styles/photos.css'
import { useEffect } from 'preact/hooks'
import { route } from '../shell/route.js'
import { redo, undo } from './drawing.js'
import { Compare, Show } from './look.js'
import { Settings } from './settings.js'
import { Stage } from './stage.js'
import { openFiles, openPackaged, photo } from './state.js'
import { Strip } from './strip.js'
import { Progress, Tools } from './tools.js'

const onPaste = (event: ClipboardEvent): void => {
  const files = [...(event.clipboardData?.files ?? [])]
  if (route.value !== 'photos' || files.length === 0) return
  event.preventDefault()
  openFiles(files)
}

const onKeyDown = (event: KeyboardEvent): void => {
  if (route.value !== 'photos' || !(event.ctrlKey || event.metaKey)) return
  const key = event.key.toLowerCase()
  if (key === 'z' && !event.shiftKey) undo()
  else if (key === 'y' || key === 'z') redo()
  else return
  event.preventDefault()
}

/** What is dropped beside the photo is meant for it, too, and not for the browser to go to. */
const onDrop = (event: DragEvent): void => {
  if (event.defaultPrevented) return
  event.preventDefault()
  if (event.type === 'drop' && route.value === 'photos') openFiles([...(event.dataTransfer?.files ?? [])])
}

/** Photos, separated into regions as they arrive. */
export const Photos = () => {
  useEffect(() => {
    document.addEventListener('paste', onPaste)
    document.addEventListener('keydown', onKeyDown)
    document.addEventListener('dragover', onDrop)
    document.addEventListener('drop', onDrop)
    if (photo.value === undefined) void openPackaged()
    return () => {
      document.removeEventListener('paste', onPaste)
      document.removeEventListener('keydown', onKeyDown)
      document.removeEventListener('dragover', onDrop)
      document.removeEventListener('drop', onDrop)
    }
  }, [])
  return (
    <div class="work">
      <div class="look photos">
        <Tools />
        <Stage />
        <div class="below">
          <Show />
          <Compare />
          <Progress />
        </div>
        <Strip />
      </div>
      <Settings />
    </div>
  )
}
