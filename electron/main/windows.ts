import { BrowserWindow, screen } from 'electron'
import { ORIGIN } from './protocol'
import { webPreferences } from './security'

/** All that a window's title bar ever says: the hall can read it. */
export const APP_TITLE = '矛调工作台'

/** The screen most counters have; at 125 % it offers less, and then less is taken. */
const SIZE = { width: 1366, height: 768 }
const SMALLEST = { width: 1024, height: 600 }
/** Ground colour of the window's own page, so that nothing flashes white before it. */
const GROUND = '#f3f5f7'
const RELOAD_WINDOW_MS = 10_000

/**
 * The application's window, shown when its first picture is ready.
 * @param preload built preload script
 * @param onBroken the page died twice in a row
 */
export function createDeskWindow(
  preload: string,
  log: (line: string) => void,
  onBroken: () => void,
): BrowserWindow {
  const room = screen.getPrimaryDisplay().workAreaSize
  const window = new BrowserWindow({
    width: Math.min(SIZE.width, room.width),
    height: Math.min(SIZE.height, room.height),
    minWidth: Math.min(SMALLEST.width, room.width),
    minHeight: Math.min(SMALLEST.height, room.height),
    show: false,
    title: APP_TITLE,
    backgroundColor: GROUND,
    autoHideMenuBar: true,
    webPreferences: webPreferences(preload),
  })
  window.once('ready-to-show', () => window.show())
  window.on('page-title-updated', (event) => event.preventDefault())

  let lastDeath = 0
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`window process ended: ${reason}`)
    if (reason === 'clean-exit') return
    const again = Date.now() - lastDeath < RELOAD_WINDOW_MS
    lastDeath = Date.now()
    if (again) onBroken()
    else load()
  })
  const load = () => void window.loadURL(`${ORIGIN}/index.html`).catch(() => log('window page did not load'))
  load()
  return window
}
