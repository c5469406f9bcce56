import { basename } from 'node:path'
import { app, type WebContents } from 'electron'
import type { ChosenPath } from '../../domain/contract/native'
import { AppError } from '../../domain/errors'
import type { CoreHost } from './core-host'
import type { Dialogs } from './dialogs'
import { writeWhole } from './files'
import type { NativeHandlers } from './native'
import type { Printing } from './printing'
import type { typeSizeStore } from './type-size'

interface Parts {
  readonly core: CoreHost
  readonly dialogs: Dialogs
  readonly printing: Printing
  readonly typeSize: ReturnType<typeof typeSizeStore>
}

/** What each native service does. */
export function nativeHandlers({ core, dialogs, printing, typeSize }: Parts): NativeHandlers {
  const hand = async (contents: WebContents, path: string | null): Promise<ChosenPath | null> =>
    path === null ? null : { token: await core.grantPath(contents, path), name: basename(path) || path }

  return {
    'dialog.open_file': async (ask, { contents, window }) =>
      hand(contents, await dialogs.openFile(window, ask)),
    'dialog.open_folder': async (ask, { contents, window }) =>
      hand(contents, await dialogs.openFolder(window, ask)),
    'dialog.save_file': async (ask, { contents, window }) =>
      hand(contents, await dialogs.saveFile(window, ask)),

    'print.preview': ({ notice }, { window }) => printing.preview({ kind: 'notice', notice }, window),
    'print.pdf': ({ notice }, { window }) => printing.pdf({ kind: 'notice', notice }, window),
    'print.paper': ({ notice }) => printing.print({ kind: 'notice', notice }),

    'app.save_text': async ({ title, text, suggestedName }, { window }) => {
      const path = await dialogs.saveFile(window, {
        title: `保存${title}`,
        suggestedName: suggestedName === '' ? `${title}.txt` : suggestedName,
        kinds: [{ name: '文本文件', extensions: ['txt'] }],
      })
      if (path === null) return null
      // Notepad of older Windows takes a file without a mark for GBK.
      await writeWhole(path, `\uFEFF${text.replace(/\r?\n/g, '\r\n')}\r\n`)
      return { name: basename(path) }
    },
    'app.print_text': ({ title, text }) => printing.print({ kind: 'text', title, text }),
    'app.type_size': () => typeSize.read(),
    'app.set_type_size': ({ size }) => typeSize.write(size),
    'app.restart_core': () => {
      core.restart()
      return null
    },
    'app.quit': () => {
      // After the answer: a window that is closed while it waits would log an error.
      setImmediate(() => app.quit())
      return null
    },

    'paper.job': (_input, { contents }) => {
      const { mode, paper } = jobOf(printing, contents)
      return { mode, paper }
    },
    'paper.ready': (_input, { contents }) => {
      jobOf(printing, contents).ready()
      return null
    },
    'paper.pdf': (_input, { contents, window }) => printing.pdfOf(contents, window),
    'paper.print': (_input, { contents }) => printing.printOf(contents),
    'paper.close': (_input, { window }) => {
      setImmediate(() => window.close())
      return null
    },
  }
}

function jobOf(printing: Printing, contents: WebContents) {
  const job = printing.jobOf(contents)
  if (job === undefined) throw new AppError('NOT_FOUND', '这个窗口里没有文书。')
  return job
}
