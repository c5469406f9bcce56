/** Saves: a whole registration through its route, and one captured, audited row, against plain commits of the same rows. */
import type Database from 'better-sqlite3'
import { randomUUID } from 'node:crypto'
import { appendAudit } from '../../db/audit'
import { insertRow } from '../../db/rows'
import { sql } from '../../db/sql'
import { writeTx } from '../../db/transaction'
import type { Desk } from './desk'
import type { Case } from './measure'

type Row = Record<string, unknown>

function inserter(plain: Database.Database, table: string): (row: Row) => void {
  const columns = plain
    .prepare(`SELECT * FROM ${table}`)
    .columns()
    .map((column) => column.name)
  const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`
  const statement = plain.prepare(text)
  return (row) => void statement.run(row)
}

const DESCRIPTION = '屋后排水沟被堵，一下雨院子里就积水，墙根已经返潮，找过对方两次没有结果，请中心出面。'

/** What `visit.register` leaves of a new matter, as rows of the plain file. */
function registrationRows(desk: Desk): [string, Row[]][] {
  const { connection } = desk.base
  const matter = connection
    .prepare(
      `SELECT * FROM matter WHERE amount_fen IS NULL AND id IN
    (SELECT matter_id FROM handling) ORDER BY id LIMIT 1`,
    )
    .get() as Row
  const of = (table: string, column = 'matter_id', limit = 2): Row[] =>
    connection
      .prepare(`SELECT * FROM ${table} WHERE ${column} = ? ORDER BY id LIMIT ${limit}`)
      .all(matter['id']) as Row[]
  const visits = of('visit', 'matter_id', 1)
  const person = connection.prepare('SELECT * FROM person WHERE id = ?').get(visits[0]?.['person_id']) as Row
  return [
    ['person', [person]],
    ['matter', [{ ...matter, description: DESCRIPTION }]],
    ['matter_party', of('matter_party')],
    ['course_event', of('course_event')],
    ['handling', of('handling', 'matter_id', 1)],
    ['visit', visits.map((visit) => ({ ...visit, description: DESCRIPTION }))],
    ['number_issue', of('number_issue', 'subject_id', 1)],
  ]
}

function registrationCase(desk: Desk, plain: Database.Database): Case {
  const rows = registrationRows(desk).map(([table, some]) => ({ some, insert: inserter(plain, table) }))
  return {
    group: '保存',
    name: '登记来访并立一件事项',
    ours: () =>
      desk.call('clerk', 'visit.register', {
        requestId: randomUUID(),
        basis: 0,
        patch: {
          person: { create: { name: '测试甲', phone: '15400000001' } },
          wanted: '纠纷调解',
          description: DESCRIPTION,
          opponents: [{ name: '测试乙' }],
          category: '0201',
          way: 'people_mediation',
          clockConfirmed: true,
        },
      }),
    bare: () => {
      plain.exec('BEGIN IMMEDIATE')
      for (const { some, insert } of rows) for (const row of some) insert({ ...row, id: randomUUID() })
      plain.exec('COMMIT')
    },
    rounds: 120,
    note: 'visit.register：变更、编号、检索、操作日志都在内',
    goal: 3,
    allowance: 2,
  }
}

function rowCase(desk: Desk, plain: Database.Database): Case {
  const { base } = desk
  const actor = desk.session('clerk').actor()
  const insert = inserter(plain, 'visit')
  const values = {
    matter_id: null,
    person_id: null,
    is_question: true,
    arrived_at: base.clock.now(),
    arrived_on: '2026-10-30',
    channel: 'visit',
    head_count: 1,
    wanted: '咨询',
    description: DESCRIPTION,
    reply: '已说明。',
    receiver_id: actor.staffId,
    typed_by: null,
    removed: false,
  }
  const plainRow = { ...values, org_id: base.centreId, is_question: 1, removed: 0 }
  return {
    group: '一行',
    name: '一条来访：留变更、留日志的保存',
    ours: () =>
      writeTx(base, actor, (tx) => {
        const subjectId = insertRow(tx, 'visit', values)
        const { staffId, post } = actor
        const entry = {
          at: tx.now,
          staffId,
          post,
          route: 'visit.question',
          action: '即问即答',
          subject: 'visit',
        }
        appendAudit(base, {
          ...entry,
          subjectId,
          fields: ['wanted', 'description', 'reply'],
          outcome: 'done',
        })
      }),
    bare: () => {
      plain.exec('BEGIN IMMEDIATE')
      insert({ ...plainRow, id: randomUUID() })
      plain.exec('COMMIT')
    },
    rounds: 200,
    note: 'writeTx + appendAudit',
    goal: 2,
    allowance: 0,
  }
}

/** The rows they leave stay in the dataset: a few hundred a run, beside all that is there. */
export const saveCases = (desk: Desk, plain: Database.Database): Case[] => [
  registrationCase(desk, plain),
  rowCase(desk, plain),
]

/** @returns how many matters there are now: earlier runs added some. */
export const mattersIn = (desk: Desk): number =>
  desk.base.db.get<{ n: number }>(sql`SELECT count(*) AS n FROM matter`)?.n ?? 0
