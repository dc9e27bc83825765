/** Where the panels of a figure stand; lengths in pixels. */
export interface PanelLayout {
  readonly width: number
  readonly height: number
  readonly panelWidth: number
  readonly panelHeight: number
  readonly fontSize: number
  /** Of the room above each panel, in which its title stands. */
  readonly titleHeight: number
  /** The top left corner of each panel; its title ends a little above. */
  readonly corners: readonly { readonly left: number; readonly top: number }[]
}

const MOST_PIXELS = 2800
const MOST_IN_A_ROW = 5
const GAP = 24
/** Below this width a title has no room: small images are enlarged towards it. */
const LEAST_PANEL = 300

// Small images grow by a whole factor, so that their pixels stay squares; large ones shrink to fit.
const panelScale = (width: number, height: number, roomX: number, roomY: number): number => {
  const fitting = Math.min(roomX / width, roomY / height)
  return fitting < 1 ? fitting : Math.max(1, Math.min(Math.floor(fitting), Math.ceil(LEAST_PANEL / width)))
}

// Rows as even as can be: six panels are two rows of three, not five and one.
const columnsOf = (panels: number): number => {
  const most = Math.max(MOST_IN_A_ROW, Math.ceil(Math.sqrt(panels)))
  return Math.ceil(panels / Math.ceil(panels / most))
}

/** Panels of one image side by side, in rows where there are many, within some 2800 pixels either way. */
export const panelLayout = (imageWidth: number, imageHeight: number, panels: number): PanelLayout => {
  const columns = columnsOf(panels)
  const lines = Math.ceil(panels / columns)
  const room = (cells: number): number => Math.floor((MOST_PIXELS - GAP) / cells) - GAP
  const scale = panelScale(imageWidth, imageHeight, room(columns), room(lines))
  const [panelWidth, panelHeight] = [imageWidth, imageHeight].map(n => Math.max(1, Math.round(n * scale))) as [
    number,
    number,
  ]
  const fontSize = Math.max(9, Math.min(26, room(columns) / 18, Math.max(panelWidth, LEAST_PANEL) / 21))
  // A narrow image still leaves its title the room it needs.
  const cellWidth = Math.max(panelWidth, Math.ceil(fontSize * 18)) + GAP
  const titleHeight = Math.ceil(fontSize * 2)
  const cellHeight = titleHeight + panelHeight + GAP
  return {
    width: GAP + columns * cellWidth,
    height: lines * cellHeight,
    panelWidth,
    panelHeight,
    fontSize,
    titleHeight,
    corners: Array.from({ length: panels }, (_, panel) => ({
      left: GAP + (panel % columns) * cellWidth,
      top: Math.floor(panel / columns) * cellHeight + titleHeight,
    })),
  }
}
