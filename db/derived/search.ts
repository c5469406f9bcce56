/** What the search index of a compartment holds of each aggregate, and how it is kept. */
import { createHash } from 'node:crypto'
import type { ReadableDb, WritableDb } from '../handle'
import { sql } from '../sql'
import { numberOf, partyKeys } from './matter'
import { asciiText, bodyText, pinyinText } from './tokens'

export const DOC_KINDS = ['matter', 'person', 'visit', 'referral', 'roster_entry', 'child_entry'] as const
export type DocKind = (typeof DOC_KINDS)[number]

/**
 * `story`: everything there is to find. `head`: number and names alone, made for sensitive and secret matters, so that
 * whoever may not know the story cannot probe it by searching.
 */
export interface SearchDoc {
  readonly kind: DocKind
  readonly row_id: string
  readonly part: 'story' | 'head'
  readonly body: string
  readonly ascii: string
  readonly pinyin: string
  readonly digest: string
}

function doc(
  kind: DocKind,
  rowId: string,
  part: SearchDoc['part'],
  names: readonly string[],
  texts: readonly string[],
): SearchDoc {
  const whole = [...names, ...texts].filter((text) => text !== '').join('\n')
  const body = bodyText(whole)
  const ascii = asciiText(whole)
  const read = pinyinText(names)
  const digest = createHash('sha256')
    .update(JSON.stringify([body, ascii, read]))
    .digest('base64url')
    .slice(0, 22)
  return { kind, row_id: rowId, part, body, ascii, pinyin: read, digest }
}

function matterDocs(db: ReadableDb, id: string): SearchDoc[] {
  const row = db.get<{
    title: string
    wanted: string
    description: string
    place: string
    confidentiality: string
  }>(sql`SELECT title, wanted, description, place, confidentiality FROM matter WHERE id = ${id}`)
  if (row === undefined) return []
  const names = partyKeys(db, id).map((party) => party.name)
  const number = numberOf(db, 'matter', id)
  const phones = db
    .all<{ phone: string }>(
      sql`SELECT COALESCE(NULLIF(p.phone, ''), q.phone, '') AS phone
        FROM matter_party p LEFT JOIN person q ON q.id = p.person_id WHERE p.matter_id = ${id} AND p.removed = 0`,
    )
    .map((party) => party.phone)
  const visits = db
    .all<{ wanted: string; description: string; reply: string }>(
      sql`SELECT wanted, description, reply FROM visit WHERE matter_id = ${id} AND removed = 0 ORDER BY id`,
    )
    .flatMap((visit) => [visit.wanted, visit.description, visit.reply])
  const told = new Set([row.wanted, row.description, row.place, ...visits])
  const story = doc('matter', id, 'story', names, [row.title, number, ...phones, ...told])
  if (row.confidentiality === 'normal') return [story]
  return [story, doc('matter', id, 'head', names, [number, ...phones])]
}

function personDocs(db: ReadableDb, id: string): SearchDoc[] {
  const row = db.get<{
    name: string
    phone: string
    id_number: string
    address: string
    address_secret: number
    removed: number
  }>(sql`SELECT name, phone, id_number, address, address_secret, removed FROM person WHERE id = ${id}`)
  if (row === undefined || row.removed === 1) return []
  const address = row.address_secret === 1 ? '' : row.address
  return [doc('person', id, 'story', [row.name], [row.phone, row.id_number, address])]
}

/** A visit that belongs to a matter is found through the matter. */
function visitDocs(db: ReadableDb, id: string): SearchDoc[] {
  const row = db.get<{ wanted: string; description: string; reply: string }>(
    sql`SELECT wanted, description, reply FROM visit WHERE id = ${id} AND matter_id IS NULL AND removed = 0`,
  )
  return row === undefined ? [] : [doc('visit', id, 'story', [], [row.wanted, row.description, row.reply])]
}

interface ListedPerson {
  readonly name: string
  readonly phone: string
  readonly more: string
  readonly removed: number
}
function listedDocs(kind: DocKind, id: string, number: string, row: ListedPerson | undefined): SearchDoc[] {
  if (row === undefined || row.removed === 1) return []
  return [doc(kind, id, 'story', [row.name], [number, row.phone, row.more])]
}

/** @returns the documents of one aggregate; none when its row is gone or removed. */
export function deriveDocs(db: ReadableDb, kind: DocKind, id: string): SearchDoc[] {
  switch (kind) {
    case 'matter':
      return matterDocs(db, id)
    case 'person':
      return personDocs(db, id)
    case 'visit':
      return visitDocs(db, id)
    case 'referral':
      return listedDocs(
        kind,
        id,
        numberOf(db, 'referral', id),
        db.get(sql`SELECT name, phone, need AS more, removed FROM referral WHERE id = ${id}`),
      )
    case 'roster_entry':
      return listedDocs(
        kind,
        id,
        numberOf(db, 'roster_entry', id),
        db.get(
          sql`SELECT name, phone, id_number || ' ' || address AS more, removed FROM roster_entry WHERE id = ${id}`,
        ),
      )
    case 'child_entry':
      return listedDocs(
        kind,
        id,
        '',
        db.get(sql`SELECT name, phone, need AS more, removed FROM child_entry WHERE id = ${id}`),
      )
  }
}

interface StoredDoc {
  readonly doc_id: number
  readonly part: string
  readonly digest: string
}

/** Brings the index of one aggregate up to date; what has not changed is not written. */
export function refreshDocs(db: WritableDb, kind: DocKind, id: string): void {
  const wanted = deriveDocs(db, kind, id)
  const stored = db.all<StoredDoc>(
    sql`SELECT doc_id, part, digest FROM search_doc WHERE kind = ${kind} AND row_id = ${id}`,
  )
  for (const old of stored) {
    if (wanted.some((one) => one.part === old.part)) continue
    db.run(sql`DELETE FROM search_text WHERE rowid = ${old.doc_id}`)
    db.run(sql`DELETE FROM search_doc WHERE doc_id = ${old.doc_id}`)
  }
  for (const one of wanted)
    writeDoc(
      db,
      one,
      stored.find((old) => old.part === one.part),
    )
}

function writeDoc(db: WritableDb, one: SearchDoc, old: StoredDoc | undefined): void {
  if (old?.digest === one.digest) return
  let docId = old?.doc_id
  if (docId === undefined) {
    const row = db.get<{ doc_id: number }>(sql`INSERT INTO search_doc (kind, row_id, part, digest)
      VALUES (${one.kind}, ${one.row_id}, ${one.part}, ${one.digest}) RETURNING doc_id`)
    docId = row?.doc_id ?? 0
  } else {
    db.run(sql`UPDATE search_doc SET digest = ${one.digest} WHERE doc_id = ${docId}`)
    db.run(sql`DELETE FROM search_text WHERE rowid = ${docId}`)
  }
  db.run(sql`INSERT INTO search_text (rowid, body, ascii, pinyin)
    VALUES (${docId}, ${one.body}, ${one.ascii}, ${one.pinyin})`)
}
