/** 查人查事: one field over people, matters and visits, filtered by the viewer before the limit. */
import { localDateOf, type LocalDate } from '../../domain/clock'
import type { Input, Output } from '../../domain/contract/index'
import type { SearchHit } from '../../domain/contract/people'
import { isAllowed } from '../../domain/posts'
import { parseNumber, shortNumber } from '../../domain/numbers/number'
import type { DocKind } from '../derived/search'
import { searchQuery } from '../derived/tokens'
import type { ReadableDb } from '../handle'
import { join, list, sql, type Sql } from '../sql'
import type { Viewer } from '../store'
import { isInsider, matterVisible } from '../visibility/matter'
import { nameFor } from '../visibility/minor'
import { personVisible } from '../visibility/person'
import { visitVisible } from '../visibility/visit'
import { matterColumns, toMatterRows, type ListedMatter } from './matter-row'
import { unitNames } from './names'
import { cappedCount, cursorOf, cursorParts, pageOf } from './page'

interface Hit {
  readonly doc_id: number
  readonly kind: DocKind
  readonly row_id: string
}

/** What the post may find, each kind under its own predicate. */
function visibleDocs(viewer: Viewer): Sql | null {
  const kinds: Sql[] = []
  if (isAllowed('matter.read', viewer.post)) {
    const state = sql`s`
    kinds.push(sql`(d.kind = 'matter' AND EXISTS (SELECT 1 FROM matter_state s WHERE s.matter_id = d.row_id
      AND ${matterVisible(viewer, state)}
      AND CASE WHEN s.confidentiality = 'normal' OR ${isInsider(viewer, state)}
        THEN d.part = 'story' ELSE d.part = 'head' END))`)
  }
  if (isAllowed('person.read', viewer.post)) {
    kinds.push(sql`(d.kind = 'person' AND ${personVisible(viewer, sql`d.row_id`)})`)
  }
  if (isAllowed('visit.read', viewer.post)) {
    kinds.push(sql`(d.kind = 'visit' AND EXISTS (SELECT 1 FROM visit v WHERE v.id = d.row_id
      AND ${visitVisible(viewer, sql`v`)}))`)
  }
  return kinds.length === 0 ? null : sql`(${join(kinds, ' OR ')})`
}

/** @returns hits, the last written first. A number is found however it is typed (`26.3.128`). */
export function searchEverything(
  db: ReadableDb,
  viewer: Viewer,
  input: Input<'search.everything'>,
  today: LocalDate,
): Output<'search.everything'> {
  const number = parseNumber(input.text)
  const query = searchQuery(number === null ? input.text : shortNumber(number))
  const visible = visibleDocs(viewer)
  if (query === null || visible === null) return { rows: [], next: null, total: 0 }
  const from = sql`FROM search_text t JOIN search_doc d ON d.doc_id = t.rowid
    WHERE t.search_text MATCH ${query} AND ${visible}`
  const before = input.after === null ? sql`` : sql`AND t.rowid < ${Number(cursorParts(input.after)[0]) || 0}`
  const hits = db.all<Hit>(
    sql`SELECT d.doc_id, d.kind, d.row_id ${from} ${before} ORDER BY t.rowid DESC LIMIT ${input.limit + 1}`,
  )
  const total = cappedCount(db, sql`SELECT 1 ${from}`, input.after)
  const shown = new Map(
    [...matterHits(db, viewer, hits, today), ...personHits(db, hits, today), ...visitHits(db, hits)].map(
      (hit) => [hit.id, hit],
    ),
  )
  return pageOf(hits, input.limit, total, {
    row: (hit): SearchHit =>
      shown.get(hit.row_id) ?? {
        kind: 'matter',
        id: hit.row_id,
        title: '',
        number: '',
        detail: '',
        date: '',
      },
    cursor: (hit) => cursorOf(hit.doc_id),
  })
}

const idsOf = (hits: readonly Hit[], kind: DocKind): Sql =>
  list(hits.filter((hit) => hit.kind === kind).map((hit) => hit.row_id))

function matterHits(db: ReadableDb, viewer: Viewer, hits: readonly Hit[], today: LocalDate): SearchHit[] {
  const rows = db.all<ListedMatter>(
    sql`SELECT ${matterColumns(viewer, sql`s`)} FROM matter_state s WHERE s.matter_id IN ${idsOf(hits, 'matter')}`,
  )
  return rows.map(toMatterRows(db, rows, today)).map((row) => ({
    kind: 'matter',
    id: row.id,
    title: row.title,
    number: row.number,
    detail: [row.stateText, row.parties, row.village].filter((text) => text !== '').join(' · '),
    date: row.registeredOn,
  }))
}

function personHits(db: ReadableDb, hits: readonly Hit[], today: LocalDate): SearchHit[] {
  const rows = db.all<{ id: string; name: string; birth_date: string; org_unit_id: string | null }>(
    sql`SELECT id, name, birth_date, org_unit_id FROM person WHERE id IN ${idsOf(hits, 'person')}`,
  )
  const units = unitNames(
    db,
    rows.map((row) => row.org_unit_id),
  )
  return rows.map((row) => ({
    kind: 'person',
    id: row.id,
    title: nameFor(row.name, row.birth_date, today),
    number: '',
    detail: [
      units.get(row.org_unit_id ?? '') ?? '',
      row.birth_date === '' ? '' : `${row.birth_date.slice(0, 4)} 年生`,
    ]
      .filter((text) => text !== '')
      .join(' · '),
    date: '',
  }))
}

function visitHits(db: ReadableDb, hits: readonly Hit[]): SearchHit[] {
  const rows = db.all<{ id: string; wanted: string; description: string; arrived_at: number }>(
    sql`SELECT id, wanted, description, arrived_at FROM visit WHERE id IN ${idsOf(hits, 'visit')}`,
  )
  return rows.map((row) => ({
    kind: 'visit',
    id: row.id,
    title: row.wanted,
    number: '',
    detail: excerpt(row.description),
    date: localDateOf(row.arrived_at),
  }))
}

/** First characters of a longer text, as lists show it. */
export function excerpt(text: string): string {
  const points = [...text.replace(/\s+/g, ' ').trim()]
  return points.length > 60 ? `${points.slice(0, 60).join('')}…` : points.join('')
}
