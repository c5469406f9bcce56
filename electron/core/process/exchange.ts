/** Packages out and in, by hand and by the folder; differences decided. */
import { mkdirSync, statSync } from 'node:fs'
import type { ExchangeStatus, ImportOutcome, PeerRow } from '../../../domain/contract/exchange'
import { AppError } from '../../../domain/errors'
import { localMinuteOf } from '../../../domain/clock'
import { packageCounts, peers } from '../../../db/packages'
import { heldBack } from '../../../db/queries/held-back'
import { countDifferences, decideDifference } from '../../../db/replication/differences'
import { knownVector } from '../../../db/replication/vector'
import { sql } from '../../../db/sql'
import { receiversOf } from '../exchange/directory'
import { exportStore, overdueTerminals } from '../exchange/export'
import {
  carry,
  dropWaiting,
  keepWaiting,
  outTray,
  packagesIn,
  readFolderSetting,
  setAside,
  waitingFiles,
  writeFolderSetting,
} from '../exchange/folder'
import { importFile, type ImportContext } from '../exchange/import'
import type { Session } from '../session'
import type { CoreState } from '../state'
import { absorb } from './absorb'
import { entryOf, note } from './note'
import { writeOnce } from './once'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

/** @returns id of a terminal named by its number, name or id; `centre` for all. @throws AppError NOT_FOUND */
function addressOf(state: CoreState, to: string): string {
  if (to === 'centre') return to
  const rows = state.base.db.all<{ id: string }>(
    sql`SELECT id FROM terminal WHERE active = 1 AND (id = ${to} OR number = ${to} OR name = ${to})`,
  )
  const [row] = rows
  if (row === undefined || rows.length > 1) {
    throw new AppError(
      'NOT_FOUND',
      `没有找到唯一的终端“${to}”，没有导出。请用终端号，或填 centre 发给全中心。`,
      { field: 'to' },
    )
  }
  return row.id
}

async function exportAll(
  state: CoreState,
  session: Session,
  address: string,
  folder: string,
  when: 'always' | 'when_new',
): Promise<{ files: string[]; changes: number }> {
  const made = []
  for (const store of state.storesOf(session).values())
    made.push(await exportStore(store, state.base, { address, folder, when }))
  const built = made.filter((one) => one !== null)
  return {
    files: built.map((one) => one.fileName),
    changes: built.reduce((sum, one) => sum + one.changes, 0),
  }
}

/** What a terminal has not acknowledged for a day goes to it in a package of its own. */
async function exportOverdue(state: CoreState, session: Session, folder: string): Promise<number> {
  let count = 0
  for (const store of state.storesOf(session).values()) {
    for (const address of overdueTerminals(state.base, store)) {
      const made = await exportStore(store, state.base, { address, folder, when: 'when_new' })
      if (made !== null) count += 1
    }
  }
  return count
}

/** Base first, and again from the start after each success: what waited may now have its predecessors. */
async function importAll(
  state: CoreState,
  session: Session,
  paths: readonly string[],
  done: (path: string, outcome: ImportOutcome) => void,
): Promise<ImportOutcome[]> {
  const outcomes = new Map<string, ImportOutcome>()
  const context: ImportContext = {
    get base() {
      return state.base
    },
    get stores() {
      return state.storesOf(session)
    },
    parser: state.options.parser,
    renew: (compartment) => state.renew(compartment, session),
  }
  let pending = [...paths]
  for (let moved = true; moved && pending.length > 0;) {
    moved = false
    const left: string[] = []
    for (const path of pending) {
      const outcome = await importFile(context, path)
      outcomes.set(path, outcome)
      if (outcome.outcome === 'waits' || outcome.outcome === 'quarantined') left.push(path)
      if (outcome.outcome === 'applied') moved = true
    }
    pending = left
  }
  for (const [path, outcome] of outcomes) done(path, outcome)
  if ([...outcomes.values()].some((outcome) => outcome.applied > 0)) afterImport(state, session)
  return [...outcomes.values()]
}

function afterImport(state: CoreState, session: Session): void {
  state.syncKeys()
  absorb(state, session)
  state.emit('all', { kind: 'changed', tables: ['*'], counter: 0 })
  state.emit('all', { kind: 'exchange' })
}

const filesOf = (path: string): string[] => (statSync(path).isDirectory() ? packagesIn(path) : [path])

/** What becomes of a file in the in-tray. */
function settleWaiting(state: CoreState, path: string, { outcome }: ImportOutcome): void {
  if (outcome === 'applied' || outcome === 'already') dropWaiting(path)
  else if (outcome === 'quarantined') setAside(state.dataDir, path)
}

/** By hand: a package that waits is kept here, and what waited from before is tried with what came now. */
async function importByHand(state: CoreState, session: Session, path: string): Promise<ImportOutcome[]> {
  const given = filesOf(path)
  const before = waitingFiles(state.dataDir)
  const shown: ImportOutcome[] = []
  await importAll(state, session, [...given, ...before], (file, outcome) => {
    if (!before.includes(file)) {
      shown.push(outcome)
      if (outcome.outcome === 'waits') keepWaiting(state.dataDir, file)
      return
    }
    settleWaiting(state, file, outcome)
    if (outcome.outcome === 'applied') shown.push(outcome)
  })
  return shown
}

/** One round: what is new is built and carried out, what came is carried in and taken in. */
export async function runRound(
  state: CoreState,
  session: Session,
): Promise<{ sent: number; outcomes: ImportOutcome[] }> {
  const built = await exportAll(state, session, 'centre', outTray(state.dataDir), 'when_new')
  const own = await exportOverdue(state, session, outTray(state.dataDir))
  carry(state.dataDir)
  const outcomes = await importAll(state, session, waitingFiles(state.dataDir), (path, outcome) =>
    settleWaiting(state, path, outcome),
  )
  return { sent: built.files.length + own, outcomes }
}

function peerRows(state: CoreState, session: Session): PeerRow[] {
  const terminals = state.base.db.all<{ id: string; number: string; name: string }>(
    sql`SELECT id, number, name FROM terminal WHERE active = 1 AND id <> (SELECT value FROM meta WHERE name = 'terminal_id') ORDER BY number`,
  )
  const stores = [...state.storesOf(session).values()]
  return terminals.map((terminal) => {
    let lastHeardAt: number | null = null
    const compartments = stores.flatMap((store) => {
      const mine = knownVector(store.db)
      const replicas = new Set(receiversOf(state.base, store, terminal.id).map((one) => one.replica))
      // Nobody there has opened this compartment: nothing is on its way to it.
      if (replicas.size === 0 && store.compartment !== 'base') return []
      const heard = peers(store.db).filter((peer) => replicas.has(peer.replica))
      for (const peer of heard) lastHeardAt = Math.max(lastHeardAt ?? 0, peer.heardAt)
      const known = (replica: string): number =>
        Math.max(0, ...heard.map((peer) => peer.vector[replica] ?? 0))
      const notYetThere = Object.entries(mine).reduce(
        (sum, [replica, seq]) => sum + Math.max(0, seq - known(replica)),
        0,
      )
      return [{ compartment: store.compartment, notYetThere }]
    })
    return {
      terminalId: terminal.id,
      number: terminal.number,
      name: terminal.name,
      lastHeardAt,
      compartments,
    }
  })
}

function statusOf(state: CoreState, session: Session): ExchangeStatus {
  const stores = [...state.storesOf(session).values()]
  const counts = stores.map((store) => packageCounts(store.db))
  const latest = (values: (number | null)[]): number | null =>
    values.reduce<number | null>((best, value) => (value === null ? best : Math.max(best ?? 0, value)), null)
  const rows = peerRows(state, session)
  const lastSentAt = latest(counts.map((count) => count.lastSentAt))
  const delivered = rows.every((peer) => peer.compartments.every((one) => one.notYetThere === 0))
  const setting = readFolderSetting(state.dataDir)
  return {
    delivered,
    text:
      rows.length === 0
        ? '只有本机'
        : `${delivered ? '已送达' : '未送达'}${lastSentAt === null ? '' : ` ${localMinuteOf(lastSentAt).slice(11)}`}`,
    lastSentAt,
    lastReceivedAt: latest(counts.map((count) => count.lastReceivedAt)),
    folder: setting?.folder ?? '',
    everyMinutes: setting?.everyMinutes ?? 5,
    waiting: waitingFiles(state.dataDir).length,
    quarantined: counts.reduce((sum, count) => sum + count.quarantined, 0),
    differences: stores.reduce((sum, store) => sum + countDifferences(store.db), 0),
    problem: state.exchangeProblem,
    peers: rows,
  }
}

type Routes =
  | 'exchange.status'
  | 'exchange.held_back'
  | 'exchange.export'
  | 'exchange.import'
  | 'exchange.run'
  | 'exchange.set_folder'
  | 'difference.decide'

export function exchangeHandlers(state: CoreState): Pick<ProcessHandlers, Routes> {
  return {
    'exchange.status': (_input, caller) => statusOf(state, sessionOf(caller)),
    'exchange.held_back': (_input, caller) =>
      [...state.storesOf(sessionOf(caller)).values()].flatMap((store) =>
        heldBack(store.db, store.compartment),
      ),
    'exchange.export': async (input, caller) => {
      const session = sessionOf(caller)
      const address = addressOf(state, input.to)
      const folder = state.tokens.pathOf(caller.client, input.out)
      mkdirSync(folder, { recursive: true })
      const made = await state.inTurn(() => exportAll(state, session, address, folder, 'always'))
      if (made.files.length === 0)
        throw new AppError('NOT_FOUND', '没有可以接收的终端，没有导出。请先让其他终端加入本中心。')
      note(state, 'exchange.export', session)
      state.emit('all', { kind: 'exchange' })
      return made
    },
    'exchange.import': async (input, caller) => {
      const session = sessionOf(caller)
      const path = state.tokens.pathOf(caller.client, input.from)
      const outcomes = await state.inTurn(() => importByHand(state, session, path))
      note(state, 'exchange.import', session)
      return { outcomes }
    },
    'exchange.run': async (_input, caller) => {
      const session = sessionOf(caller)
      if (readFolderSetting(state.dataDir) === null) {
        throw new AppError('NOT_SET_UP', '还没有设置收发目录。请由管理员设置，或用“导出”“导入”手工收发。')
      }
      const round = await state.inTurn(() => runRound(state, session))
      note(state, 'exchange.run', session)
      return round
    },
    'exchange.set_folder': (input, caller) => {
      const session = sessionOf(caller)
      const folder = input.folder === null ? null : state.tokens.pathOf(caller.client, input.folder)
      writeFolderSetting(state.dataDir, folder === null ? null : { folder, everyMinutes: input.everyMinutes })
      note(state, 'exchange.set_folder', session)
      state.emit('all', { kind: 'exchange' })
      return null
    },
    'difference.decide': (input, caller) => {
      const session = sessionOf(caller)
      const store = state.storeOf(session, input.compartment)
      const once = {
        store,
        actor: session.actor(),
        route: 'difference.decide',
        requestId: input.requestId,
        audit: () => entryOf(state, 'difference.decide', session, input.id),
      }
      writeOnce(once, (tx) => {
        decideDifference(tx, input.id, input.basis, input.chosen)
        return null
      })
      state.emit('all', { kind: 'changed', tables: ['*'], counter: 0 })
      return null
    },
  }
}
