/**
 * Every call of every window and of the command line passes here: own-property look-up, session, permission, parse,
 * idempotence, transaction, audit, masking. It answers a Result and never rejects.
 */
import type { z } from 'zod'
import { ROUTES, type RouteName } from '../../domain/contract'
import type { AuditSpec, RouteSpec } from '../../domain/contract/define'
import { AppError, type Result } from '../../domain/errors'
import { toWire, type Mark } from '../../domain/marks'
import { isAllowed } from '../../domain/posts'
import { appendAudit, type AuditInput } from '../../db/audit'
import { classifyError } from '../../db/errors'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { localTx, writeTx } from '../../db/transaction'
import { viewerOf } from '../../db/visibility/viewer'
import { readHandlers } from './handlers/read'
import type { ReadContext } from './handlers/types'
import { writeHandlers } from './handlers/write'
import type { ProcessHandlers } from './process/types'
import type { SessionInfo } from '../../domain/contract/setup'
import type { Session } from './session'

/** What the router needs of the running core. */
export interface RouterHost {
  sessionOf(client: string): Session | null
  /** Throws COMPARTMENT_CLOSED when the session's post holds no key to it. */
  storeOf(session: Session, compartment: RouteSpec['compartment']): Store
  storesOf(session: Session): ReadContext['stores']
  /** Runs after each write: stores keys again where accounts were touched, tells windows. */
  afterWrite(store: Store, tables: readonly string[]): void
  infoOf(session: Session): SessionInfo
  readonly process: ProcessHandlers
  log(line: string): void
}

/** The handlers see only the session's view; the router itself needs who signs. */
interface CallContext extends ReadContext {
  readonly session: Session
}

const own = <T extends object>(table: T, name: string): name is keyof T & string => Object.hasOwn(table, name)

/** @returns the Result of one call; whatever is thrown inside becomes an error body with a Chinese sentence. */
export async function routeCall(
  host: RouterHost,
  client: string,
  name: string,
  raw: unknown,
): Promise<Result<unknown>> {
  try {
    if (!own(ROUTES, name)) throw new AppError('ROUTE_NOT_FOUND', '没有这个功能，请更新到最新版本后再试。')
    return { ok: true, data: await run(host, client, name, raw) }
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : classifyError(thrown)
    if (error.code === 'UNEXPECTED') host.log(`${name} ${describe(thrown)}`)
    return { ok: false, error: error.toBody() }
  }
}

/** Class and stack positions only: a message may quote what was typed. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown
  const at = (thrown.stack ?? '')
    .split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .slice(0, 6)
  return `${thrown.name} ${at.map((line) => line.trim()).join(' | ')}`
}

async function run(host: RouterHost, client: string, name: RouteName, raw: unknown): Promise<unknown> {
  const spec: RouteSpec = ROUTES[name]
  const session = host.sessionOf(client)
  if (spec.permission !== 'anyone') {
    if (session === null) throw new AppError('NOT_SIGNED_IN', '请先登录。')
    if (session.locked && name !== 'session.sign_out')
      throw new AppError('LOCKED', '已锁屏，请输入密码继续，正在填写的内容都还在。')
    if (!isAllowed(spec.permission, session.post)) {
      throw new AppError('FORBIDDEN', '当前岗位不能使用这项功能。如果您兼有其他岗位，请先切换岗位。')
    }
  }
  const parsed = spec.input.safeParse(raw ?? {})
  if (!parsed.success) throw inputError(parsed.error)
  const input = parsed.data as Record<string, unknown>
  session?.touch()
  if (spec.kind === 'process')
    return await host.process[name as keyof ProcessHandlers](input as never, { client, session })
  // `anyone` routes are all of kind `process`.
  if (session === null) throw new AppError('NOT_SIGNED_IN', '请先登录。')
  if (name === 'session.info') return host.infoOf(session)
  const store = host.storeOf(session, spec.compartment)
  const context: CallContext = {
    session,
    viewer: viewerOf(host.storeOf(session, 'base').db, session),
    stores: host.storesOf(session),
    store,
    clock: store.clock,
  }
  return spec.kind === 'read'
    ? runRead(name, spec, input, context)
    : runWrite(host, name, spec, input, context)
}

function inputError(error: z.ZodError): AppError {
  const issue = error.issues[0]
  const field = issue?.path.map(String).join('.') ?? ''
  // zod's own English sentences never reach a clerk.
  const said = issue?.message ?? ''
  const message = /^[^a-zA-Z]*[\u4e00-\u9fff]/.test(said)
    ? said
    : '填写的内容有误，请检查后再保存。内容仍在屏幕上。'
  return new AppError('BAD_INPUT', message, { field: field.replace(/^patch\./, '') })
}

function runRead(
  name: RouteName,
  spec: RouteSpec,
  input: Record<string, unknown>,
  context: ReadContext,
): unknown {
  const handler = readHandlers[name as keyof typeof readHandlers] as (
    input: unknown,
    context: ReadContext,
  ) => unknown
  const output = handler(input, context)
  if (spec.audit !== 'none') {
    const entry = auditOf(name, spec.audit, input, output, context)
    localTx(context.store, () => appendAudit(context.store, entry))
  }
  return toWire(output, context.session.post, revealed(name, input))
}

/** The one route that shows a masked value: its reason is required and audited. */
function revealed(name: RouteName, input: Record<string, unknown>): readonly Mark[] {
  return name === 'person.reveal' ? [input['field'] as Mark] : []
}

function runWrite(
  host: RouterHost,
  name: RouteName,
  spec: RouteSpec,
  input: Record<string, unknown>,
  context: CallContext,
): unknown {
  const { store, session } = context
  const requestId = String(input['requestId'])
  const stored = store.db.get<{ route: string; result: string }>(
    sql`SELECT route, result FROM form_result WHERE request_id = ${requestId}`,
  )
  if (stored) {
    if (stored.route !== name) throw new AppError('BAD_INPUT', '这张表单已经用过，请重新打开后再填。')
    return JSON.parse(stored.result) as unknown
  }
  const handler = writeHandlers[name as keyof typeof writeHandlers] as (
    input: unknown,
    context: unknown,
  ) => unknown
  let tables: readonly string[] = []
  const result = writeTx(store, session.actor(), (tx) => {
    const output = handler(input, { ...context, tx })
    const wire: unknown = toWire(output, session.post)
    tx.run(
      sql`INSERT INTO form_result (request_id, route, result, at) VALUES (${requestId}, ${name}, ${JSON.stringify(wire)}, ${tx.now})`,
    )
    if (spec.audit !== 'none') appendAudit(store, auditOf(name, spec.audit, input, output, context))
    tables = tx
      .all<{ tbl: string }>(
        sql`SELECT DISTINCT tbl FROM change WHERE replica = ${store.replica} AND digest IS NULL`,
      )
      .map((row) => row.tbl)
    return wire
  })
  host.afterWrite(store, tables)
  return result
}

/** Ids, routes and field names; never values. A reason is the one text a person writes for the auditor. */
export function auditOf(
  name: string,
  spec: AuditSpec,
  input: Record<string, unknown>,
  output: unknown,
  context: {
    readonly session: { readonly staffId: string; readonly post: string }
    readonly clock: { now(): number }
  },
): AuditInput {
  const path = spec.idPath ?? ''
  const id = path.startsWith('>') ? at(output, path.slice(1)) : at(input, path)
  const patch = input['patch']
  return {
    at: context.clock.now(),
    staffId: context.session.staffId,
    post: context.session.post,
    route: name,
    action: spec.action,
    subject: spec.subject,
    subjectId: typeof id === 'string' ? id : '',
    fields: patch !== null && typeof patch === 'object' ? Object.keys(patch) : reasonOf(input),
    outcome: 'done',
  }
}

const reasonOf = (input: Record<string, unknown>): string[] =>
  typeof input['reason'] === 'string' && input['reason'] !== '' ? [`理由：${input['reason']}`] : []

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        inner !== null && typeof inner === 'object' && key !== ''
          ? (inner as Record<string, unknown>)[key]
          : undefined,
      value,
    )
}
