/** What the reader does. Keys come with the task and are wiped with it. */
import { makeBackup, type MadeBackup } from '../../db/backup'
import { classifyError } from '../../db/errors'
import { openReader } from '../../db/open'
import { verifyStore } from '../../db/replication/verify'
import type { ReaderTask, UnlockedFile, VerifiedFile } from './app-types'

/** @throws AppError as opening a file, or DISK_FULL, READ_ONLY, FILE_DAMAGED from a backup */
export function readLong(task: ReaderTask): MadeBackup | readonly VerifiedFile[] {
  try {
    return task.kind === 'backup' ? backup(task) : task.compartments.map((file) => verify(task.dataDir, file))
  } catch (error) {
    throw classifyError(error)
  } finally {
    for (const { key } of task.compartments) key.fill(0)
  }
}

function backup(task: Extract<ReaderTask, { kind: 'backup' }>): MadeBackup {
  const { dataDir, out, at } = task
  const stores = task.compartments.map(({ compartment, key }) => ({ store: { compartment }, key }))
  return makeBackup({ dataDir, out, stores, clock: { now: () => at } })
}

function verify(dataDir: string, { compartment, key }: UnlockedFile): VerifiedFile {
  const reader = openReader({ dataDir, compartment, keys: [key] })
  try {
    // One moment of the file, whatever is saved meanwhile: else rows would be compared with changes of another time.
    reader.connection.exec('BEGIN')
    return { compartment, problems: verifyStore(reader) }
  } finally {
    reader.connection.close()
  }
}
