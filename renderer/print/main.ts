/** Page of a paper window: asks what to show, lays it out, says when it is ready. No framework: it has to be quick. */
import { native } from '../api/client'
import { AppError } from '../../domain/errors'
import { fitHalves, noticeSheet } from './notice'
import { textSheet } from './text'
import './print.css'

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`print.html has no #${id}`)
  return found
}

const said = element('said')

/** A button of the preview: says what came of it. */
function offer(id: string, action: () => Promise<string>): void {
  const button = element(id)
  let busy = false
  button.addEventListener('click', () => {
    if (busy) return
    busy = true
    said.textContent = ''
    action()
      .then((text) => (said.textContent = text))
      .catch((error: unknown) => {
        said.textContent = error instanceof AppError ? error.message : '这一步没有完成，请再试一次。'
      })
      .finally(() => (busy = false))
  })
}

offer('print', async () => ((await native('paper.print', {})) ? '已送到打印机。' : '没有打印。'))
offer('pdf', async () => {
  const saved = await native('paper.pdf', {})
  return saved === null ? '没有保存。' : `已存为 ${saved.name}`
})
offer('close', async () => {
  await native('paper.close', {})
  return ''
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') element('close').click()
})

const { mode, paper } = await native('paper.job', {})
if (paper.kind === 'notice') {
  const { title, sheet } = noticeSheet(paper.notice)
  document.title = title
  element('sheet').append(sheet)
  await document.fonts.ready
  fitHalves(sheet)
} else {
  document.title = paper.title
  element('sheet').append(textSheet(paper))
  await document.fonts.ready
}
if (mode === 'preview') {
  element('bar').hidden = false
  element('print').focus()
}
await native('paper.ready', {})
