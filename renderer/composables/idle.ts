import { onBeforeUnmount, onMounted } from 'vue'

const LOOK_EVERY_MS = 5000

/**
 * Calls back when nobody has touched keyboard or mouse for a while.
 * @param minutes 0 never
 */
export function useIdleLock(minutes: () => number, onIdle: () => void): void {
  let last = performance.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const touched = (): void => {
    last = performance.now()
  }
  const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
  onMounted(() => {
    for (const kind of kinds) window.addEventListener(kind, touched, { capture: true, passive: true })
    timer = setInterval(() => {
      const limit = minutes() * 60_000
      if (limit > 0 && performance.now() - last >= limit) onIdle()
    }, LOOK_EVERY_MS)
  })
  onBeforeUnmount(() => {
    for (const kind of kinds) window.removeEventListener(kind, touched, { capture: true })
    clearInterval(timer)
  })
}
