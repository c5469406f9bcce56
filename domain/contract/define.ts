/**
 * How a route is declared. A route states its input schema, its output type, who may call it, whether it reads or
 * writes, in which compartment, and what is audited. The window imports this file by type only.
 */
import { z } from 'zod'
import type { Compartment } from '../compartments'
import type { Permission } from '../posts'

/** What the audit row of a call says. `subject` names the input or output field that holds the id. Never values. */
export interface AuditSpec {
  /** What happened, in Chinese, as the auditor reads it. */
  readonly action: string
  /** Kind of thing it was done to. */
  readonly subject: string
  /** Path in the input (`patch.personId`) or, with a leading `>`, in the output (`>matterId`) of the subject's id. */
  readonly idPath?: string
}

/**
 * `read`: a query, no transaction. `write`: one transaction of the route's compartment, answered again from the stored
 * result when the same requestId comes back. `process`: manages its own transactions (sign-in, joining, exchange).
 */
export type RouteKind = 'read' | 'write' | 'process'

export interface RouteSpec<I extends z.ZodType = z.ZodType, O = unknown, K extends RouteKind = RouteKind> {
  readonly input: I
  readonly permission: Permission
  readonly kind: K
  readonly compartment: Compartment
  /** `none` needs a reason: code lists, own session state. */
  readonly audit: AuditSpec | 'none'
  /** Phantom: carries the output type. */
  readonly output?: O
}

/** `route<Output>()({...})`: the output type is given, the input type follows from the schema. */
export function route<O>() {
  return <I extends z.ZodType, const K extends RouteKind>(
    spec: Omit<RouteSpec<I, O, K>, 'output'>,
  ): RouteSpec<I, O, K> => spec
}

export type RouteInput<R> = R extends RouteSpec<infer I, unknown> ? z.output<I> : never
export type RouteRawInput<R> = R extends RouteSpec<infer I, unknown> ? z.input<I> : never
export type RouteOutput<R> = R extends RouteSpec<z.ZodType, infer O> ? O : never

/** Made when the form opens; the same id again answers the stored result. */
export const requestId = z.string().min(8).max(64)
export const id = z.string().min(1).max(64)
/** The 30th of February is written right and is no day. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
/** Civil date `YYYY-MM-DD` that the calendar has. */
export const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, '日期格式应为 2026-03-01')
  .refine(isDay, '没有这一天，请检查日期')
/** `YYYY-MM`. */
export const month = z
  .string()
  .regex(/^\d{4}-\d{2}$/, '月份格式应为 2026-03')
  .refine((text) => isDay(`${text}-01`), '没有这个月，请检查月份')
/** Milliseconds since 1970 UTC. */
export const instant = z.int().min(0)
export const shortText = (max = 100) => z.string().trim().max(max, `最多 ${max} 个字`)
export const needText = (what: string, max = 100) =>
  z.string().trim().min(1, `请填写${what}`).max(max, `${what}最多 ${max} 个字`)
export const longText = (max = 20_000) => z.string().max(max, `最多 ${max} 个字`)
export const fen = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
/** Opaque token for a path chosen in a dialog of the main process (or named on the command line). */
export const pathToken = z.string().min(1).max(64)

/**
 * Input of a write on something that exists or is made.
 * `basis`: the file's apply counter when the record was read (0 for something new); `patch`: only what was changed.
 */
export function writeInput<P extends z.ZodRawShape, T extends z.ZodRawShape>(target: T, patch: P) {
  return z.strictObject({ requestId, basis: z.int().min(0), ...target, patch: z.strictObject(patch) })
}

/** Input of a steering event: its basis is the heads that were shown. */
export function steerInput<P extends z.ZodRawShape>(patch: P) {
  return z.strictObject({
    requestId,
    matterId: id,
    handlingId: id.nullable(),
    basis: z.array(id).max(32),
    patch: z.strictObject(patch),
  })
}

/** A page of a list by key: `after` is the last key of the page before. */
export const pageInput = {
  after: z.string().max(200).nullable().default(null),
  limit: z.int().min(1).max(200).default(50),
}
export interface Page<T> {
  readonly rows: readonly T[]
  /** Key to ask the next page with, or null at the end. */
  readonly next: string | null
  /** How many there are in all, counted up to 10,000. */
  readonly total: number
}
