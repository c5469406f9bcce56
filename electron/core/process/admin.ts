/** Backup and verification: long reading that belongs to the terminal. */
import { basename } from 'node:path'
import { COMPARTMENT_NAMES } from '../../../domain/compartments'
import { verifyAudit } from '../../../db/audit'
import { verifyStore } from '../../../db/replication/verify'
import { makeBackup } from '../../../db/backup'
import type { CoreState } from '../state'
import { note } from './note'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

export function adminHandlers(state: CoreState): Pick<ProcessHandlers, 'backup.make' | 'verify.run'> {
  return {
    'backup.make': (input, caller) => {
      const session = sessionOf(caller)
      const out = state.tokens.pathOf(caller.client, input.out)
      const { clock } = state.options
      const { folder, files } = makeBackup({ dataDir: state.dataDir, out, stores: state.heldStores(), clock })
      note(state, 'backup.make', session)
      return { folder: basename(folder), files }
    },
    'verify.run': (_input, caller) => {
      const session = sessionOf(caller)
      const lines: string[] = []
      let ok = true
      for (const store of state.storesOf(session).values()) {
        const name = COMPARTMENT_NAMES[store.compartment]
        const problems = verifyStore(store)
        const audit = verifyAudit(store.db)
        if (audit !== null) problems.push(`操作日志第 ${audit} 条起对不上`)
        ok &&= problems.length === 0
        lines.push(
          problems.length === 0 ? `${name}：完好` : `${name}：发现 ${problems.length} 处问题`,
          ...problems.slice(0, 200),
        )
      }
      note(state, 'verify.run', session)
      return { ok, lines }
    },
  }
}
