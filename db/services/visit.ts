/** The counter: questions and visits, with the person and the matter they belong to, in one transaction. */
import { localDateOf } from '../../domain/clock'
import { codeName } from '../../domain/codes/shipped'
import { fromWanted } from '../../domain/codes/ways'
import type { Input, Output } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { cleanText } from '../../domain/rules/text'
import { courseOf, ownRegister } from '../derived/course'
import { numberOf } from '../derived/matter'
import { drawNumber } from '../numbers'
import { getRow, insertRow } from '../rows'
import { sql } from '../sql'
import type { Viewer, WriteTx } from '../store'
import { isMinor, listName } from '../visibility/minor'
import { sensitivityOf } from './confidentiality'
import { insertEvent } from './course'
import { requireMatter, requirePerson, requireStaff, requireUnit } from './guard'
import { startHandling } from './handling'
import { addParty, addRespondentUnit } from './matter'
import { resolvePerson } from './person'

type Visit = Input<'visit.register'>['patch']
type Opponent = Visit['opponents'][number]

/** Clocks of two machines differ by a little; more is a slip of the pen. */
const TOLERANCE = 5 * 60_000

/** 即问即答: no name, no matter. @returns the visit's id */
export function askQuestion(tx: WriteTx, viewer: Viewer, input: Input<'visit.question'>): string {
  const { wanted, description, reply } = input.patch
  return insertRow(tx, 'visit', {
    matter_id: null,
    person_id: null,
    is_question: true,
    arrived_at: tx.now,
    arrived_on: localDateOf(tx.now),
    channel: 'visit',
    head_count: 1,
    wanted: cleanText(wanted),
    description: cleanText(description),
    reply: cleanText(reply),
    receiver_id: viewer.staffId,
    typed_by: null,
    removed: false,
  })
}

/** What is sealed must leave nothing here, not even the word that was picked. */
function requireNotSealed(wanted: string): void {
  if (fromWanted(wanted).letterBox === null) return
  throw new AppError('BAD_INPUT', '心理服务请用“密封转介”，不在来访登记里填写，内容未保存。', {
    field: 'wanted',
  })
}

/**
 * Registers a visit: a person on record or new, a matter new or continued.
 * @throws AppError BAD_INPUT with the field, NOT_FOUND, STEP_NOT_ALLOWED
 */
export function registerVisit(
  tx: WriteTx,
  viewer: Viewer,
  input: Input<'visit.register'>,
): Output<'visit.register'> {
  const { patch } = input
  const arrivedAt = patch.arrivedAt ?? tx.now
  if (arrivedAt > tx.now + TOLERANCE) {
    throw new AppError('BAD_INPUT', '来访时间不能晚于现在，内容未保存。请改正后再保存。', {
      field: 'arrivedAt',
    })
  }
  requireNotSealed(patch.wanted)
  requireStaff(tx, patch.receivedBy, 'receivedBy')
  requireUnit(tx, patch.orgUnitId, 'orgUnitId')
  const personId = resolvePerson(tx, viewer, patch.person)
  const people = patch.opponents.flatMap((one) => ('personId' in one ? [one.personId] : []))
  for (const id of people) requirePerson(tx, viewer, id)
  const on = localDateOf(arrivedAt)
  const matterId =
    patch.matterId === null
      ? newMatter(tx, viewer, patch, personId, arrivedAt)
      : continueMatter(tx, viewer, patch, patch.matterId, on)
  const typedForOther = patch.receivedBy !== null && patch.receivedBy !== viewer.staffId
  const visitId = insertRow(tx, 'visit', {
    matter_id: matterId,
    person_id: personId,
    is_question: false,
    arrived_at: arrivedAt,
    arrived_on: on,
    channel: patch.channel,
    head_count: patch.headCount,
    wanted: cleanText(patch.wanted),
    description: cleanText(patch.description),
    reply: cleanText(patch.reply),
    receiver_id: patch.receivedBy ?? viewer.staffId,
    typed_by: typedForOther ? viewer.staffId : null,
    removed: false,
  })
  const known = patch.matterId === null ? '' : numberOf(tx, 'matter', matterId)
  const drawn =
    known === ''
      ? drawNumber(tx, 'matter', matterId, patch.clockConfirmed ? 'confirmed' : 'not_confirmed')
      : { number: known, problem: null }
  return { visitId, matterId, personId, number: drawn.number, numberProblem: drawn.problem }
}

function newMatter(
  tx: WriteTx,
  viewer: Viewer,
  patch: Visit,
  personId: string,
  registeredAt: number,
): string {
  const person = getRow(tx, 'person', personId)
  const on = localDateOf(registeredAt)
  const category = patch.category === '' ? fromWanted(patch.wanted).category : patch.category
  const hasMinor = [
    personId,
    ...patch.opponents.flatMap((one) => ('personId' in one ? [one.personId] : [])),
  ].some((id) => isMinor(getRow(tx, 'person', id)?.birth_date ?? '', on))
  const matterId = insertRow(tx, 'matter', {
    title: titleOf(tx, patch, personId, category, on),
    category,
    wanted: cleanText(patch.wanted),
    description: cleanText(patch.description),
    org_unit_id: patch.orgUnitId ?? person?.org_unit_id ?? null,
    place: cleanText(patch.place),
    occurred_on: patch.occurredOn,
    registered_on: on,
    registered_at: registeredAt,
    registered_by: patch.receivedBy ?? viewer.staffId,
    channel: patch.channel,
    head_count: patch.headCount,
    amount_fen: null,
    confidentiality: sensitivityOf({ category, description: patch.description, hasMinor }),
    risk_level: '',
  })
  addParty(tx, matterId, { personId, name: '', isUnit: false, role: 'applicant' })
  addOpponents(tx, matterId, patch)
  insertEvent(tx, viewer, {
    matterId,
    handlingId: null,
    kind: 'registered',
    parents: [],
    data: patch.way === '' ? { answered: 'on_spot' } : {},
    happenedOn: on,
    actedBy: patch.receivedBy,
  })
  open(tx, viewer, patch, matterId, on)
  return matterId
}

function open(tx: WriteTx, viewer: Viewer, patch: Visit, matterId: string, on: string): void {
  if (patch.way === '') return
  const unitId = patch.destinationUnitId
  startHandling(tx, viewer, { matterId, way: patch.way, unitId, on, by: patch.receivedBy })
}

/** A further visit in a matter that is here: what it adds is added, what stands is not overwritten. */
function continueMatter(tx: WriteTx, viewer: Viewer, patch: Visit, matterId: string, on: string): string {
  requireMatter(tx, viewer, matterId)
  const own = ownRegister(courseOf(tx, matterId))
  if (own.state === 'void' || own.state === 'archived') {
    throw new AppError(
      'STEP_NOT_ALLOWED',
      `这件事项${own.stateText}，不能续办，内容未保存。请登记为新的事项，或由主任重新打开。`,
      {
        field: 'matterId',
      },
    )
  }
  addOpponents(tx, matterId, patch)
  const running = tx.get(sql`SELECT 1 FROM handling_state
    WHERE matter_id = ${matterId} AND way = ${patch.way} AND category <> 'done'`)
  if (running === undefined) open(tx, viewer, patch, matterId, on)
  return matterId
}

function addOpponents(tx: WriteTx, matterId: string, patch: Visit): void {
  const known = tx.all<{ person_id: string | null; name: string }>(
    sql`SELECT person_id, name FROM matter_party WHERE matter_id = ${matterId} AND removed = 0`,
  )
  const isKnown = (one: Opponent): boolean =>
    known.some((party) =>
      'personId' in one ? party.person_id === one.personId : party.name === cleanText(one.name),
    )
  for (const one of patch.opponents.filter((opponent) => !isKnown(opponent))) {
    const party =
      'personId' in one
        ? { personId: one.personId, name: '', isUnit: false }
        : { personId: null, name: one.name, isUnit: one.isUnit }
    addParty(tx, matterId, { ...party, role: 'respondent' })
  }
  const typed = patch.opponents.flatMap((one) =>
    'name' in one && one.isUnit ? unitsNamed(tx, one.name) : [],
  )
  for (const unitId of new Set([...patch.respondentUnitIds, ...typed]))
    addRespondentUnit(tx, matterId, unitId)
}

const UNIT_SUFFIXES = ['', '村', '村委会', '村民委员会', '居委会', '社区', '社区居委会', '人民政府']
/** A village committee typed as a plain name is still the unit on record: its people must not get the complaint. */
function unitsNamed(tx: WriteTx, name: string): string[] {
  const typed = cleanText(name)
  const units = tx.all<{ id: string; name: string }>(sql`SELECT id, name FROM org_unit WHERE removed = 0`)
  const forms = (unit: string): string[] => UNIT_SUFFIXES.map((suffix) => unit + suffix)
  return units
    .filter((unit) => forms(unit.name).includes(typed) || forms(typed).includes(unit.name))
    .map((unit) => unit.id)
}

/** `王某与李四邻里纠纷`: shown in lists, so a minor's name does not stand in it. */
function titleOf(tx: WriteTx, patch: Visit, personId: string, category: string, on: string): string {
  const nameOf = (id: string): string => {
    const person = getRow(tx, 'person', id)
    return listName(person?.name ?? '', person?.birth_date ?? '', on)
  }
  const [first] = patch.opponents
  const other =
    first === undefined ? '' : 'personId' in first ? nameOf(first.personId) : cleanText(first.name)
  const more = patch.opponents.length > 1 ? '等' : ''
  const what = category === '' ? patch.wanted : codeName('category', category)
  const title = other === '' ? `${nameOf(personId)}：${what}` : `${nameOf(personId)}与${other}${more}${what}`
  return [...title].slice(0, 100).join('')
}
