/** Private keys wrapped under a password: scrypt, calibrated in the process that uses it, parameters beside the result. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { AppError } from '../../domain/errors'
import { fromText, toText } from './encoding'

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}
export interface Wrapped extends ScryptCost {
  readonly algorithm: 'scrypt+aes-256-gcm'
  readonly salt: string
  readonly iv: string
  readonly ciphertext: string
}

const TAG = 16
const TARGET_MS = 500
const LEAST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 }
/** What a file may ask for at most: a foreign keys.json must not stop the machine. */
const MOST_MEMORY = 1024 ** 3

function derive(password: string, salt: Uint8Array, cost: ScryptCost): Buffer {
  const memory = 128 * cost.N * cost.r
  if (memory > MOST_MEMORY || cost.p > 16) throw new Error('scrypt parameters out of bounds')
  const { N, r, p } = cost
  // Half-width and full-width, composed and decomposed input give one password.
  return scryptSync(password.normalize('NFKC'), salt, 32, { N, r, p, maxmem: memory + 32 * 1024 * 1024 })
}

let calibrated: ScryptCost | undefined

/** @returns a cost of about half a second in this process, never below N = 2^17. Measured once. */
export function calibratedCost(): ScryptCost {
  if (calibrated) return calibrated
  const start = performance.now()
  derive('calibration', Buffer.alloc(16), LEAST)
  const doublings = Math.floor(Math.log2(TARGET_MS / Math.max(1, performance.now() - start)) + 0.5)
  calibrated = { ...LEAST, N: LEAST.N * 2 ** Math.min(2, Math.max(0, doublings)) }
  return calibrated
}

/** @param secret private keys. @param cost parameters of scrypt. */
export function wrapUnder(password: string, secret: Uint8Array, cost: ScryptCost): Wrapped {
  const salt = new Uint8Array(randomBytes(16))
  const iv = new Uint8Array(randomBytes(12))
  const cipher = createCipheriv('aes-256-gcm', derive(password, salt, cost), iv)
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'scrypt+aes-256-gcm',
    ...cost,
    salt: toText(salt),
    iv: toText(iv),
    ciphertext: toText(ciphertext),
  }
}

/** @throws AppError WRONG_PASSWORD */
export function unwrapWith(password: string, wrapped: Wrapped): Uint8Array {
  try {
    const bytes = fromText(wrapped.ciphertext)
    const key = derive(password, fromText(wrapped.salt), wrapped)
    const decipher = createDecipheriv('aes-256-gcm', key, fromText(wrapped.iv))
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG))
    return new Uint8Array(
      Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG)), decipher.final()]),
    )
  } catch (error) {
    throw wrongPassword(error)
  }
}

export function wrongPassword(cause?: unknown): AppError {
  return new AppError(
    'WRONG_PASSWORD',
    '账号或密码不对，没有登录，数据没有任何改动。请检查大小写和输入法后再试。',
    cause === undefined ? {} : { cause },
  )
}
