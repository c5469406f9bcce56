import { shallowReactive } from 'vue'

/** Open dialogs, the newest last: only that one takes keys, and what lies under it is inert. */
const open = shallowReactive<symbol[]>([])

export function pushDialog(id: symbol): void {
  open.push(id)
}
export function dropDialog(id: symbol): void {
  const at = open.indexOf(id)
  if (at >= 0) open.splice(at, 1)
}
export function isTopDialog(id: symbol): boolean {
  return open.at(-1) === id
}
export function dialogIsOpen(): boolean {
  return open.length > 0
}
