/** The one place that knows how a file is made to last on each platform: written aside, synced, renamed, folder synced. */
import { closeSync, copyFileSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Forces a file's bytes to the disk. */
export function syncFile(path: string): void {
  // Windows flushes only through a handle opened for writing.
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Forces a folder's entries to the disk. Windows has no such call: there the rename itself is journalled. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Gives a finished, synced file its final name, replacing what was there, so that the name survives a power cut. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to)
  syncFolder(dirname(to))
}

/** Replaces a file whole: after a power cut there is the old or the new one, never a part. */
export function writeDurable(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.writing`
  try {
    const fd = openSync(temporary, 'w', 0o600)
    try {
      let written = 0
      while (written < bytes.length) written += writeSync(fd, bytes, written)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameDurably(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Copies a file whole and synced. Never for an open database: use `VACUUM INTO`. */
export function copyFileDurably(from: string, to: string): void {
  const temporary = `${to}.writing`
  try {
    copyFileSync(from, temporary)
    syncFile(temporary)
    renameDurably(temporary, to)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
