import { powerMonitor } from 'electron'
import type { CoreHost } from './core-host'

/** Linux tells nobody that its screen was locked, so the idle time is asked for instead. */
const ASK_EVERY_MS = 15_000

/** Tells the core when the machine sleeps, its screen locks, or nobody touches it. */
export function watchPower(core: CoreHost): void {
  powerMonitor.on('suspend', () => core.tell({ kind: 'suspend' }))
  powerMonitor.on('lock-screen', () => core.tell({ kind: 'suspend' }))
  setInterval(
    () => core.tell({ kind: 'idle', seconds: powerMonitor.getSystemIdleTime() }),
    ASK_EVERY_MS,
  ).unref()
}
