/**
 * A town as large as asked, written in bulk: the scripts of the demonstration become rows through the production
 * `writeTx`, so they are captured, sealed, chained and derived like any others; only the services' checks, which read
 * what the step before left, are left out, and each matter is derived once with its whole course.
 */
import { localDateOf } from '../../domain/clock'
import { foldRegister, type CourseEvent } from '../../domain/course/fold'
import { shortNumber } from '../../domain/numbers/number'
import { insertRow } from '../../db/rows'
import { sensitivityOf } from '../../db/services/confidentiality'
import { insertEvent, withDue, type Step } from '../../db/services/course'
import type { Viewer, WriteTx } from '../../db/store'
import { writeTx } from '../../db/transaction'
import type { Town } from '../../electron/core/demo/found'
import type { DemoPerson } from '../../electron/core/demo/people'
import { inventMatter, momentsOfYear, type MatterScript, type People } from '../../electron/core/demo/script'
import type { Chance, DemoClock } from '../../electron/core/demo/seeded'

const IN_ONE = 400

interface Writing {
  readonly town: Town
  readonly people: People
  /** Ids of people written so far, by index. */
  readonly ids: Map<number, string>
  readonly serials: Map<number, number>
}

/** @param told hears how many are written, now and then */
export function writeMatters(
  town: Town,
  clock: DemoClock,
  chance: Chance,
  count: number,
  told: (done: number) => void,
): void {
  const base = town.stores.get('base')
  if (base === undefined) throw new Error('base is not open')
  const writing: Writing = { town, people: [], ids: new Map(), serials: new Map() }
  const moments = momentsOfYear(chance, count)
  const actor = town.cast.actor('director')
  const viewer = town.cast.viewer('director')
  for (let from = 0; from < moments.length; from += IN_ONE) {
    const some = moments.slice(from, from + IN_ONE)
    clock.reach(some.at(-1) ?? 0)
    writeTx(base, actor, (tx) => {
      for (const at of some) writeMatter(tx, viewer, writing, inventMatter(chance, writing.people, at))
    })
    if (from % (IN_ONE * 10) === 0) told(from)
  }
}

function personIn(tx: WriteTx, writing: Writing, index: number): { id: string; person: DemoPerson } {
  const person = writing.people[index]
  if (person === undefined) throw new Error(`nobody is number ${index}`)
  const known = writing.ids.get(index)
  const id =
    known ??
    insertRow(tx, 'person', {
      name: person.name,
      gender: person.gender,
      birth_date: person.birthDate,
      id_type: person.idNumber === '' ? '' : '111',
      id_number: person.idNumber,
      id_check_reason: '',
      phone: person.phone,
      org_unit_id: writing.town.cast.unitId(person.home),
      address: person.address,
      address_secret: false,
      note: '',
      removed: false,
    })
  writing.ids.set(index, id)
  return { id, person }
}

function writeMatter(tx: WriteTx, viewer: Viewer, writing: Writing, script: MatterScript): void {
  const { cast } = writing.town
  const { id: personId, person } = personIn(tx, writing, script.applicant)
  const on = localDateOf(script.at)
  const first = script.respondents[0]?.name
  const matterId = insertRow(tx, 'matter', {
    title:
      first === undefined ? `${person.name}：${script.wanted}` : `${person.name}与${first}${script.wanted}`,
    category: script.category,
    wanted: script.wanted,
    description: script.description,
    org_unit_id: cast.unitId(script.home),
    place: script.place,
    occurred_on: '',
    registered_on: on,
    registered_at: script.at,
    registered_by: cast.staffId(script.who),
    channel: script.channel,
    head_count: script.headCount,
    amount_fen: script.amountFen,
    confidentiality: sensitivityOf(script),
    risk_level: script.risk,
  })
  const party = (role: string, name: string, id: string | null, isUnit: boolean): void =>
    void insertRow(tx, 'matter_party', {
      matter_id: matterId,
      person_id: id,
      name,
      is_unit: isUnit,
      role,
      phone: '',
      address: '',
      address_secret: false,
      removed: false,
    })
  party('applicant', person.name, personId, false)
  for (const one of script.respondents) {
    const known = one.person === null ? undefined : writing.ids.get(one.person)
    party('respondent', one.name, known ?? null, one.isUnit)
  }
  if (script.respondentUnit !== null) {
    const org_unit_id = cast.unitId(script.respondentUnit)
    insertRow(tx, 'matter_respondent_unit', { matter_id: matterId, org_unit_id, removed: false })
  }
  insertRow(tx, 'visit', {
    matter_id: matterId,
    person_id: personId,
    is_question: false,
    arrived_at: script.at,
    arrived_on: on,
    channel: script.channel,
    head_count: script.headCount,
    wanted: script.wanted,
    description: script.description,
    reply: script.reply,
    receiver_id: cast.staffId(script.who),
    typed_by: null,
    removed: false,
  })
  writeNumber(tx, writing, matterId, on)
  writeCourse(tx, viewer, writing, matterId, script)
}

function writeNumber(tx: WriteTx, writing: Writing, matterId: string, on: string): void {
  const year = Number(on.slice(0, 4))
  const serial = (writing.serials.get(year) ?? 0) + 1
  writing.serials.set(year, serial)
  const terminal = tx.store.terminalNumber
  insertRow(tx, 'number_issue', {
    series: 'matter',
    year,
    terminal_number: terminal,
    serial,
    number_text: shortNumber({ year, terminal, serial }),
    subject_table: 'matter',
    subject_id: matterId,
    issued_on: on,
    voided: false,
    void_reason: '',
  })
}

function writeCourse(
  tx: WriteTx,
  viewer: Viewer,
  writing: Writing,
  matterId: string,
  script: MatterScript,
): void {
  const { cast } = writing.town
  const on = localDateOf(script.at)
  const handlingId =
    script.way === ''
      ? null
      : insertRow(tx, 'handling', {
          matter_id: matterId,
          way: script.way,
          org_unit_id: script.unit === null ? null : cast.unitId(script.unit),
          opened_on: on,
        })
  const events: Record<'matter' | 'handling', CourseEvent[]> = { matter: [], handling: [] }
  const write = (
    register: 'matter' | 'handling',
    steering: 'steering' | 'recording',
    step: Pick<Step, 'kind' | 'data' | 'happenedOn'> & { readonly by: string },
  ): void => {
    const known = events[register]
    const parents = steering === 'steering' ? known.slice(-1).map((event) => event.id) : []
    const { kind, happenedOn } = step
    const of = register === 'matter' ? null : handlingId
    const plain: Step = {
      matterId,
      handlingId: of,
      kind,
      parents,
      data: step.data,
      happenedOn,
      actedBy: step.by,
    }
    const data =
      steering === 'steering' ? withDue(tx, foldRegister(register, known), plain, step.data) : step.data
    const id = insertEvent(tx, viewer, { ...plain, data })
    const order = { lamport: known.length, replica: '' }
    if (steering === 'steering') known.push({ id, kind, parents, data, happenedOn, order, actedBy: step.by })
  }
  const clerk = cast.staffId(script.who)
  const registered = script.way === '' ? { answered: 'on_spot' } : {}
  write('matter', 'steering', { kind: 'registered', data: registered, happenedOn: on, by: clerk })
  if (handlingId === null) return
  write('handling', 'steering', { kind: 'opened', data: {}, happenedOn: on, by: clerk })
  for (const step of script.steps) {
    const mediators = step.mediators.length === 0 ? {} : { mediatorIds: step.mediators.map(cast.staffId) }
    const { kind, happenedOn } = step
    write(step.register, step.steering ? 'steering' : 'recording', {
      kind,
      happenedOn,
      data: { ...step.data, ...mediators },
      by: cast.staffId(step.actedBy ?? step.who),
    })
  }
}
