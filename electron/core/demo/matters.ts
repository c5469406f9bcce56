/** Deeds of matters: registering, assessing, steering, recording, coming again; and questions at the counter. */
import type { Input } from '../../../domain/contract/index'
import { courseOf, handlingRegister, ownRegister } from '../../../db/derived/course'
import { applyCounter } from '../../../db/replication/basis'
import { getRow } from '../../../db/rows'
import { recordEvent, steerCourse } from '../../../db/services/course'
import { editMatter } from '../../../db/services/matter'
import { askQuestion, registerVisit } from '../../../db/services/visit'
import { sql } from '../../../db/sql'
import type { Viewer, WriteTx } from '../../../db/store'
import type { DemoPerson } from './people'
import { QUESTIONS } from './phrases'
import type { Cast, Deed } from './play'
import type { MatterScript, ScriptStep } from './script'
import type { Chance } from './seeded'

const requestId = 'demonstration'

/** What the year has made so far: ids by index. */
interface Made {
  readonly people: Map<number, string>
  readonly matters: Map<number, { readonly matterId: string; readonly handlingId: string | null }>
}

/** @returns every deed of every matter of the year. */
export function matterDeeds(
  cast: Cast,
  people: readonly DemoPerson[],
  scripts: readonly MatterScript[],
): Deed[] {
  const made: Made = { people: new Map(), matters: new Map() }
  return scripts.flatMap((script, index) => {
    const key = `matter ${index}`
    const others = script.respondents.flatMap((one) => (one.person === null ? [] : [one.person]))
    const keys = [key, ...[script.applicant, ...others].map((person) => `person ${person}`)]
    const deed = (at: number, who: string, run: Deed['run'], touches = [key]): Deed => ({
      at,
      who,
      in: 'base',
      keys: touches,
      run,
    })
    const { amountFen, risk, revisit } = script
    const first = script.steps[0]
    return [
      deed(
        script.at,
        script.who,
        (tx, viewer) => register(tx, viewer, { cast, people, made, index, script }),
        keys,
      ),
      ...(amountFen === null && risk === ''
        ? []
        : [deed(script.at + 120_000, script.who, (tx, viewer) => assess(tx, viewer, made, index, script))]),
      ...script.steps.map((step) =>
        deed(step.at, step.who, (tx, viewer) => take(tx, viewer, cast, idsOf(made, index), step)),
      ),
      ...(revisit === null || first === undefined
        ? []
        : [
            deed(
              revisit.at,
              script.who,
              (tx, viewer) => comeAgain(tx, viewer, { made, index, script, text: revisit.text }),
              keys,
            ),
          ]),
    ]
  })
}

function idsOf(made: Made, index: number): { matterId: string; handlingId: string | null } {
  const ids = made.matters.get(index)
  if (ids === undefined) throw new Error(`matter ${index} was not registered`)
  return ids
}

type VisitPatch = Input<'visit.register'>['patch']
const PLAIN_VISIT = {
  channel: 'visit',
  headCount: 1,
  opponents: [],
  respondentUnitIds: [],
  category: '',
  place: '',
  orgUnitId: null,
  occurredOn: '',
  destinationUnitId: null,
  reply: '',
  receivedBy: null,
  clockConfirmed: true,
} satisfies Partial<VisitPatch>

interface Registration {
  readonly cast: Cast
  readonly people: readonly DemoPerson[]
  readonly made: Made
  readonly index: number
  readonly script: MatterScript
}

function register(tx: WriteTx, viewer: Viewer, { cast, people, made, index, script }: Registration): void {
  const known = made.people.get(script.applicant)
  const person = people[script.applicant]
  if (person === undefined) throw new Error(`nobody is number ${script.applicant}`)
  const { name, gender, birthDate, idNumber, phone, address } = person
  const orgUnitId = cast.unitId(person.home)
  const result = registerVisit(tx, viewer, {
    requestId,
    basis: 0,
    patch: {
      ...PLAIN_VISIT,
      person:
        known === undefined
          ? { create: { name, gender, birthDate, idNumber, phone, address, orgUnitId } }
          : { id: known },
      matterId: null,
      channel: script.channel,
      headCount: script.headCount,
      wanted: script.wanted,
      description: script.description,
      opponents: script.respondents.map((one) => {
        const id = one.person === null ? undefined : made.people.get(one.person)
        return id === undefined ? { name: one.name, isUnit: one.isUnit } : { personId: id }
      }),
      respondentUnitIds: script.respondentUnit === null ? [] : [cast.unitId(script.respondentUnit)],
      category: script.category,
      place: script.place,
      orgUnitId: cast.unitId(script.home),
      way: script.way,
      destinationUnitId: script.unit === null ? null : cast.unitId(script.unit),
      reply: script.reply,
      arrivedAt: script.at,
    },
  })
  made.people.set(script.applicant, result.personId)
  const handling = tx.get<{ id: string }>(sql`SELECT id FROM handling WHERE matter_id = ${result.matterId}`)
  made.matters.set(index, { matterId: result.matterId, handlingId: handling?.id ?? null })
}

function assess(tx: WriteTx, viewer: Viewer, made: Made, index: number, script: MatterScript): void {
  const { amountFen, risk } = script
  const level = risk === 'low' || risk === 'medium' || risk === 'high' ? { riskLevel: risk } : {}
  const amount = amountFen === null ? {} : { amountFen }
  editMatter(tx, viewer, {
    requestId,
    basis: applyCounter(tx),
    id: idsOf(made, index).matterId,
    patch: { ...amount, ...level },
  } as Input<'matter.edit'>)
}

function comeAgain(
  tx: WriteTx,
  viewer: Viewer,
  again: {
    readonly made: Made
    readonly index: number
    readonly script: MatterScript
    readonly text: string
  },
): void {
  const { made, index, script, text } = again
  const { matterId, handlingId } = idsOf(made, index)
  const personId = made.people.get(script.applicant)
  if (personId === undefined || handlingId === null) return
  const way = getRow(tx, 'handling', handlingId)?.way ?? ''
  registerVisit(tx, viewer, {
    requestId,
    basis: 0,
    patch: {
      ...PLAIN_VISIT,
      person: { id: personId },
      matterId,
      wanted: script.wanted,
      description: text,
      way,
      arrivedAt: tx.now,
    },
  })
}

type RecordPatch = Input<'course.record'>['patch']
const PLAIN_RECORD = { text: '', place: '', present: '', amountFen: null, corrects: null } as const

/** One step or record of a course, on the heads that stand when it is made. */
function take(
  tx: WriteTx,
  viewer: Viewer,
  cast: Cast,
  ids: { readonly matterId: string; readonly handlingId: string | null },
  step: ScriptStep,
): void {
  const handlingId = step.register === 'matter' ? null : ids.handlingId
  const actedBy = step.actedBy === null ? null : cast.staffId(step.actedBy)
  const where = { requestId, matterId: ids.matterId, handlingId }
  if (!step.steering) {
    const patch = { ...PLAIN_RECORD, kind: step.kind, happenedOn: step.happenedOn, actedBy, ...step.data }
    recordEvent(tx, viewer, { ...where, patch: patch as RecordPatch })
    return
  }
  const course = courseOf(tx, ids.matterId)
  const register = handlingId === null ? ownRegister(course) : handlingRegister(course, handlingId)
  const mediators = step.mediators.length === 0 ? {} : { mediatorIds: step.mediators.map(cast.staffId) }
  const { kind, happenedOn } = step
  const data = { ...step.data, ...mediators }
  steerCourse(tx, viewer, {
    ...where,
    basis: [...register.heads],
    patch: { kind, happenedOn, actedBy, data },
  })
}

/** 即问即答 at the counter. */
export function questionDeeds(chance: Chance, moments: readonly number[]): Deed[] {
  return moments.map((at) => {
    const [description, reply] = chance.pick(QUESTIONS)
    const who = chance.hit(0.7) ? 'clerk' : 'clerk2'
    const patch = { wanted: '咨询', description, reply }
    return {
      at,
      who,
      in: 'base',
      keys: [],
      run: (tx, viewer) => void askQuestion(tx, viewer, { requestId, basis: 0, patch }),
    }
  })
}
