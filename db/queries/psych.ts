/** The list of psychological referrals, inside its own compartment. */
import { localDateOf } from '../../domain/clock'
import { codeName } from '../../domain/codes/shipped'
import type { ReferralRow } from '../../domain/contract/confidential'
import type { Input, Output } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { Marked } from '../../domain/marks'
import { searchQuery } from '../derived/tokens'
import type { ReadableDb } from '../handle'
import { applyCounter } from '../replication/basis'
import { getRow } from '../rows'
import { join, sql, type Sql } from '../sql'
import { staffNames } from '../visibility/viewer'
import { NOT_ARRIVED } from './names'
import { cappedCount, cursorOf, cursorParts, pageOf } from './page'

interface Row {
  readonly id: string
  readonly number_text: string
  readonly name: string
  readonly urgency: string
  readonly state: string
  readonly sent_at: number
  readonly next_on: string
}

const toRow = (row: Row): ReferralRow => ({
  id: row.id,
  number: row.number_text,
  name: row.name,
  urgency: row.urgency,
  urgencyText: codeName('urgency', row.urgency),
  state: row.state,
  stateText: codeName('referral_state', row.state),
  receivedOn: localDateOf(row.sent_at),
  nextOn: row.next_on,
})

const columns = sql`r.id, s.number_text, r.name, r.urgency, s.state, s.sent_at, r.next_on`

/** @returns documents of the compartment's own index that hold all typed words */
export function foundIn(kind: 'referral' | 'roster_entry', query: string): Sql {
  return sql`(SELECT d.row_id FROM search_text t JOIN search_doc d ON d.doc_id = t.rowid
    WHERE t.search_text MATCH ${query} AND d.kind = ${kind})`
}

/** @returns a page, the latest first. */
export function listReferrals(db: ReadableDb, input: Input<'psych.list'>): Output<'psych.list'> {
  const where: Sql[] = [sql`1`]
  if (input.state !== '') where.push(sql`s.state = ${input.state}`)
  if (input.text.trim() !== '') {
    const query = searchQuery(input.text)
    if (query === null) return { rows: [], next: null, total: 0 }
    where.push(sql`s.referral_id IN ${foundIn('referral', query)}`)
  }
  const all = join(where, ' AND ')
  const [at, id] = cursorParts(input.after ?? '')
  const before = input.after === null ? sql`` : sql`AND (s.sent_at, s.referral_id) < (${Number(at)}, ${id})`
  const rows = db.all<Row>(sql`SELECT ${columns} FROM referral_state s JOIN referral r ON r.id = s.referral_id
    WHERE ${all} ${before} ORDER BY s.sent_at DESC, s.referral_id DESC LIMIT ${input.limit + 1}`)
  return pageOf(
    rows,
    input.limit,
    cappedCount(db, sql`SELECT 1 FROM referral_state s WHERE ${all}`, input.after),
    {
      row: toRow,
      cursor: (row) => cursorOf(row.sent_at, row.id),
    },
  )
}

/**
 * @param base for names of staff alone
 * @throws AppError NOT_FOUND
 */
export function getReferral(db: ReadableDb, base: ReadableDb, id: string): Output<'psych.get'> {
  const row = db.get<Row>(
    sql`SELECT ${columns} FROM referral_state s JOIN referral r ON r.id = s.referral_id WHERE r.id = ${id}`,
  )
  const full = getRow(db, 'referral', id)
  if (row === undefined || full === undefined) {
    throw new AppError('NOT_FOUND', '没有找到这条心理服务记录，可能尚未收到。')
  }
  const notes = db.all<{ id: string; kind: string; happened_on: string; body: string; recorded_by: string }>(
    sql`SELECT id, kind, happened_on, body, recorded_by FROM referral_note WHERE referral_id = ${id}
      ORDER BY happened_on DESC, recorded_at DESC, id`,
  )
  const names = staffNames(base, [full.sent_by, ...notes.map((note) => note.recorded_by)])
  return {
    ...toRow(row),
    gender: full.gender,
    birthDate: full.birth_date,
    phone: new Marked('phone', full.phone),
    safeContact: full.safe_contact,
    need: full.need,
    consent: full.consent,
    sentBy: names.get(full.sent_by) ?? NOT_ARRIVED,
    counsellorId: full.counsellor_id,
    notes: notes.map((note) => ({
      id: note.id,
      kind: note.kind,
      kindText: codeName('referral_note_kind', note.kind),
      happenedOn: note.happened_on,
      text: note.body,
      by: names.get(note.recorded_by) ?? NOT_ARRIVED,
    })),
    basis: applyCounter(db),
  }
}
