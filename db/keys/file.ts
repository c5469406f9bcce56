/**
 * `keys.json` beside the database files: for each compartment which file it is and its key wrapped to account public
 * keys, for each account its name and wrapped private half. It holds no key in clear. Written aside, synced, renamed;
 * the previous one is kept.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPARTMENTS, type Compartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import { copyFileDurably, writeDurable } from '../durable'
import type { Wrapped } from './password'

/** Holder of a slot: a staff id, or the recovery sheet. */
export const RECOVERY = 'recovery'

export interface Slot {
  readonly holder: string
  /** X25519 public key the compartment key is sealed to. */
  readonly boxPublic: string
  /** `sealTo` text; its first part names the algorithms. */
  readonly sealed: string
}
export interface KeyGeneration {
  readonly madeAt: number
  readonly slots: readonly Slot[]
}
export interface CompartmentKeys {
  readonly fileId: string
  /** First 16 bytes of the file, hex: tells our file from another centre's before any key is tried. */
  readonly salt: string
  /** Newest first. Two only while a rotation is under way. */
  readonly generations: readonly KeyGeneration[]
  /** A slot was removed: the next session that holds the key changes it. */
  readonly rotationDue: boolean
}
export interface AccountKeys {
  readonly staffId: string
  readonly account: string
  readonly name: string
  readonly boxPublic: string
  readonly signPublic: string
  /** More than one after two password changes on different terminals: each opens until the owner sets one. */
  readonly wrapped: readonly Wrapped[]
}
export interface KeysFile {
  readonly version: 1
  readonly centreId: string
  readonly centreName: string
  readonly terminalName: string
  readonly terminalNumber: string
  /** Random, for the MAC of small files that are written before anybody signed in. */
  readonly folderSecret: string
  readonly compartments: Readonly<Record<Compartment, CompartmentKeys>>
  readonly accounts: readonly AccountKeys[]
}

const pathOf = (dataDir: string): string => join(dataDir, 'keys.json')
const previousOf = (dataDir: string): string => join(dataDir, 'keys.previous.json')

/** @returns whether a centre was founded or joined in this folder. */
export function hasKeysFile(dataDir: string): boolean {
  return existsSync(pathOf(dataDir)) || existsSync(previousOf(dataDir))
}

function parse(path: string): KeysFile | null {
  if (!existsSync(path)) return null
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<KeysFile>
    const whole =
      value.version === 1 &&
      Array.isArray(value.accounts) &&
      COMPARTMENTS.every((name) => Array.isArray(value.compartments?.[name]?.generations))
    return whole ? (value as KeysFile) : null
  } catch {
    return null
  }
}

/** @throws AppError NOT_SET_UP when there is none, FILE_DAMAGED when neither it nor the previous one can be read. */
export function readKeysFile(dataDir: string): KeysFile {
  const file = parse(pathOf(dataDir)) ?? parse(previousOf(dataDir))
  if (file) return file
  if (!hasKeysFile(dataDir)) {
    throw new AppError('NOT_SET_UP', '这个数据文件夹还没有建立中心。请新建中心或加入已有中心。')
  }
  throw new AppError(
    'FILE_DAMAGED',
    '钥匙文件 keys.json 已损坏，数据文件没有被改动。请从最近的备份恢复这个文件。',
  )
}

/** Replaces the file durably and keeps the one before. */
export function writeKeysFile(dataDir: string, file: KeysFile): void {
  if (parse(pathOf(dataDir))) copyFileDurably(pathOf(dataDir), previousOf(dataDir))
  writeDurable(pathOf(dataDir), Buffer.from(`${JSON.stringify(file, null, 1)}\n`, 'utf8'))
}

/** Changes one compartment's entry. */
export function withCompartment(file: KeysFile, compartment: Compartment, entry: CompartmentKeys): KeysFile {
  return { ...file, compartments: { ...file.compartments, [compartment]: entry } }
}
