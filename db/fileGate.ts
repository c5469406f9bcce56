/**
 * Bad files are told apart by `keys.json` before anything is written (DESIGN.md section 6): the database itself says
 * NOTADB to all of them.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { COMPARTMENT_NAMES, COMPARTMENTS, type Compartment } from '../domain/compartments'
import { AppError, type ErrorCode } from '../domain/errors'
import { classifyError } from './errors'
import type { KeysFile } from './keys/file'

const PLAIN_HEADER = Buffer.from('SQLite format 3\0', 'latin1')
const PAGE = 4096
const SALT_BYTES = 16

const ANSWERS = {
  FILE_EMPTY: '是空的（0 字节）。文件没有被改动，请从最近的备份恢复。',
  FILE_FOREIGN: '不是本系统的数据文件。文件没有被改动，请核对是否放错了文件，或从备份恢复。',
  FILE_OTHER_CENTRE: '是另一个中心的数据文件。文件没有被改动，请换回本中心的文件，或从备份恢复。',
  FILE_DAMAGED: '已损坏。文件没有被改动，请从最近的备份恢复，损坏的文件请保留给技术人员。',
  FILE_NEWER: '是更新版本的程序写的。文件没有被改动，请把本机程序升级到最新版本后再打开。',
} as const satisfies Partial<Record<ErrorCode, string>>

export type FileProblem = keyof typeof ANSWERS

/** @returns the error for a file that must not be used, with the compartment's Chinese name. */
export function fileError(problem: FileProblem, compartment: Compartment, cause?: unknown): AppError {
  const message = `${COMPARTMENT_NAMES[compartment]}的数据文件${ANSWERS[problem]}`
  return new AppError(problem, message, cause === undefined ? {} : { cause })
}

/** First 16 bytes of an encrypted file, hex. */
export function saltOf(file: string): string {
  return headOf(file).salt
}

function headOf(file: string): { size: number; salt: string; plain: boolean } {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    throw classifyError(error)
  }
  try {
    const { size } = fstatSync(fd)
    const head = Buffer.alloc(SALT_BYTES)
    readSync(fd, head, 0, SALT_BYTES, 0)
    return { size, salt: head.toString('hex'), plain: head.equals(PLAIN_HEADER) }
  } finally {
    closeSync(fd)
  }
}

/**
 * Looks at the first bytes only. A file with our salt passes whatever its size: a cut one is damaged, not foreign, and
 * that is for the database to say.
 * @throws AppError FILE_EMPTY, FILE_FOREIGN, FILE_OTHER_CENTRE, FILE_DAMAGED (gone)
 */
export function assertOurFile(file: string, compartment: Compartment, keys: KeysFile): void {
  if (!existsSync(file)) {
    throw new AppError(
      'FILE_DAMAGED',
      `${COMPARTMENT_NAMES[compartment]}的数据文件 ${basename(file)} 不见了。其他文件没有被改动，请从最近的备份恢复。`,
    )
  }
  const head = headOf(file)
  if (head.size === 0) throw fileError('FILE_EMPTY', compartment)
  if (head.salt === keys.compartments[compartment].salt) return
  if (head.plain || head.size % PAGE !== 0) throw fileError('FILE_FOREIGN', compartment)
  const swapped = COMPARTMENTS.find((name) => keys.compartments[name].salt === head.salt)
  if (swapped) {
    throw new AppError(
      'FILE_FOREIGN',
      `${COMPARTMENT_NAMES[compartment]}的位置上放着${COMPARTMENT_NAMES[swapped]}的文件。文件没有被改动，请换回原来的文件。`,
    )
  }
  throw fileError('FILE_OTHER_CENTRE', compartment)
}
