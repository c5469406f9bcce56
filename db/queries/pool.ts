/** The mediators' pool as the director assigns from it. */
import type { Input, Output } from '../../domain/contract/index'
import { proposeMediators, type AssignmentCase, type PoolMember } from '../../domain/rules/assignment'
import type { ReadableDb } from '../handle'
import { requireMatter } from '../services/guard'
import { isRecused } from '../services/recusal'
import { getRow } from '../rows'
import { sql } from '../sql'
import type { Viewer } from '../store'
import { codeText } from './codes'

interface Member extends PoolMember {
  readonly unitName: string
}

function membersOf(db: ReadableDb): Member[] {
  return db.all<Member>(sql`SELECT s.id AS staffId, s.name, COALESCE(m.fields, '') AS fields, NULL AS personId,
      COALESCE(m.org_unit_id, s.org_unit_id) AS orgUnitId, COALESCE(u.name, '') AS unitName,
      (SELECT count(*) FROM handling_mediator h WHERE h.staff_id = s.id AND h.category <> 'done') AS openLoad
    FROM staff s LEFT JOIN mediator_profile m ON m.staff_id = s.id
      LEFT JOIN org_unit u ON u.id = COALESCE(m.org_unit_id, s.org_unit_id)
    WHERE s.active = 1 AND CASE WHEN m.id IS NULL
      THEN EXISTS (SELECT 1 FROM staff_post p WHERE p.staff_id = s.id AND p.post = 'mediator' AND p.active = 1)
      ELSE m.active = 1 END
    ORDER BY s.name, s.id`)
}

function caseOf(db: ReadableDb, matterId: string): AssignmentCase {
  const matter = getRow(db, 'matter', matterId)
  const category = matter?.category ?? ''
  const parties = db.all<{ person_id: string | null; name: string }>(
    sql`SELECT person_id, name FROM matter_party WHERE matter_id = ${matterId} AND removed = 0`,
  )
  const units = db.all<{ org_unit_id: string }>(
    sql`SELECT org_unit_id FROM matter_respondent_unit WHERE matter_id = ${matterId} AND removed = 0`,
  )
  return {
    categoryText: `${codeText(db, 'category', category)} ${codeText(db, 'category', category.slice(0, 2))}`,
    orgUnitId: matter?.org_unit_id ?? null,
    partyPersonIds: parties.flatMap((party) => party.person_id ?? []),
    partyNames: parties.filter((party) => party.person_id === null).map((party) => party.name),
    respondentUnitIds: units.map((row) => row.org_unit_id),
    relatedStaff: [],
  }
}

const NO_CASE: AssignmentCase = {
  categoryText: '',
  orgUnitId: null,
  partyPersonIds: [],
  partyNames: [],
  respondentUnitIds: [],
  relatedStaff: [],
}

/** @returns the pool, whoever fits best first, whoever has to keep out last with the reason. @throws AppError NOT_FOUND */
export function listPool(db: ReadableDb, viewer: Viewer, input: Input<'pool.list'>): Output<'pool.list'> {
  const { matterId } = input
  if (matterId !== null) requireMatter(db, viewer, matterId)
  const members = [...new Map(membersOf(db).map((member) => [member.staffId, member])).values()]
  const proposals = proposeMediators(members, matterId === null ? NO_CASE : caseOf(db, matterId))
  const rows = proposals.flatMap((proposal) => {
    const member = members.find((one) => one.staffId === proposal.staffId)
    if (member === undefined) return []
    const kept = proposal.excluded === '' && matterId !== null && isRecused(db, matterId, member.staffId)
    const excluded = kept ? '与当事人或涉及单位有关联，应当回避' : proposal.excluded
    const { staffId, name, unitName, fields, openLoad } = member
    return [{ staffId, name, unitName, fields, openLoad, excluded }]
  })
  return rows.sort((a, b) => Number(a.excluded !== '') - Number(b.excluded !== ''))
}
