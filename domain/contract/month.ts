import { z } from 'zod'
import { month, pageInput, pathToken, route, type Page } from './define'
import type { MatterRow } from './matter'

export interface MonthCounts {
  readonly month: string
  readonly visits: number
  readonly questions: number
  readonly matters: number
  readonly handlings: number
  readonly accepted: number
  readonly resolved: number
  readonly overdue: number
  readonly open: number
  readonly byVillage: readonly CountRow[]
  readonly byCategory: readonly CountRow[]
  readonly byMediator: readonly CountRow[]
  /** The small print: what each number counts. */
  readonly definitions: readonly string[]
}
export interface CountRow {
  readonly key: string
  readonly name: string
  readonly visits: number
  readonly matters: number
  readonly handlings: number
  readonly accepted: number
  readonly resolved: number
  readonly overdue: number
}

export const monthRoutes = {
  'month.counts': route<MonthCounts>()({
    input: z.strictObject({ month }),
    permission: 'statistics.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  /** What is behind a number. */
  'month.behind': route<Page<MatterRow>>()({
    input: z.strictObject({
      month,
      count: z.enum(['matters', 'handlings', 'accepted', 'resolved', 'overdue', 'open']),
      by: z.enum(['', 'village', 'category', 'mediator']).default(''),
      key: z.string().max(64).default(''),
      ...pageInput,
    }),
    permission: 'statistics.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  /** Workbook: month's counts and the ledger (masked by default). */
  'month.export': route<{ readonly rows: number; readonly fileName: string }>()({
    input: z.strictObject({ month, out: pathToken }),
    permission: 'statistics.export',
    kind: 'process',
    compartment: 'base',
    audit: { action: '导出月报台账', subject: 'report' },
  }),
}
