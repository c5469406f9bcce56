/** People on record: suggestions, the record, earlier matters. */
import type { LocalDate } from '../../domain/clock'
import type { Input, Output } from '../../domain/contract/index'
import type { OwedRow, PersonHit } from '../../domain/contract/people'
import { AppError } from '../../domain/errors'
import { Marked, maskText } from '../../domain/marks'
import { checkIdNumber } from '../../domain/rules/idNumber'
import { scoreMatch, type MatchFacts } from '../../domain/rules/person-match'
import { checkPhone, phoneTail } from '../../domain/rules/phone'
import { mergedWith } from '../derived/person'
import { bodyText, readingsOf } from '../derived/tokens'
import type { ReadableDb } from '../handle'
import { applyCounter } from '../replication/basis'
import { join, list, sql, type Sql } from '../sql'
import type { Viewer } from '../store'
import { requirePerson } from '../services/guard'
import { matterVisible } from '../visibility/matter'
import { nameFor } from '../visibility/minor'
import { personVisible } from '../visibility/person'
import { askHandler, dueView, handlerText, matterColumns, staffOf, type ListedMatter } from './matter-row'
import { NOT_ARRIVED, unitNames } from './names'

interface PersonRow {
  readonly id: string
  readonly name: string
  readonly gender: string
  readonly birth_date: string
  readonly id_type: string
  readonly id_number: string
  readonly phone: string
  readonly org_unit_id: string | null
  readonly address: string
  readonly address_secret: number
  readonly note: string
  readonly canonical_id: string
}

/** Fewer rows are scored than a common surname has bearers; more would not be read. */
const CANDIDATES = 200
const SHOWN = 20

const pinyinOf = (name: string): string[] => readingsOf(name).map((reading) => reading.join(''))

/** Ids that may fit, from the indexes alone. */
function candidateIds(query: MatchFacts): Sql | null {
  const parts: Sql[] = []
  const named = (match: string): Sql => sql`SELECT row_id AS id FROM (SELECT d.row_id FROM search_text t
    JOIN search_doc d ON d.doc_id = t.rowid
    WHERE t.search_text MATCH ${match} AND d.kind = 'person' LIMIT ${CANDIDATES})`
  const letters = bodyText(query.name)
  if (letters !== '') parts.push(named(`body : "${letters}"`))
  for (const reading of new Set(query.pinyin)) parts.push(named(`pinyin : "${reading}"`))
  const tail = phoneTail(query.phone)
  if (tail !== '') parts.push(sql`SELECT person_id AS id FROM person_key WHERE phone_tail = ${tail}`)
  if (query.idNumber !== '') parts.push(sql`SELECT id FROM person WHERE id_number = ${query.idNumber}`)
  return parts.length === 0 ? null : join(parts, ' UNION ')
}

/** 是不是这位: people the viewer may know of, most likely first, each with the reason. */
export function suggestPersons(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'person.suggest'>,
  today: LocalDate,
): Output<'person.suggest'> {
  const idNumber = checkIdNumber(input.idNumber)
  const query: MatchFacts = {
    name: input.name.trim(),
    pinyin: pinyinOf(input.name),
    phone: checkPhone(input.phone).text,
    idNumber: idNumber.text,
    orgUnitId: input.orgUnitId,
    birthYear: idNumber.birthDate?.slice(0, 4) ?? '',
  }
  const ids = candidateIds(query)
  if (ids === null) return []
  const rows =
    db.all<PersonRow>(sql`SELECT p.*, k.canonical_id FROM person p JOIN person_key k ON k.person_id = p.id
    WHERE p.id IN (${ids}) AND p.removed = 0 AND ${personVisible(viewer, sql`p.id`)} LIMIT ${CANDIDATES * 2}`)
  const scored = rows
    .map((row) => ({ row, match: scoreMatch(query, factsOf(row)) }))
    .filter(({ match }) => match.score > 0)
    .sort((a, b) => b.match.score - a.match.score || (a.row.id < b.row.id ? -1 : 1))
  // Of merged persons one is offered, under the id that stands for all.
  const once = [
    ...new Map([...scored].reverse().map((hit) => [hit.row.canonical_id, hit])).values(),
  ].reverse()
  const shown = once.slice(0, SHOWN)
  const units = unitNames(
    db,
    shown.map(({ row }) => row.org_unit_id),
  )
  return shown.map(({ row, match }): PersonHit => ({
    id: row.canonical_id,
    name: nameFor(row.name, row.birth_date, today),
    birthYear: row.birth_date.slice(0, 4),
    village: units.get(row.org_unit_id ?? '') ?? '',
    phone: new Marked('phone', row.phone),
    reason: match.reason,
  }))
}

const factsOf = (row: PersonRow): MatchFacts => ({
  name: row.name,
  pinyin: pinyinOf(row.name),
  phone: row.phone,
  idNumber: row.id_number,
  orgUnitId: row.org_unit_id,
  birthYear: row.birth_date.slice(0, 4),
})

function personRow(db: ReadableDb, viewer: Viewer, id: string): PersonRow {
  requirePerson(db, viewer, id)
  const row = db.get<PersonRow>(
    sql`SELECT p.*, k.canonical_id FROM person p JOIN person_key k ON k.person_id = p.id WHERE p.id = ${id}`,
  )
  if (row === undefined) throw new AppError('NOT_FOUND', '没有找到这个人，可能尚未收到。')
  return row
}

const addressOf = (row: PersonRow): Marked<'address'> | Marked<'secretAddress'> =>
  row.address_secret === 1 ? new Marked('secretAddress', row.address) : new Marked('address', row.address)

/** @throws AppError NOT_FOUND */
export function getPerson(
  db: ReadableDb,
  viewer: Viewer,
  id: string,
  today: LocalDate,
): Output<'person.get'> {
  const row = personRow(db, viewer, id)
  return {
    id: row.id,
    name: nameFor(row.name, row.birth_date, today),
    gender: row.gender,
    birthDate: row.birth_date,
    idType: row.id_type,
    idNumber: new Marked('idNumber', row.id_number),
    phone: new Marked('phone', row.phone),
    orgUnitId: row.org_unit_id,
    village:
      row.org_unit_id === null ? '' : (unitNames(db, [row.org_unit_id]).get(row.org_unit_id) ?? NOT_ARRIVED),
    address: addressOf(row),
    addressSecret: row.address_secret === 1,
    note: row.note,
    basis: applyCounter(db),
  }
}

/** One value for the audited reveal; a secret address stays closed to everybody. @throws AppError NOT_FOUND */
export function revealPerson(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'person.reveal'>,
): Output<'person.reveal'> {
  const row = personRow(db, viewer, input.id)
  if (input.field === 'idNumber') return { value: row.id_number }
  if (input.field === 'phone') return { value: row.phone }
  return { value: row.address_secret === 1 ? maskText('secretAddress', row.address) : row.address }
}

/** Earlier matters at the counter: number, date, handler, state, what is open. Not the story. @throws AppError NOT_FOUND */
export function owedMatters(
  db: ReadableDb,
  viewer: Viewer,
  personId: string,
  today: LocalDate,
): Output<'person.owed'> {
  requirePerson(db, viewer, personId)
  const persons = list(mergedWith(db, personId))
  const rows = db.all<ListedMatter>(sql`SELECT ${matterColumns(viewer, sql`s`)} FROM matter_state s
    WHERE s.matter_id IN (SELECT matter_id FROM matter_party WHERE person_id IN ${persons} AND removed = 0
      UNION SELECT matter_id FROM visit WHERE person_id IN ${persons} AND removed = 0)
      AND ${matterVisible(viewer, sql`s`)}
    ORDER BY s.registered_at DESC, s.matter_id DESC LIMIT 200`)
  const staff = staffOf(db, rows)
  const owed = rows.map((row): OwedRow => {
    const handler = handlerText(row, staff)
    const told = row.told === 1
    const due = dueView(row.due_on, row.due_reason, today)
    const open = row.category !== 'done'
    return {
      matterId: row.matter_id,
      number: row.number_text,
      title: told ? row.title : askHandler(handler),
      registeredOn: row.registered_on,
      handler,
      stateText: row.state_text,
      open,
      openText: open ? [row.state_text, due.text].filter((text) => text !== '').join('，') : '',
      sensitive: !told,
    }
  })
  return { open: owed.filter((row) => row.open), earlier: owed.filter((row) => !row.open) }
}
