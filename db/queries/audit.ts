/** 操作日志 for the auditor, and a person's own drafts. */
import { addDays } from '../../domain/calendar/workdays'
import type { Input, Output } from '../../domain/contract/index'
import { POST_NAMES } from '../../domain/posts'
import type { ReadableDb } from '../handle'
import { join, sql, type Sql } from '../sql'
import { staffNames } from '../visibility/viewer'
import { cappedCount, cursorOf, cursorParts, pageOf } from './page'

interface EntryRow {
  readonly seq: number
  readonly at: number
  readonly staff_id: string
  readonly post: string
  readonly action: string
  readonly subject: string
  readonly subject_id: string
  readonly outcome: string
}

/** Midnight in China at the start of a civil date. */
const startOf = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)
const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
const names: Readonly<Record<string, string>> = POST_NAMES

/** @returns entries of base, the last first; they hold ids and field names, never values. */
export function listAudit(db: ReadableDb, input: Input<'audit.list'>): Output<'audit.list'> {
  const where: Sql[] = [sql`1`]
  if (isDate(input.from)) where.push(sql`e.at >= ${startOf(input.from)}`)
  if (isDate(input.to)) where.push(sql`e.at < ${startOf(addDays(input.to, 1))}`)
  if (input.text !== '') {
    where.push(sql`(instr(e.action, ${input.text}) > 0 OR instr(e.subject_id, ${input.text}) > 0
      OR e.staff_id IN (SELECT id FROM staff WHERE instr(name, ${input.text}) > 0))`)
  }
  const all = join(where, ' AND ')
  const before = input.after === null ? sql`` : sql`AND e.seq < ${Number(cursorParts(input.after)[0]) || 0}`
  const rows = db.all<EntryRow>(sql`SELECT seq, at, staff_id, post, action, subject, subject_id, outcome
    FROM audit_entry e WHERE ${all} ${before} ORDER BY e.seq DESC LIMIT ${input.limit + 1}`)
  const staff = staffNames(
    db,
    rows.map((row) => row.staff_id),
  )
  return pageOf(
    rows,
    input.limit,
    cappedCount(db, sql`SELECT 1 FROM audit_entry e WHERE ${all}`, input.after),
    {
      row: (row) => ({
        seq: row.seq,
        at: row.at,
        staffName: staff.get(row.staff_id) ?? '',
        postName: names[row.post] ?? '',
        action: row.action,
        subject: row.subject,
        subjectId: row.subject_id,
        outcome: row.outcome,
      }),
      cursor: (row) => cursorOf(row.seq),
    },
  )
}

/** @returns what this person was typing, the last first. Drafts are local and nobody else's. */
export function listDrafts(db: ReadableDb, staffId: string): Output<'draft.list'> {
  return db.all(sql`SELECT form_key AS key, content, saved_at AS savedAt FROM draft
    WHERE staff_id = ${staffId} ORDER BY saved_at DESC, form_key`)
}
