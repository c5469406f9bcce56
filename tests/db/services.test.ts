import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDerived } from '../../db/derived/rebuild'
import { courseOf, handlingRegister, ownRegister } from '../../db/derived/course'
import { getMatter } from '../../db/queries/matter-detail'
import { noticeOf } from '../../db/queries/notice'
import { listPool } from '../../db/queries/pool'
import { applyCounter } from '../../db/replication/basis'
import { getRow } from '../../db/rows'
import { decideCourse, recordEvent, steerCourse, voidMatter } from '../../db/services/course'
import { openHandling } from '../../db/services/handling'
import { editMatter } from '../../db/services/matter'
import { askQuestion } from '../../db/services/visit'
import { savePerson } from '../../db/services/person'
import { sql } from '../../db/sql'
import { codeIn, refusal } from '../helpers/errors'
import { createTown, parsed, requestId, type Person, type Town } from '../helpers/town'

const TODAY = '2026-03-02'
let town: Town
let clerk: Person
let director: Person
let mediator: Person

beforeEach(() => {
  town = createTown()
  clerk = town.staff('wang', 'clerk')
  director = town.staff('zhou', 'director')
  mediator = town.staff('li', 'mediator', { phone: '15400000001' })
})
afterEach(() => {
  expect(checkDerived(town.base)).toEqual([])
  town.dispose()
})

const accepted = (): { matterId: string; handlingId: string } => {
  const { matterId } = town.register(clerk, {})
  const handlingId = town.handlingOf(matterId)
  town.steer(clerk, matterId, handlingId, 'accepted')
  town.steer(director, matterId, handlingId, 'assigned', { mediatorIds: [mediator.staffId] })
  return { matterId, handlingId }
}

describe('a visit', () => {
  it('makes person, matter, parties, handling, events and number in one transaction', () => {
    const before = applyCounter(town.base.db)
    const done = town.register(clerk, {
      person: { create: { name: '陈大山', phone: '154 0000 0002', orgUnitId: town.villageId } },
      opponents: [{ name: '李四', isUnit: false }],
      category: '0201',
    })
    expect(applyCounter(town.base.db)).toBe(before + 1)
    expect(done.number).toBe('26-01-0001')
    const detail = getMatter(town.base.db, clerk.viewer(), { id: done.matterId, reason: '' }, TODAY)
    expect(detail.title).toBe('陈大山与李四用水排水通行通风采光')
    expect(detail.village).toBe('石埠村')
    expect(detail.longNumber).toBe('990000101000-2026-01-0001')
    expect(detail.parties.map((party) => [party.roleText, party.name])).toEqual([
      ['申请人', '陈大山'],
      ['被申请人', '李四'],
    ])
    expect(detail.course.map((event) => event.kindText)).toEqual(['登记', '登记办理'])
    expect(detail.stateText).toBe('待受理')
    expect(getRow(town.base.db, 'person', done.personId)?.phone).toBe('15400000002')
  })

  it('continues a matter without overwriting it, and names who typed it for whom', () => {
    const first = town.register(clerk, {})
    const second = town.register(clerk, {
      matterId: first.matterId,
      person: { id: first.personId },
      description: '又堵上了',
      receivedBy: mediator.staffId,
    })
    expect(second.matterId).toBe(first.matterId)
    expect(second.number).toBe(first.number)
    expect(getRow(town.base.db, 'matter', first.matterId)?.description).toBe('屋后排水沟被堵')
    const visit = getRow(town.base.db, 'visit', second.visitId)
    expect([visit?.receiver_id, visit?.typed_by]).toEqual([mediator.staffId, clerk.staffId])
    const handlings = town.base.db.all(sql`SELECT 1 FROM handling WHERE matter_id = ${first.matterId}`)
    expect(handlings).toHaveLength(1)
  })

  it('refuses psychological service in base, a future time and a second record with one document number', () => {
    expect(refusal(() => town.register(clerk, { wanted: '心理服务' })).field).toBe('wanted')
    expect(refusal(() => town.register(clerk, { arrivedAt: town.clock.now() + 3_600_000 })).field).toBe(
      'arrivedAt',
    )
    const create = { name: '陈大山', idNumber: '11010519491231002X' }
    town.register(clerk, { person: { create } })
    expect(refusal(() => town.register(clerk, { person: { create } })).field).toBe('idNumber')
    expect(town.base.db.all(sql`SELECT 1 FROM matter`)).toHaveLength(1)
  })

  it('warns of a wrong check digit and takes a reason', () => {
    const create = { name: '陈大山', idNumber: '110105194912310021' }
    expect(refusal(() => town.register(clerk, { person: { create } })).field).toBe('idCheckReason')
    const done = town.register(clerk, { person: { create: { ...create, idCheckReason: '证件如此' } } })
    expect(getRow(town.base.db, 'person', done.personId)?.id_check_reason).toBe('证件如此')
  })

  it('keeps a question without a name', () => {
    const input = parsed('visit.question', {
      requestId: requestId(),
      basis: 0,
      patch: { wanted: '医保怎么转' },
    })
    const visitId = clerk.write((tx, viewer) => askQuestion(tx, viewer, input))
    const row = getRow(town.base.db, 'visit', visitId)
    expect([row?.person_id, row?.matter_id, row?.is_question]).toEqual([null, null, true])
  })
})

describe('the course', () => {
  it('runs from acceptance to closing, its deadline written once', () => {
    const { matterId, handlingId } = accepted()
    town.steer(mediator, matterId, handlingId, 'signed_for')
    town.steer(mediator, matterId, handlingId, 'agreed', { form: 'oral', text: '三日内疏通' })
    town.steer(clerk, matterId, handlingId, 'verified', { result: 'satisfied', text: '已疏通' })
    town.steer(clerk, matterId, handlingId, 'closed')
    const register = handlingRegister(courseOf(town.base.db, matterId), handlingId)
    expect(register.stateText).toBe('已办结（达成协议）')
    expect(register.stamp?.dueOn).toBe('2026-04-02')
    const row = town.base.db.get<{ resolved_on: string; closed_on: string; limit_on: string }>(
      sql`SELECT resolved_on, closed_on, limit_on FROM handling_state WHERE handling_id = ${handlingId}`,
    )
    expect(row).toEqual({ resolved_on: TODAY, closed_on: TODAY, limit_on: '2026-04-02' })
  })

  it('is never verified by its handler, neither as actor nor as typist', () => {
    const both = town.staff('both', 'mediator')
    const clerkToo = town.staff('both2', 'clerk')
    const { matterId } = town.register(clerk, {})
    const handlingId = town.handlingOf(matterId)
    town.steer(clerk, matterId, handlingId, 'accepted')
    town.steer(clerkToo, matterId, handlingId, 'answered', { text: '已经说明' })
    const verify = { result: 'satisfied', text: '好' }
    expect(codeIn(() => town.steer(clerkToo, matterId, handlingId, 'verified', verify))).toBe(
      'STEP_NOT_ALLOWED',
    )
    const byTyping = (): unknown =>
      clerkToo.write((tx, viewer) =>
        steerCourse(tx, viewer, {
          requestId: requestId(),
          matterId,
          handlingId,
          basis: [...handlingRegister(courseOf(tx, matterId), handlingId).heads],
          patch: { kind: 'verified', happenedOn: TODAY, actedBy: both.staffId, data: verify },
        }),
      )
    expect(codeIn(byTyping)).toBe('STEP_NOT_ALLOWED')
    town.steer(clerk, matterId, handlingId, 'verified', verify)
  })

  it('answers CHANGED_MEANWHILE when the heads are no longer the ones shown, and saves nothing', () => {
    const { matterId } = town.register(clerk, {})
    const handlingId = town.handlingOf(matterId)
    const basis = [...handlingRegister(courseOf(town.base.db, matterId), handlingId).heads]
    town.steer(clerk, matterId, handlingId, 'accepted')
    const events = courseOf(town.base.db, matterId).length
    const late = refusal(() =>
      clerk.write((tx, viewer) =>
        steerCourse(tx, viewer, {
          requestId: requestId(),
          matterId,
          handlingId,
          basis,
          patch: { kind: 'refused', happenedOn: TODAY, actedBy: null, data: { reason: '不属于本镇' } },
        }),
      ),
    )
    expect(late.code).toBe('CHANGED_MEANWHILE')
    expect(courseOf(town.base.db, matterId)).toHaveLength(events)
  })

  it('lets a mediator work only on what was assigned, and a clerk type what the mediator did', () => {
    const { matterId, handlingId } = accepted()
    const other = town.staff('other', 'mediator')
    expect(codeIn(() => town.steer(other, matterId, handlingId, 'signed_for'))).toBe('FORBIDDEN')
    expect(codeIn(() => town.steer(clerk, matterId, handlingId, 'signed_for'))).toBe('FORBIDDEN')
    const eventId = clerk.write((tx, viewer) =>
      steerCourse(tx, viewer, {
        requestId: requestId(),
        matterId,
        handlingId,
        basis: [...handlingRegister(courseOf(tx, matterId), handlingId).heads],
        patch: { kind: 'signed_for', happenedOn: TODAY, actedBy: mediator.staffId, data: {} },
      }),
    )
    const detail = getMatter(town.base.db, clerk.viewer(), { id: matterId, reason: '' }, TODAY)
    const event = detail.course.find((one) => one.id === eventId)
    expect([event?.actedBy, event?.typedBy]).toEqual(['工作人员li', '工作人员wang'])
  })

  it('refuses to assign whoever has to keep out, and says so in the pool', () => {
    const { matterId } = town.register(clerk, {
      person: { create: { name: '李师傅', phone: '15400000001' } },
    })
    const handlingId = town.handlingOf(matterId)
    town.steer(clerk, matterId, handlingId, 'accepted')
    const assign = (): unknown =>
      town.steer(director, matterId, handlingId, 'assigned', { mediatorIds: [mediator.staffId] })
    expect(codeIn(assign)).toBe('STEP_NOT_ALLOWED')
    const row = listPool(town.base.db, director.viewer(), { matterId }).find(
      (one) => one.staffId === mediator.staffId,
    )
    expect(row?.excluded).toContain('回避')
  })

  it('shows two heads of one register until the director decides', () => {
    const { matterId, handlingId } = accepted()
    const basis = [...handlingRegister(courseOf(town.base.db, matterId), handlingId).heads]
    town.steer(mediator, matterId, handlingId, 'withdrawn', { text: '当事人撤回' })
    // What another terminal steered from the same head arrives: an event with the same parents.
    mediator.write((tx) => {
      const id = tx.newId()
      tx.run(sql`INSERT INTO course_event (id, org_id, matter_id, handling_id, kind, parents, data, happened_on,
        recorded_at, acted_by, typed_by) VALUES (${id}, ${town.centreId}, ${matterId}, ${handlingId}, 'signed_for',
        ${JSON.stringify(basis)}, '{}', ${TODAY}, ${tx.now}, ${mediator.staffId}, NULL)`)
    })
    const split = handlingRegister(courseOf(town.base.db, matterId), handlingId)
    expect(split.otherHeads).toHaveLength(1)
    const state = (): { has_difference: number; state: string } | undefined =>
      town.base.db.get(sql`SELECT has_difference, state FROM matter_state WHERE matter_id = ${matterId}`)
    expect(state()?.has_difference).toBe(1)
    const decide = (basisNow: readonly string[]): unknown =>
      director.write((tx, viewer) =>
        decideCourse(tx, viewer, {
          requestId: requestId(),
          matterId,
          handlingId,
          basis: [...basisNow],
          patch: { chosenHead: split.otherHeads[0]?.id ?? '', reason: '当事人确已撤回' },
        }),
      )
    expect(codeIn(() => decide(split.heads))).toBe('CHANGED_MEANWHILE')
    decide(split.allHeads)
    expect(state()?.has_difference).toBe(0)
  })

  it('records at any time and corrects by naming what is corrected', () => {
    const { matterId, handlingId } = accepted()
    const record = (kind: 'note' | 'correction', text: string, corrects: string | null): string =>
      clerk.write((tx, viewer) =>
        recordEvent(
          tx,
          viewer,
          parsed('course.record', {
            requestId: requestId(),
            matterId,
            handlingId,
            patch: { kind, happenedOn: TODAY, text, corrects },
          }),
        ),
      )
    const note = record('note', '电话联系李四', null)
    record('correction', '应为李五', note)
    expect(codeIn(() => record('correction', '应为李五', 'not-an-event'))).toBe('BAD_INPUT')
    const detail = getMatter(town.base.db, clerk.viewer(), { id: matterId, reason: '' }, TODAY)
    expect(detail.course.at(-1)?.text).toBe('更正的记录：2026-03-02 工作记录；应为李五')
    expect(handlingRegister(courseOf(town.base.db, matterId), handlingId).state).toBe('assigned')
  })

  it('never hands a complaint to the unit it is about', () => {
    const { matterId } = town.register(clerk, { respondentUnitIds: [town.villageId], way: '' })
    const open = (orgUnitId: string): unknown =>
      clerk.write((tx, viewer) =>
        openHandling(tx, viewer, {
          requestId: requestId(),
          matterId,
          basis: 0,
          patch: { way: 'work_order', orgUnitId },
        }),
      )
    expect(codeIn(() => open(town.committeeId))).toBe('STEP_NOT_ALLOWED')
    open(town.otherVillageId)
  })
})

describe('a matter', () => {
  it('is voided with its number kept', () => {
    const { matterId, number } = town.register(clerk, {})
    const basis = [...ownRegister(courseOf(town.base.db, matterId)).heads]
    clerk.write((tx, viewer) => {
      voidMatter(tx, viewer, {
        requestId: requestId(),
        matterId,
        handlingId: null,
        basis,
        patch: { reason: '重复登记' },
      })
    })
    const row = town.base.db.get(
      sql`SELECT number_text, voided, void_reason FROM number_issue WHERE subject_id = ${matterId}`,
    )
    expect(row).toEqual({ number_text: number, voided: 1, void_reason: '重复登记' })
    const detail = getMatter(town.base.db, clerk.viewer(), { id: matterId, reason: '' }, TODAY)
    expect([detail.number, detail.stateText]).toEqual([number, '登记已作废'])
    expect(town.register(clerk, {}).number).toBe('26-01-0002')
    expect(codeIn(() => town.steer(clerk, matterId, town.handlingOf(matterId), 'accepted'))).toBe(
      'STEP_NOT_ALLOWED',
    )
  })

  it('is not overwritten by a form opened before another edit', () => {
    const { matterId } = town.register(clerk, {})
    const basis = applyCounter(town.base.db)
    const edit = (who: Person, place: string, at: number): number =>
      who.write((tx, viewer) =>
        editMatter(tx, viewer, { requestId: requestId(), id: matterId, basis: at, patch: { place } }),
      )
    edit(clerk, '村口', basis)
    const late = refusal(() => edit(director, '祠堂', basis))
    expect(late.code).toBe('CHANGED_MEANWHILE')
    expect(late.data).toMatchObject({ conflicts: [{ field: 'place', mine: '祠堂', theirs: '村口' }] })
    expect(getRow(town.base.db, 'matter', matterId)?.place).toBe('村口')
  })

  it('becomes sensitive when its category says family', () => {
    const { matterId } = town.register(clerk, {})
    clerk.write((tx, viewer) =>
      editMatter(tx, viewer, {
        requestId: requestId(),
        id: matterId,
        basis: applyCounter(tx),
        patch: { category: '0101' },
      }),
    )
    expect(getRow(town.base.db, 'matter', matterId)?.confidentiality).toBe('sensitive')
  })

  it('prints a notice of acceptance only after acceptance, without telephones', () => {
    const { matterId, visitId } = town.register(clerk, {
      person: { create: { name: '陈大山', phone: '15400000002', address: '一组5号' } },
    })
    const notice = (kind: 'visit_receipt' | 'acceptance'): string =>
      JSON.stringify(noticeOf(town.base.db, clerk.viewer(), { kind, matterId, visitId }, TODAY))
    expect(codeIn(() => notice('acceptance'))).toBe('STEP_NOT_ALLOWED')
    expect(notice('visit_receipt')).toContain('陈大山')
    town.steer(clerk, matterId, town.handlingOf(matterId), 'accepted')
    expect(notice('acceptance')).toContain('2026年4月2日')
    expect(notice('acceptance')).not.toContain('15400000002')
    expect(notice('acceptance')).not.toContain('一组5号')
  })
})

it('changes a person by the fields that were changed', () => {
  const { personId } = town.register(clerk, { person: { create: { name: '陈大山', note: '听力不便' } } })
  const basis = applyCounter(town.base.db)
  clerk.write((tx, viewer) =>
    savePerson(tx, viewer, { requestId: requestId(), id: personId, basis, patch: { phone: '15400000009' } }),
  )
  const row = getRow(town.base.db, 'person', personId)
  expect([row?.phone, row?.note]).toEqual(['15400000009', '听力不便'])
})
