/** Packages that must be made while a key is at hand: before a confidential key is dropped. */
import { exportStore } from '../exchange/export'
import { outTray, readFolderSetting } from '../exchange/folder'
import type { Session } from '../session'
import type { CoreState } from '../state'

/** Without an exchange folder nothing is made: export by hand is then the person's way. */
export async function sealOutgoing(state: CoreState, session: Session): Promise<void> {
  if (session.opened === null || readFolderSetting(state.dataDir) === null) return
  const store = state.storeOf(session, session.opened)
  await exportStore(store, state.base, {
    address: 'centre',
    folder: outTray(state.dataDir),
    when: 'when_new',
  })
}
