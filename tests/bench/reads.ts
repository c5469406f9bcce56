/** Lists, search and one record: our routes against the same rows by bare prepared statements on the same connection. */
import { pinyin } from 'pinyin-pro'
import { TOTAL_CAP } from '../../db/queries/page'
import { searchQuery } from '../../db/derived/tokens'
import { sql, type Sql } from '../../db/sql'
import type { Viewer } from '../../db/store'
import { isInsider, matterVisible } from '../../db/visibility/matter'
import { personVisible } from '../../db/visibility/person'
import { visitVisible } from '../../db/visibility/visit'
import type { Desk } from './desk'
import type { Case } from './measure'

const PAGE = 50
const S = sql`s`
const GOAL = { goal: 3, allowance: 2 }

type Rows = () => unknown[]

/** A prepared statement with its values, made once. */
function bare(desk: Desk, query: Sql): Rows {
  const statement = desk.base.connection.prepare(query.text)
  return () => statement.all(...query.params)
}

const counted = (rows: Sql): Sql => sql`SELECT count(*) AS n FROM (${rows} LIMIT ${TOTAL_CAP})`

function listCases(desk: Desk): Case[] {
  const viewer = desk.viewer('clerk')
  const seen = matterVisible(viewer, S)
  const page = (
    after: Sql,
  ): Sql => sql`SELECT s.*, (s.confidentiality = 'normal' OR ${isInsider(viewer, S)}) AS told
    FROM matter_state s WHERE ${seen} ${after} ORDER BY s.registered_at DESC, s.matter_id DESC LIMIT ${PAGE + 1}`
  const first = bare(desk, page(sql``))
  const total = bare(desk, counted(sql`SELECT 1 FROM matter_state s WHERE ${seen}`))
  const middle = desk.base.db.get<{ at: number; id: string }>(sql`SELECT registered_at AS at, matter_id AS id
    FROM matter_state ORDER BY registered_at DESC, matter_id DESC
    LIMIT 1 OFFSET (SELECT count(*) / 2 FROM matter_state)`)
  if (middle === undefined) throw new Error('there are no matters')
  const { at, id } = middle
  const inMiddle = bare(desk, page(sql`AND (s.registered_at, s.matter_id) < (${at}, ${id})`))
  const after = `${at}~${id}#${TOTAL_CAP}`
  return [
    {
      group: '列表',
      name: '第一页（含总数）',
      ours: () => desk.call('clerk', 'matter.list', {}),
      bare: () => [first(), total()],
      rounds: 100,
      note: 'matter.list',
      ...GOAL,
    },
    {
      group: '列表',
      name: '中间一页',
      ours: () => desk.call('clerk', 'matter.list', { after }),
      bare: inMiddle,
      rounds: 100,
      note: 'matter.list',
      ...GOAL,
    },
  ]
}

/** As the search field asks, for a clerk: matters, people and visits, each under its predicate. */
function found(viewer: Viewer, typed: string): Sql {
  const query = searchQuery(typed)
  if (query === null) throw new Error(`nothing to search for in ${typed}`)
  const matter = sql`(d.kind = 'matter' AND EXISTS (SELECT 1 FROM matter_state s WHERE s.matter_id = d.row_id
    AND ${matterVisible(viewer, S)} AND CASE WHEN s.confidentiality = 'normal' OR ${isInsider(viewer, S)}
      THEN d.part = 'story' ELSE d.part = 'head' END))`
  const person = sql`(d.kind = 'person' AND ${personVisible(viewer, sql`d.row_id`)})`
  const visit = sql`(d.kind = 'visit' AND EXISTS (SELECT 1 FROM visit v WHERE v.id = d.row_id
    AND ${visitVisible(viewer, sql`v`)}))`
  return sql`FROM search_text t JOIN search_doc d ON d.doc_id = t.rowid
    WHERE t.search_text MATCH ${query} AND (${matter} OR ${person} OR ${visit})`
}

function searchCases(desk: Desk): Case[] {
  const viewer = desk.viewer('clerk')
  const name =
    desk.base.db.get<{ name: string }>(sql`SELECT name FROM person ORDER BY id LIMIT 1`)?.name ?? '王芳'
  const initials = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array' }).join('')
  const words: readonly (readonly [string, string])[] = [
    ['一个字', '水'],
    ['两个字', '宅基'],
    ['四个字', '排水沟堵'],
    ['姓名', name],
    ['拼音首字母', initials],
  ]
  return words.flatMap(([kind, text], index): Case[] => {
    const from = found(viewer, text)
    const hits = bare(
      desk,
      sql`SELECT d.doc_id, d.kind, d.row_id ${from} ORDER BY t.rowid DESC LIMIT ${PAGE + 1}`,
    )
    const total = bare(desk, counted(sql`SELECT 1 ${from}`))
    const one: Case = {
      group: '搜索',
      name: `${kind}“${text}”`,
      ours: () => desk.call('clerk', 'search.everything', { text }),
      bare: () => [hits(), total()],
      rounds: 40,
      note: 'search.everything，含一条操作日志',
      ...GOAL,
    }
    // What counting costs must not hide behind a limit that counts as well.
    return index > 0 ? [one] : [one, { ...one, name: `${one.name}，对照不数总数`, bare: hits }]
  })
}

function recordCase(desk: Desk): Case {
  const { connection, db } = desk.base
  const ids = db
    .all<{ id: string }>(
      sql`SELECT matter_id AS id FROM matter_state WHERE mediators <> '[]'
      ORDER BY matter_id LIMIT 50`,
    )
    .map((row) => row.id)
  const statements = [
    'SELECT * FROM matter WHERE id = ?',
    'SELECT * FROM matter_state WHERE matter_id = ?',
    'SELECT p.*, q.* FROM matter_party p LEFT JOIN person q ON q.id = p.person_id WHERE p.matter_id = ? AND p.removed = 0',
    'SELECT r.*, u.name FROM matter_respondent_unit r LEFT JOIN org_unit u ON u.id = r.org_unit_id WHERE r.matter_id = ?',
    'SELECT * FROM handling WHERE matter_id = ?',
    `SELECT e.*, c.lamport, c.replica FROM course_event e LEFT JOIN change c ON c.tbl = 'course_event' AND c.row_id = e.id
      WHERE e.matter_id = ? ORDER BY c.lamport, c.replica, e.id`,
    'SELECT v.*, p.name FROM visit v LEFT JOIN person p ON p.id = v.person_id WHERE v.matter_id = ? AND v.removed = 0',
    'SELECT * FROM number_issue WHERE subject_id = ?',
  ].map((text) => connection.prepare(text))
  let turn = 0
  return {
    group: '查看',
    name: '一件事项的全部内容',
    ours: () => desk.call('director', 'matter.get', { id: ids[turn++ % ids.length] ?? '' }),
    bare: () => statements.map((statement) => statement.all(ids[turn % ids.length])),
    rounds: 150,
    note: 'matter.get，含一条操作日志',
    ...GOAL,
  }
}

export const readCases = (desk: Desk): Case[] => [...listCases(desk), ...searchCases(desk), recordCase(desk)]
