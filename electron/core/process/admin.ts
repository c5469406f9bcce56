/** Backup and verification: long reading that belongs to the terminal, done by the reader beside saves. */
import { basename } from 'node:path'
import { COMPARTMENT_NAMES, COMPARTMENTS } from '../../../domain/compartments'
import type { HeldStore } from '../../../db/open'
import type { UnlockedFile } from '../app-types'
import type { CoreState } from '../state'
import { note } from './note'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

const unlocked = ({ store, key }: HeldStore): UnlockedFile => ({ compartment: store.compartment, key })

export function adminHandlers(state: CoreState): Pick<ProcessHandlers, 'backup.make' | 'verify.run'> {
  const { reader, clock } = state.options
  return {
    'backup.make': async (input, caller) => {
      const session = sessionOf(caller)
      const out = state.tokens.pathOf(caller.client, input.out)
      const { dataDir } = state
      const compartments = state.heldStores().map(unlocked)
      const at = clock.now()
      const { folder, files } = await state.whileReading(COMPARTMENTS, () =>
        reader.run({ kind: 'backup', dataDir, out, at, compartments }),
      )
      note(state, 'backup.make', session)
      return { folder: basename(folder), files }
    },
    'verify.run': async (_input, caller) => {
      const session = sessionOf(caller)
      const { dataDir } = state
      const visible = state.storesOf(session)
      const compartments = state
        .heldStores()
        .filter(({ store }) => visible.has(store.compartment))
        .map(unlocked)
      const checked = await state.whileReading([...visible.keys()], () =>
        reader.run({ kind: 'verify', dataDir, compartments }),
      )
      note(state, 'verify.run', session)
      const lines = checked.flatMap(({ compartment, problems }) => {
        const name = COMPARTMENT_NAMES[compartment]
        if (problems.length === 0) return [`${name}：完好`]
        return [`${name}：发现 ${problems.length} 处问题`, ...problems.slice(0, 200)]
      })
      return { ok: checked.every(({ problems }) => problems.length === 0), lines }
    },
  }
}
