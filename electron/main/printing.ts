/**
 * Papers: a window of our own lays the sheet out (renderer/print), the system prints it or makes a PDF of it. Nothing
 * is written in clear but the PDF that a person asked for, where the person said.
 */
import { BrowserWindow, type WebContents } from 'electron'
import type { NativeOutput, Paper } from '../../domain/contract/native'
import { AppError } from '../../domain/errors'
import type { Dialogs } from './dialogs'
import { writeWhole } from './files'
import { ORIGIN } from './protocol'
import { webPreferences } from './security'
import { APP_TITLE } from './windows'

/** Milliseconds a sheet may take to be laid out. */
const LAYOUT_MS = 20_000
const PREVIEW = { width: 900, height: 760 }

const NOTICE_NAMES = {
  visit_receipt: '来访回执',
  acceptance: '受理告知书',
  refusal: '不予受理告知书',
} as const

interface Job {
  readonly mode: 'preview' | 'hidden'
  readonly paper: Paper
  readonly ready: () => void
}

export interface Printing {
  preview(paper: Paper, parent: BrowserWindow): Promise<null>
  pdf(paper: Paper, parent: BrowserWindow): Promise<{ name: string } | null>
  print(paper: Paper): Promise<boolean>
  /** What a paper window has to show, or undefined for another window. */
  jobOf(contents: WebContents): Job | undefined
  /** From the preview's own buttons. */
  pdfOf(contents: WebContents, window: BrowserWindow): Promise<{ name: string } | null>
  printOf(contents: WebContents): Promise<boolean>
}

export function createPrinting(preload: string, dialogs: Dialogs): Printing {
  const jobs = new Map<WebContents, Job>()

  /** Resolves when the sheet is laid out. The caller closes the window. */
  async function open(paper: Paper, mode: Job['mode'], parent?: BrowserWindow): Promise<BrowserWindow> {
    const window = new BrowserWindow({
      ...PREVIEW,
      ...(parent === undefined ? {} : { parent, modal: true }),
      show: false,
      title: APP_TITLE,
      backgroundColor: '#e4e8ec',
      minimizable: false,
      webPreferences: webPreferences(preload),
    })
    // The title bar never says whose paper this is; the document's own title names the print job.
    window.on('page-title-updated', (event) => event.preventDefault())
    const contents = window.webContents
    contents.once('destroyed', () => jobs.delete(contents))
    try {
      await new Promise<void>((resolve, reject) => {
        const late = () =>
          reject(new AppError('UNEXPECTED', '文书没有排好版，还没有打印。内容已经保存，请再试一次。'))
        const limit = setTimeout(late, LAYOUT_MS)
        jobs.set(contents, {
          mode,
          paper,
          ready: () => {
            clearTimeout(limit)
            resolve()
          },
        })
        window.loadURL(`${ORIGIN}/print.html`).catch(late)
      })
    } catch (error) {
      window.destroy()
      throw error
    }
    return window
  }

  async function hidden<T>(paper: Paper, use: (contents: WebContents) => Promise<T>) {
    const window = await open(paper, 'hidden')
    try {
      return await use(window.webContents)
    } finally {
      window.destroy()
    }
  }

  const askWhere = (paper: Paper, window: BrowserWindow) =>
    dialogs.saveFile(window, {
      title: '保存为 PDF',
      suggestedName: `${pdfName(paper)}.pdf`,
      kinds: [{ name: 'PDF 文件', extensions: ['pdf'] }],
    })

  const paperOf = (contents: WebContents): Paper => {
    const job = jobs.get(contents)
    if (job === undefined) throw new AppError('NOT_FOUND', '这个窗口里没有文书。')
    return job.paper
  }

  return {
    async preview(paper, parent) {
      const window = await open(paper, 'preview', parent)
      window.show()
      return null
    },
    async pdf(paper, parent) {
      const path = await askWhere(paper, parent)
      if (path === null) return null
      return hidden(paper, (contents) => writePdf(contents, path))
    },
    print: (paper) => hidden(paper, printContents),
    jobOf: (contents) => jobs.get(contents),
    async pdfOf(contents, window) {
      const path = await askWhere(paperOf(contents), window)
      return path === null ? null : writePdf(contents, path)
    },
    async printOf(contents) {
      paperOf(contents)
      return printContents(contents)
    },
  }
}

/** Kind and number, never a person's name (PRACTICE section 2, rule 15). */
function pdfName(paper: Paper): string {
  if (paper.kind === 'text') return paper.title
  return `${NOTICE_NAMES[paper.notice.kind]} ${paper.notice.code}`.replace(/[\\/:*?"<>|]/g, '-').trim()
}

async function writePdf(contents: WebContents, path: string): Promise<NativeOutput<'print.pdf'>> {
  const pdf = await contents.printToPDF({ preferCSSPageSize: true, printBackground: true })
  await writeWhole(path, pdf)
  return { name: path.split(/[\\/]/).at(-1) ?? path }
}

async function printContents(contents: WebContents): Promise<boolean> {
  const printers = await contents.getPrintersAsync()
  if (printers.length === 0) {
    throw new AppError(
      'NOT_FOUND',
      '本机没有装打印机，还没有打印。内容都已保存，可以先存为 PDF，接好打印机后再打印。',
    )
  }
  return new Promise((resolve, reject) => {
    contents.print({ silent: false, printBackground: true, pageSize: 'A4' }, (success, reason) => {
      if (success) resolve(true)
      else if (/cancel/i.test(reason)) resolve(false)
      else reject(new AppError('UNEXPECTED', '打印机没有接受这份文书。内容都已保存，请检查打印机后再打印。'))
    })
  })
}
