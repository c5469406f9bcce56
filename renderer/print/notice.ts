/** The notice in two halves of one A4 sheet: 存根联 stays with the centre, 告知联 goes with the person. */
import type { NoticeModel } from '../../domain/contract/reception'

/** Name of the document, of the print job and of the PDF: the kind alone, never a person. */
const TITLES: Readonly<Record<NoticeModel['kind'], string>> = {
  visit_receipt: '来访回执',
  acceptance: '受理告知书',
  refusal: '不予受理告知书',
}

/** Point sizes tried until both halves fit; below the last one every half gets a sheet of its own. */
const TYPE_SIZES = [12, 11, 10.5, 10, 9.5, 9]

function make(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag)
  element.className = className
  element.textContent = text
  return element
}

/** @returns the title of the document and the sheet, not yet fitted */
export function noticeSheet(notice: NoticeModel): { title: string; sheet: HTMLElement } {
  const sheet = make('article', 'sheet')
  const cut = make('div', 'cut')
  cut.append(make('span', 'cut-text', '✂ 沿此线裁开'))
  sheet.append(half(notice, '存根联', '本联由中心留存'), cut, half(notice, '告知联', '本联交当事人保存'))
  return { title: TITLES[notice.kind], sheet }
}

function half(notice: NoticeModel, name: string, use: string): HTMLElement {
  const section = make('section', 'half')
  section.setAttribute('aria-label', name)

  const head = make('header', 'head')
  const code = make('p', 'code')
  code.append(make('span', 'code-label', '编号'), make('span', 'code-text', notice.code))
  head.append(make('p', 'part', `${name}（${use}）`), code)

  const lines = make('dl', 'lines')
  for (const { label, text } of notice.lines) {
    const line = make('div', 'line')
    line.append(make('dt', 'label', label), make('dd', 'text', text))
    lines.append(line)
  }
  const body = make('div', 'body')
  body.append(...notice.body.map((text) => make('p', 'paragraph', text)))

  const foot = make('footer', 'foot')
  const signs = make('div', 'signs')
  signs.append(...notice.signPlaces.map((place) => make('p', 'sign', `${place}：`)))
  const seal = make('div', 'seal')
  seal.append(make('p', 'seal-name', `${notice.centreName}（印章）`), make('p', 'seal-date', notice.date))
  foot.append(signs, seal)

  section.append(
    head,
    make('p', 'centre', notice.centreName),
    make('h1', 'title', notice.title),
    lines,
    body,
    foot,
  )
  return section
}

/** Nothing may be cut off: smaller type first, then a sheet for each half. */
export function fitHalves(sheet: HTMLElement): void {
  const halves = [...sheet.querySelectorAll<HTMLElement>('.half')]
  for (const size of TYPE_SIZES) {
    sheet.style.setProperty('--type', `${size}pt`)
    if (halves.every((section) => section.scrollHeight <= section.clientHeight)) return
  }
  sheet.style.setProperty('--type', '11pt')
  sheet.classList.add('long')
}
