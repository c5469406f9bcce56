/** Electron's security checklist (RELIABILITY.md 1.1), by item number. What is not listed here is in windows.ts. */
import { app, type BrowserWindowConstructorOptions, type Session, type WebContents } from 'electron'
import { ORIGIN } from './protocol'

/** Nothing typed into a window outlives it: a partition without `persist:` lives in memory alone. */
const PARTITION = 'maotiao'

/** Items 2, 3, 4, 6, 8, 9, 10, 11 of every window, written out although most are defaults. */
export function webPreferences(
  preload: string,
): NonNullable<BrowserWindowConstructorOptions['webPreferences']> {
  return {
    preload,
    partition: PARTITION,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    // A spelling service would send or keep what is typed about people.
    spellcheck: false,
    devTools: !app.isPackaged,
  }
}

/** Before `ready`: no process of ours looks anything up in a network. */
export function closeNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.commandLine.appendSwitch('no-proxy-server')
  app.commandLine.appendSwitch('disable-background-networking')
  app.commandLine.appendSwitch('disable-component-update')
}

/**
 * Item 4, before `ready`. Development as root cannot have Chromium's sandbox (its windows still say `sandbox: true`);
 * a packaged build takes no such switch.
 */
export function enforceSandbox(): void {
  if (app.isPackaged) app.commandLine.removeSwitch('no-sandbox')
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
}

/** Items 1, 5: nothing but our own files, no permission, no device, no download. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOurs(details.url) }))
}

/** `data:` and `blob:` are pictures the window made itself; the policy allows them as pictures only. */
function isOurs(url: string): boolean {
  if (url.startsWith(`${ORIGIN}/`) || url.startsWith('data:') || url.startsWith(`blob:${ORIGIN}/`))
    return true
  return !app.isPackaged && url.startsWith('devtools://')
}

/** Items 12, 13, 14 for whatever contents ever come into being. */
export function hardenContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

export { PARTITION }
