/**
 * Capture in pure SQL, generated from the declaration (DESIGN.md section 4, rule 1). No user functions: they fail under
 * `trusted_schema=OFF`. The triggers write everything but digest, prev and hash; `sealChanges` fills these before the
 * same transaction commits.
 */
import type Database from 'better-sqlite3'
import type { Compartment } from '../../domain/compartments'
import { SCHEMAS } from '../schema'
import { groupsOf, type Schema, type TableDecl } from '../schema/declare'
import { ident } from '../sql'

const OFF = '(SELECT applying FROM capture_context) = 0'
const name = (text: string): string => ident(text).text
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const NEXT = 'UPDATE capture_context SET seq = seq + 1, lamport = lamport + 1;'
const INSERT_CHANGE = `INSERT INTO change (replica, seq, lamport, txn, schema, actor, typed_by, post, tbl, row_id, op, parents, body, arrived)
  SELECT c.replica, c.seq, c.lamport, c.txn, c.schema, c.actor, c.typed_by, c.post`

function insertTrigger(table: string, decl: TableDecl): string {
  const fields = ['org_id', ...Object.keys(decl.fields)]
  const body = fields.map((field) => `${literal(field)}, NEW.${name(field)}`).join(', ')
  return `CREATE TRIGGER capture_${table}_i AFTER INSERT ON ${name(table)} WHEN ${OFF} BEGIN
  ${NEXT}
  ${INSERT_CHANGE}, '${table}', NEW.id, 'i', '{}', json_object(${body}), c.counter FROM capture_context c;
  INSERT INTO head (tbl, row_id, grp, replica, seq, shown, applied)
  SELECT '${table}', NEW.id, '', replica, seq, 1, counter FROM capture_context;
END`
}

/** Context, and the group that is being decided in this very row, if any. */
const contextOf = (table: string): string =>
  `(SELECT *, CASE WHEN deciding <> '' AND deciding ->> '$.row' = NEW.id AND deciding ->> '$.table' = '${table}' ` +
  `THEN deciding ->> '$.group' END AS decided FROM capture_context)`

/** Heads of group `g.name` that an ordinary edit replaces: its own once it was written by itself, else the insert's. */
const shownHeads = (table: string): string =>
  `(SELECT json_group_array(json_array(replica, seq)) FROM (SELECT h.replica, h.seq FROM head h ` +
  `WHERE h.tbl = '${table}' AND h.row_id = NEW.id AND h.shown = 1 AND h.grp = CASE WHEN EXISTS ` +
  `(SELECT 1 FROM head e WHERE e.tbl = '${table}' AND e.row_id = NEW.id AND e.grp = g.name) THEN g.name ELSE '' END ` +
  `ORDER BY h.replica, h.seq))`

/**
 * `deciding` is empty or `{"table": …, "row": …, "group": …, "heads": [[replica, seq], …]}`: a decision is captured
 * even when it confirms what is shown, and names all heads it was shown.
 */
function updateTrigger(table: string, decl: TableDecl): string {
  const groups = [...groupsOf(decl)]
  const changed = (fields: readonly string[]): string =>
    fields.map((field) => `OLD.${name(field)} IS NOT NEW.${name(field)}`).join(' OR ')
  const written = groups
    .map(([group, fields]) => `SELECT '${group}' AS name WHERE ${changed(fields)} OR c.decided = '${group}'`)
    .join(' UNION ALL ')
  const values = groups
    .flatMap(([group, fields]) => fields.map((field) => [group, field] as const))
    .map(([group, field]) => `SELECT '${group}' AS grp, '${field}' AS field, NEW.${name(field)} AS value`)
    .join(' UNION ALL ')
  // CROSS JOIN keeps the order: otherwise SQLite reads every change there is to find the last one.
  const last =
    '(SELECT x.parents FROM capture_context c CROSS JOIN change x WHERE x.replica = c.replica AND x.seq = c.seq)'
  return `CREATE TRIGGER capture_${table}_u AFTER UPDATE ON ${name(table)} WHEN ${OFF}
  AND (${changed(['id', 'org_id', ...Object.keys(decl.fields)])} OR EXISTS (SELECT 1 FROM ${contextOf(table)} WHERE decided IS NOT NULL)) BEGIN
  SELECT RAISE(ABORT, 'capture: id and org_id are fixed') WHERE ${changed(['id', 'org_id'])};
  ${NEXT}
  ${INSERT_CHANGE}, '${table}', NEW.id, 'u',
    (SELECT json_group_object(g.name, json(CASE WHEN c.decided = g.name THEN c.deciding -> '$.heads' ELSE ${shownHeads(table)} END)) FROM (${written}) g),
    NULL, c.counter FROM ${contextOf(table)} c;
  UPDATE change SET body = (SELECT json_group_object(v.field, v.value) FROM (${values}) v
    WHERE v.grp IN (SELECT g.key FROM json_each(change.parents) g))
  WHERE (replica, seq) = (SELECT c.replica, c.seq FROM capture_context c);
  INSERT INTO head (tbl, row_id, grp, replica, seq, shown, applied)
  SELECT h.tbl, h.row_id, g.key, h.replica, h.seq, h.shown, h.applied FROM json_each(${last}) g, head h
  WHERE h.tbl = '${table}' AND h.row_id = NEW.id AND h.grp = ''
    AND NOT EXISTS (SELECT 1 FROM head e WHERE e.tbl = '${table}' AND e.row_id = NEW.id AND e.grp = g.key);
  DELETE FROM head WHERE tbl = '${table}' AND row_id = NEW.id AND (grp, replica, seq) IN
    (SELECT g.key, p.value ->> 0, p.value ->> 1 FROM json_each(${last}) g, json_each(g.value) p);
  INSERT INTO head (tbl, row_id, grp, replica, seq, shown, applied)
  SELECT '${table}', NEW.id, g.key, c.replica, c.seq, 1, c.counter FROM capture_context c, json_each(${last}) g;
END`
}

const refuse = (table: string, event: 'UPDATE' | 'DELETE'): string =>
  `CREATE TRIGGER capture_${table}_${event === 'UPDATE' ? 'u' : 'd'} BEFORE ${event} ON ${name(table)} WHEN ${OFF} BEGIN
  SELECT RAISE(ABORT, 'capture: ${event} refused on ${table}');
END`

/** @returns the trigger texts of a compartment by trigger name. */
export function captureTriggers(schema: Schema): ReadonlyMap<string, string> {
  const triggers = new Map<string, string>()
  for (const [table, decl] of Object.entries(schema)) {
    triggers.set(`capture_${table}_i`, insertTrigger(table, decl))
    triggers.set(
      `capture_${table}_u`,
      decl.kind === 'event' ? refuse(table, 'UPDATE') : updateTrigger(table, decl),
    )
    triggers.set(`capture_${table}_d`, refuse(table, 'DELETE'))
  }
  return triggers
}

/**
 * Makes the capture triggers of an open file what the declaration says: called at every open, after the migrations. A
 * trigger whose text differs is made anew, one that belongs to no table any more is dropped.
 */
export function assertCapture(connection: Database.Database, compartment: Compartment): void {
  const wanted = captureTriggers(SCHEMAS[compartment])
  const present = connection
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND substr(name, 1, 8) = 'capture_'`,
    )
    .all()
  const same = present.filter((trigger) => wanted.get(trigger.name) === trigger.sql)
  if (same.length === wanted.size && present.length === same.length) return
  connection.transaction(() => {
    for (const trigger of present) connection.exec(`DROP TRIGGER ${name(trigger.name)}`)
    for (const text of wanted.values()) connection.exec(text)
  })()
}
