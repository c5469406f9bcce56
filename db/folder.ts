/**
 * Is this the file that was closed here last time? A copied, restored or rolled-back folder gets a new replica id at
 * opening (DESIGN.md section 4, rule 0): two files that write under one id would fork its chain.
 */
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import type { Clock, Random } from '../domain/clock'
import type { Compartment } from '../domain/compartments'
import { codeOf } from './errors'
import { randomId } from './ids'
import { fromText } from './keys/encoding'
import { labelled, signWith } from './keys/pairs'
import type { ReplicaKeys } from './keys/replica'
import { machineMark } from './machine'
import { headBytes } from './packages'
import { readState, writeState, type FolderState, type ReplicaState } from './stateFile'
import type { Store } from './store'

type Connection = Database.Database

/** How far a new replica continues each number series above the highest known (rule 0); the gap stays on record. */
const NUMBER_GAP = 100

type FolderVerdict = 'same' | 'copied' | 'restored' | 'rolled_back'

interface Identity {
  readonly dataDir: string
  readonly compartment: Compartment
  readonly connection: Connection
  readonly random: Random
  readonly clock: Clock
}

const pluck = (connection: Connection, query: string): unknown => connection.prepare(query).pluck().get()
const replicaOf = (connection: Connection): string =>
  String(pluck(connection, `SELECT replica FROM capture_context`))
const seqOf = (connection: Connection): number => Number(pluck(connection, `SELECT seq FROM capture_context`))

function judge(identity: Identity, state: FolderState | null): FolderVerdict {
  const { dataDir, compartment, connection } = identity
  if (state?.mark !== machineMark(dataDir)) return 'copied'
  const known = state.replicas[compartment]
  if (known === undefined) return 'same'
  if (known.due !== '') return known.due
  return known.replica !== replicaOf(connection) || known.seq > seqOf(connection) ? 'rolled_back' : 'same'
}

/**
 * Called at every opening for writing, before the store's identity is read. A copy found on another machine or in
 * another place keeps saving but draws no numbers until it joins again; every other new replica continues its number
 * series above the gap.
 */
export function settleIdentity(identity: Identity): void {
  const { dataDir, compartment, connection } = identity
  const state = readState(dataDir)
  const verdict = judge(identity, state)
  if (verdict === 'same') return
  connection.transaction(() => {
    renew(connection, verdict, identity, state?.replicas[compartment]?.numbers ?? {})
  })()
  const mark = machineMark(dataDir)
  // The other compartments of a copied folder are judged at their own opening: their notes go, so they are found new.
  const replicas = verdict === 'copied' ? copiedNotes(state) : (state?.replicas ?? {})
  writeState(dataDir, {
    mark,
    replicas: { ...replicas, [compartment]: stateOf(connection) },
  })
}

/** In a copied folder every compartment not yet opened here keeps the word that it has to be renewed. */
function copiedNotes(state: FolderState | null): FolderState['replicas'] {
  const notes = Object.entries(state?.replicas ?? {}).map(([name, note]) => [
    name,
    { ...note, due: 'copied' },
  ])
  return Object.fromEntries(notes) as FolderState['replicas']
}

function renew(
  connection: Connection,
  verdict: Exclude<FolderVerdict, 'same'>,
  identity: Pick<Identity, 'random' | 'clock'>,
  noted: Readonly<Record<string, number>>,
): void {
  const setMeta = connection.prepare(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  // A copy does not take the place of what it was copied from: that one goes on and is still sent packages.
  const replaces = verdict !== 'copied'
  setMeta.run('predecessor', replaces ? replicaOf(connection) : '')
  setMeta.run('predecessor_seq', replaces ? String(seqOf(connection)) : '0')
  setMeta.run('renewed_from', replicaOf(connection))
  setMeta.run('renewed_because', verdict)
  setMeta.run('renewed_at', String(identity.clock.now()))
  signLastHead(connection)
  const replica = randomId(identity.random)
  setMeta.run('replica', replica)
  if (verdict === 'copied') setMeta.run('terminal_number', '')
  connection.prepare('UPDATE capture_context SET replica = ?, seq = 0').run(replica)
  // Its keys stay with the old incarnation: whoever has the copy must not read what is addressed to this one.
  connection.prepare(`DELETE FROM local_setting WHERE name = 'replica_keys'`).run()
  raiseFloors(connection, noted)
}

/** The last changes of the old incarnation may have reached nobody: they are signed for while its keys are still here. */
function signLastHead(connection: Connection): void {
  const keys = pluck(connection, `SELECT value FROM local_setting WHERE name = 'replica_keys'`)
  const head = connection
    .prepare('SELECT seq, hash FROM known_replica WHERE replica = ?')
    .get(replicaOf(connection)) as { seq: number; hash: string } | undefined
  if (typeof keys !== 'string' || head === undefined) return
  const { signPrivate } = JSON.parse(keys) as ReplicaKeys
  const bytes = headBytes(replicaOf(connection), head.seq, head.hash)
  connection
    .prepare('UPDATE known_replica SET signature = ? WHERE replica = ?')
    .run(labelled(signWith(fromText(signPrivate), bytes)), replicaOf(connection))
}

function raiseFloors(connection: Connection, noted: Readonly<Record<string, number>>): void {
  const highest = { ...noted }
  for (const [series, serial] of Object.entries(numbersOf(connection)))
    highest[series] = Math.max(serial, highest[series] ?? 0)
  const floors = Object.fromEntries(Object.entries(highest).map(([key, value]) => [key, value + NUMBER_GAP]))
  connection
    .prepare(
      `INSERT INTO local_setting (name, value) VALUES ('number_floor', ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
    .run(JSON.stringify(floors))
}

/** Highest serial this terminal drew, by `series|year`. */
function numbersOf(connection: Connection): Record<string, number> {
  // Series and years are met by key, one by one: every saved number asks this, however many there are.
  const rows = connection
    .prepare(
      `WITH RECURSIVE known(series) AS (SELECT min(series) FROM number_issue UNION ALL
         SELECT (SELECT min(n.series) FROM number_issue n WHERE n.series > known.series) FROM known WHERE series IS NOT NULL),
       last(year) AS (SELECT max((SELECT max(n.year) FROM number_issue n WHERE n.series = known.series)) FROM known),
       found AS (SELECT known.series || '|' || y.year AS key, (SELECT max(n.serial) FROM number_issue n
           WHERE n.series = known.series AND n.year = y.year AND n.terminal_number = t.value) AS serial
         FROM known, (SELECT year FROM last UNION SELECT year - 1 FROM last) y, meta t
         WHERE known.series IS NOT NULL AND t.name = 'terminal_number' AND t.value <> '')
       SELECT key, serial FROM found WHERE serial IS NOT NULL`,
    )
    .all() as { key: string; serial: number }[]
  return Object.fromEntries(rows.map((row) => [row.key, row.serial]))
}

function stateOf(connection: Connection): ReplicaState {
  return { replica: replicaOf(connection), seq: seqOf(connection), numbers: numbersOf(connection), due: '' }
}

/**
 * Notes how far this replica has come: after each export and import, and when a file is made. Survives a power cut when it returns.
 */
export function noteState(store: Store): void {
  const dataDir = dirname(store.file)
  const state = readState(dataDir)
  writeState(dataDir, {
    mark: state?.mark ?? machineMark(dataDir),
    replicas: { ...state?.replicas, [store.compartment]: stateOf(store.connection) },
  })
}

/** The same after a number was drawn. The entry is saved already: a note that fails must not tell the clerk otherwise. */
export function noteDrawn(store: Store): void {
  try {
    noteState(store)
  } catch (error) {
    if (codeOf(error) === '') throw error
  }
}

/** Lowest serial that may be drawn next in a series is one above this: set when a replica was renewed. */
export function numberFloor(store: Store, series: string, year: number): number {
  const text = store.connection
    .prepare(`SELECT value FROM local_setting WHERE name = 'number_floor'`)
    .pluck()
    .get()
  if (typeof text !== 'string') return 0
  return (JSON.parse(text) as Record<string, number>)[`${series}|${year}`] ?? 0
}

/** The folder is this machine's now, and these compartments open as new replicas: after a restore, or a lost past. */
export function noteRestored(dataDir: string, compartments: readonly Compartment[]): void {
  const state = readState(dataDir)
  const mark = machineMark(dataDir)
  const none: ReplicaState = { replica: '', seq: 0, numbers: {}, due: 'restored' }
  const due: Partial<Record<Compartment, ReplicaState>> = {}
  for (const name of compartments) due[name] = { ...none, ...state?.replicas[name], due: 'restored' }
  // Notes of a folder that was somewhere else say nothing about compartments that are not restored.
  const kept = state?.mark === mark ? state.replicas : {}
  writeState(dataDir, { mark, replicas: { ...kept, ...due } })
}
