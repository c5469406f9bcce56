/** Composition root of the main process: builds the parts in order. No logic of the trade, nothing that blocks. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, session, type BrowserWindow } from 'electron'
import { createChildHost } from './child-host'
import { startCoreHost } from './core-host'
import { createDialogs } from './dialogs'
import { createLog } from './log'
import { offerEditMenu, setMenu } from './menu'
import { serveNative } from './native'
import { nativeHandlers } from './native-handlers'
import { watchPower } from './power'
import { createPrinting } from './printing'
import { registerScheme, serveWindowFiles } from './protocol'
import { closeNetwork, enforceSandbox, hardenContents, hardenSession, PARTITION } from './security'
import { nodeApiProblem, readStartOptions } from './start-options'
import { typeSizeStore } from './type-size'
import { APP_TITLE, createDeskWindow } from './windows'

const options = readStartOptions(process.argv, {
  userData: app.getPath('userData'),
  temp: app.getPath('temp'),
  cwd: process.cwd(),
})
// Before anything asks for the profile: the lock of the single instance lies in it.
mkdirSync(options.profileDir, { recursive: true })
app.setPath('userData', options.profileDir)

const problem = nodeApiProblem(process.versions['napi'], app.isPackaged ? 'packaged' : 'development')
if (problem !== null) {
  dialog.showErrorBox(APP_TITLE, problem)
  app.exit(1)
} else if (!app.requestSingleInstanceLock()) {
  // The first instance comes to the front; this one has nothing to say.
  app.exit(0)
} else {
  // Dates, months and the system's own menus in Chinese, whatever language the machine was set up in.
  app.commandLine.appendSwitch('lang', 'zh-CN')
  registerScheme()
  closeNetwork()
  enforceSandbox()
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents)
    offerEditMenu(contents)
  })
  // Not awaited: Electron gets ready only after this module has been evaluated.
  void app.whenReady().then(run)
}

function run(): void {
  const out = join(app.getAppPath(), 'out')
  const preload = join(out, 'preload', 'index.cjs')
  const log = createLog(join(options.profileDir, 'maotiao.log'))
  log(`start ${app.getVersion()}, Electron ${process.versions.electron}`)

  const core = startCoreHost({
    entry: join(out, 'core', 'index.js'),
    arguments: { dataDir: options.dataDir, demo: options.demo, version: app.getVersion() },
    children: createChildHost({
      parser: join(out, 'parser', 'index.js'),
      reader: join(out, 'core', 'reader.js'),
    }),
    log,
  })
  const windows = session.fromPartition(PARTITION)
  hardenSession(windows)
  serveWindowFiles(windows, join(out, 'renderer'))
  setMenu()

  const dialogs = createDialogs()
  const printing = createPrinting(preload, dialogs)
  let desk: BrowserWindow | null = null
  serveNative({
    handlers: nativeHandlers({ core, dialogs, printing, typeSize: typeSizeStore(options.profileDir) }),
    roleOf: (contents) => {
      if (contents === desk?.webContents) return 'desk'
      return printing.jobOf(contents) === undefined ? undefined : 'paper'
    },
    connect: (contents) => core.connect(contents),
    log,
  })
  desk = createDeskWindow(preload, log, () => {
    dialog.showErrorBox(
      APP_TITLE,
      '窗口反复出错，程序将关闭。已保存的内容都在，请重新启动；还不行请告诉管理员。',
    )
    app.quit()
  })
  desk.on('closed', () => (desk = null))

  app.on('second-instance', () => {
    if (desk?.isMinimized()) desk.restore()
    desk?.show()
    desk?.focus()
  })
  watchPower(core)
  endCleanly(() => core.close())
}

/** The core finishes its last transaction first; a throw-away folder goes last. */
function endCleanly(close: () => Promise<void>): void {
  let closed = false
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void close().finally(() => {
      closed = true
      app.quit()
    })
  })
  const { temporaryDir } = options
  if (temporaryDir !== null) {
    app.on('quit', () => rmSync(temporaryDir, { recursive: true, force: true, maxRetries: 3 }))
  }
}
