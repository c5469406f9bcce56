import { onBeforeUnmount } from 'vue'
import type { CoreEvent } from '../../domain/contract/events'
import { onCoreEvent } from '../api/client'

/** Listens to what the core tells while the component (or store scope) lives. */
export function useCoreEvent(listener: (event: CoreEvent) => void): void {
  onBeforeUnmount(onCoreEvent(listener))
}

/**
 * Calls back once, shortly after rows of these tables changed here or by an import.
 * @param tables names as in `CoreEvent`; an empty list means any table
 */
export function useChanged(tables: readonly string[], listener: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  useCoreEvent((event) => {
    if (event.kind !== 'changed') return
    if (tables.length > 0 && !event.tables.some((table) => tables.includes(table))) return
    // An import of many packages sends many events; one question after the last is enough.
    clearTimeout(timer)
    timer = setTimeout(listener, 150)
  })
  onBeforeUnmount(() => clearTimeout(timer))
}
