/**
 * Failed sign-ins, in a MACed file outside the databases: five free tries, then a delay that doubles up to a quarter of
 * an hour. It is counted in time since the machine started, so that neither a restart of the program nor a changed
 * clock shortens it. What happened before base was open waits here for the audit chain.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors'
import { appendAudit } from '../audit'
import { writeDurable } from '../durable'
import { fromText } from '../keys/encoding'
import type { KeysFile } from '../keys/file'
import type { Store } from '../store'
import { localTx } from '../transaction'

const FREE_TRIES = 5
const FIRST_WAIT = 5
const LONGEST_WAIT = 15 * 60
/** A try more than this many makes no longer wait. */
const MOST_FAILURES = 20
const MOST_PENDING = 500
/** Stands for every account: the file was missing or altered. */
const ANYBODY = '*'

interface Failures {
  readonly count: number
  /** Seconds since the machine started, at the last failure. */
  readonly uptime: number
}
interface PendingAttempt {
  readonly at: number
  readonly account: string
}
interface Attempts {
  readonly failures: Readonly<Record<string, Failures>>
  readonly pending: readonly PendingAttempt[]
}

export interface AttemptContext {
  readonly dataDir: string
  readonly keys: KeysFile
  /** Seconds since the machine started. */
  readonly uptime: () => number
}

const EMPTY: Attempts = { failures: {}, pending: [] }
const pathOf = (dataDir: string): string => join(dataDir, 'attempts.json')

function macOf(keys: KeysFile, body: string): Buffer {
  return createHmac('sha256', fromText(keys.folderSecret)).update(`maotiao-attempts-v1\n${body}`).digest()
}

function write(context: Pick<AttemptContext, 'dataDir' | 'keys'>, attempts: Attempts): void {
  const body = JSON.stringify(attempts)
  const file = { algorithm: 'hmac-sha256', mac: macOf(context.keys, body).toString('base64url'), body }
  writeDurable(pathOf(context.dataDir), Buffer.from(JSON.stringify(file), 'utf8'))
}

/** Without a whole file everybody waits the longest time: removing it must not be the way around. */
function read(context: AttemptContext): Attempts {
  const path = pathOf(context.dataDir)
  if (existsSync(path)) {
    try {
      const { mac, body } = JSON.parse(readFileSync(path, 'utf8')) as { mac: string; body: string }
      if (timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(context.keys, body)))
        return JSON.parse(body) as Attempts
    } catch {
      // Altered: as if it were missing.
    }
  }
  const locked = { failures: { [ANYBODY]: { count: MOST_FAILURES, uptime: context.uptime() } }, pending: [] }
  write(context, locked)
  return locked
}

/** A new folder starts with an empty count. */
export function startAttempts(dataDir: string, keys: KeysFile): void {
  write({ dataDir, keys }, EMPTY)
}

function secondsLeft(failures: Failures | undefined, uptime: number): number {
  if (failures === undefined || failures.count < FREE_TRIES) return 0
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures.count - FREE_TRIES))
  // After a restart of the machine only the time since then is known to have passed.
  const passed = uptime >= failures.uptime ? uptime - failures.uptime : uptime
  return Math.max(0, Math.ceil(wait - passed))
}

/** @throws AppError TOO_MANY_TRIES with the seconds left in `data` */
export function assertMayTry(context: AttemptContext, account: string): void {
  const { failures } = read(context)
  const uptime = context.uptime()
  const seconds = Math.max(secondsLeft(failures[account], uptime), secondsLeft(failures[ANYBODY], uptime))
  if (seconds === 0) return
  const time = seconds < 60 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`
  throw new AppError('TOO_MANY_TRIES', `密码输错次数太多，请等 ${time}再试。数据没有任何改动。`, {
    data: { seconds },
  })
}

export function recordFailure(context: AttemptContext, account: string, at: number): void {
  const attempts = read(context)
  const count = Math.min(MOST_FAILURES, (attempts.failures[account]?.count ?? 0) + 1)
  write(context, {
    failures: { ...attempts.failures, [account]: { count, uptime: context.uptime() } },
    pending: [...attempts.pending, { at, account }].slice(-MOST_PENDING),
  })
}

/** A right password ends the counting for this account. */
export function recordSuccess(context: AttemptContext, account: string): void {
  const attempts = read(context)
  if (attempts.failures[account] === undefined && attempts.failures[ANYBODY] === undefined) return
  const failures = Object.fromEntries(
    Object.entries(attempts.failures).filter(([name]) => name !== account && name !== ANYBODY),
  )
  write(context, { ...attempts, failures })
}

/** Moves failed tries into the audit chain of base, at the first sign-in after them. */
export function absorbAttempts(context: AttemptContext, base: Store): void {
  const attempts = read(context)
  if (attempts.pending.length === 0) return
  localTx(base, () => {
    for (const { at, account } of attempts.pending) {
      const known = context.keys.accounts.find((one) => one.account === account)
      appendAudit(base, {
        at,
        staffId: known?.staffId ?? '',
        post: '',
        route: 'session.sign_in',
        action: '登录',
        subject: 'session',
        subjectId: '',
        fields: [],
        outcome: known === undefined ? 'unknown_account' : 'wrong_password',
      })
    }
  })
  write(context, { ...attempts, pending: [] })
}
