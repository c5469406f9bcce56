import type { TextSheet } from '../../domain/contract/native'

/** A page of plain text in lines as given, such as the recovery sheet: large, evenly spaced, hard to misread. */
export function textSheet({ title, text }: TextSheet): HTMLElement {
  const sheet = document.createElement('article')
  sheet.className = 'sheet text-sheet'
  const heading = document.createElement('h1')
  heading.className = 'title'
  heading.textContent = title
  const body = document.createElement('pre')
  body.className = 'text-body'
  body.textContent = text
  sheet.append(heading, body)
  return sheet
}
