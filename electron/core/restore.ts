/** Restoring a backup into an owned folder: the account must open the backup's own keys before anything is moved. */
import type { Clock } from '../../domain/clock'
import { findBackup } from '../../db/backup'
import { unlockAccount } from '../../db/keys/account'
import { readKeysFile } from '../../db/keys/file'
import { wrongPassword } from '../../db/keys/password'
import { takeOwnerLock } from '../../db/ownerLock'
import { restoreBackup, type Restored } from '../../db/restore'

export interface RestoreInput {
  readonly dataDir: string
  /** Folder of the backup. */
  readonly from: string
  readonly account: string
  readonly password: string
  readonly clock: Clock
}

/** @throws AppError IN_USE, WRONG_PASSWORD, FILE_FOREIGN, FILE_DAMAGED; nothing is moved then */
export function restoreFolder(input: RestoreInput): Restored {
  const lock = takeOwnerLock(input.dataDir)
  try {
    const typed = input.account.trim().toLowerCase()
    const known = readKeysFile(findBackup(input.from).folder).accounts.find(
      (one) => one.account.toLowerCase() === typed,
    )
    if (known === undefined) throw wrongPassword()
    unlockAccount(known, input.password)
    return restoreBackup(input.from, input.dataDir, input.clock)
  } finally {
    lock.release()
  }
}
