import { onBeforeUnmount, onMounted, shallowReactive } from 'vue'
import { belongsToIme } from './ime'
import { dialogIsOpen } from './dialog-stack'

/** A key as the table of keys (F1) shows it. */
interface ShortcutEntry {
  readonly keys: string
  readonly label: string
}
interface Registered extends ShortcutEntry {
  readonly handler: (event: KeyboardEvent) => void
  readonly inDialog: boolean
}

const registered = shallowReactive(new Set<Registered>())

/** @returns the labelled keys that work at the moment, for the table of keys. */
export function shortcutTable(): ShortcutEntry[] {
  return [...registered].filter((entry) => entry.label !== '')
}

/** @returns `Ctrl+Shift+K`, `F9`, `Escape` for an event, in the spelling that `useShortcut` takes. */
export function keysOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key
  const parts = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && event.key.length !== 1 ? 'Shift' : '',
    key,
  ]
  return parts.filter((part) => part !== '').join('+')
}

/** Runs the newest handler for a key, unless the key belongs to the input method. */
function dispatch(event: KeyboardEvent): void {
  if (belongsToIme(event) || event.defaultPrevented) return
  const keys = keysOf(event)
  const match = [...registered].reverse().find((entry) => entry.keys === keys)
  if (match === undefined) return
  if (dialogIsOpen() && !match.inDialog) return
  event.preventDefault()
  if (!event.repeat) match.handler(event)
}

/**
 * A key that works while the component is mounted. Prefer F-keys: they never collide with typing. Safe with input
 * methods; silent while a dialog is open; a held key fires once.
 * @param keys `F9`, `Ctrl+K`, `Ctrl+Enter`
 * @param handler what to do
 * @param more `label`: words for the table of keys (F1); `inDialog`: works over an open dialog too
 */
export function useShortcut(
  keys: string,
  handler: (event: KeyboardEvent) => void,
  more: { label?: string; inDialog?: true } = {},
): void {
  const entry: Registered = { keys, handler, label: more.label ?? '', inDialog: more.inDialog === true }
  onMounted(() => {
    if (registered.size === 0) window.addEventListener('keydown', dispatch)
    registered.add(entry)
  })
  onBeforeUnmount(() => {
    registered.delete(entry)
    if (registered.size === 0) window.removeEventListener('keydown', dispatch)
  })
}
