/**
 * A small file beside the databases that remembers how far each replica had come and which numbers were drawn, so that
 * opening notices a folder that was copied or rolled back (DESIGN.md section 4, rule 0). Two slots written in turn, in
 * place, synced: one write and one sync a note, and a torn write leaves the other slot.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Compartment } from '../domain/compartments'
import { writeDurable } from './durable'
import { sha256Hex } from './keys/encoding'

const SLOT = 8192

export interface ReplicaState {
  readonly replica: string
  /** Highest own sequence at the last note. */
  readonly seq: number
  /** Highest serial by `series|year`. */
  readonly numbers: Readonly<Record<string, number>>
  /** Why the next opening makes a new replica; empty: it does not. */
  readonly due: '' | 'restored' | 'copied'
}
export interface FolderState {
  /** Machine and place of the folder. */
  readonly mark: string
  readonly replicas: Readonly<Partial<Record<Compartment, ReplicaState>>>
}

interface Slotted {
  readonly turn: number
  readonly state: FolderState
}

const pathOf = (dataDir: string): string => join(dataDir, 'state')

function parseSlot(text: string): Slotted | null {
  const [sum, body] = text.split('\n')
  if (sum === undefined || body === undefined || sha256Hex(body) !== sum) return null
  return JSON.parse(body) as Slotted
}

function newest(dataDir: string): Slotted | null {
  const path = pathOf(dataDir)
  if (!existsSync(path)) return null
  const text = readFileSync(path, 'latin1')
  const slots = [parseSlot(text.slice(0, SLOT)), parseSlot(text.slice(SLOT))].filter((slot) => slot !== null)
  return slots.sort((a, b) => b.turn - a.turn)[0] ?? null
}

/** @returns the last whole note, or null when there is none. */
export function readState(dataDir: string): FolderState | null {
  return newest(dataDir)?.state ?? null
}

/** Writes a note that survives a power cut when this returns. */
export function writeState(dataDir: string, state: FolderState): void {
  const turn = (newest(dataDir)?.turn ?? 0) + 1
  const body = JSON.stringify({ turn, state } satisfies Slotted)
  const slot = `${sha256Hex(body)}\n${body}\n`.padEnd(SLOT, ' ')
  if (slot.length > SLOT) throw new Error('the state note is too long')
  const path = pathOf(dataDir)
  if (!existsSync(path)) {
    writeDurable(path, Buffer.from(slot.repeat(2), 'latin1'))
    return
  }
  const fd = openSync(path, 'r+')
  try {
    writeSync(fd, Buffer.from(slot, 'latin1'), 0, SLOT, (turn % 2) * SLOT)
    fdatasyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
