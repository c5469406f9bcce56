import { readFileSync, writeFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { app, dialog, type BrowserWindow, type FileFilter } from 'electron'
import { AppError } from '../../domain/errors'
import type { NativeInput } from '../../domain/contract/native'

type FileKinds = NativeInput<'dialog.open_file'>['kinds']

/** The one door for file dialogs. Each answers an absolute path, or null when the person chose nothing. */
export interface Dialogs {
  openFile(window: BrowserWindow, ask: { title: string; kinds: FileKinds }): Promise<string | null>
  openFolder(window: BrowserWindow, ask: { title: string }): Promise<string | null>
  saveFile(
    window: BrowserWindow,
    ask: { title: string; suggestedName: string; kinds: FileKinds },
  ): Promise<string | null>
}

/**
 * End-to-end tests cannot press buttons of the operating system. Outside packaged builds, this variable names a JSON
 * file with a list of answers (a path, or null for a closed dialog), used up from the front.
 */
const TEST_ANSWERS = 'MAOTIAO_TEST_DIALOG'

export function createDialogs(): Dialogs {
  const answers = app.isPackaged ? undefined : process.env[TEST_ANSWERS]
  return answers === undefined ? systemDialogs : scriptedDialogs(answers)
}

const systemDialogs: Dialogs = {
  async openFile(window, { title, kinds }) {
    const chosen = await dialog.showOpenDialog(window, {
      title,
      filters: filters(kinds),
      properties: ['openFile', 'dontAddToRecent'],
    })
    return chosen.filePaths[0] ?? null
  },
  async openFolder(window, { title }) {
    const chosen = await dialog.showOpenDialog(window, {
      title,
      properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
    })
    return chosen.filePaths[0] ?? null
  },
  async saveFile(window, { title, suggestedName, kinds }) {
    const chosen = await dialog.showSaveDialog(window, {
      title,
      defaultPath: suggestedName,
      filters: filters(kinds),
      properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
    })
    if (chosen.canceled || chosen.filePath === '') return null
    return withExtension(chosen.filePath, kinds)
  },
}

function scriptedDialogs(file: string): Dialogs {
  const next = async () => {
    const queue = JSON.parse(readFileSync(file, 'utf8')) as (string | null)[]
    const answer = queue.shift()
    if (answer === undefined) throw new AppError('UNEXPECTED', '测试没有给这个对话框准备回答。')
    writeFileSync(file, JSON.stringify(queue))
    return answer
  }
  return {
    openFile: next,
    openFolder: next,
    saveFile: async (_window, { kinds }) => {
      const path = await next()
      return path === null ? null : withExtension(path, kinds)
    },
  }
}

/** Files are recognised by their bytes, and carriers rename them: every file may always be chosen. */
function filters(kinds: FileKinds): FileFilter[] {
  return [
    ...kinds.map(({ name, extensions }) => ({ name, extensions })),
    { name: '所有文件', extensions: ['*'] },
  ]
}

/** GTK's dialog adds no extension; a name typed without one gets the first. */
function withExtension(path: string, kinds: FileKinds): string {
  const extension = kinds[0]?.extensions[0]
  return extension === undefined || extname(basename(path)) !== '' ? path : `${path}.${extension}`
}
