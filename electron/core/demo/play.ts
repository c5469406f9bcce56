/** Plays the year: what was thought up is done by the right people through the real services, in order of time. */
import type { Compartment } from '../../../domain/compartments'
import { localDateOf } from '../../../domain/clock'
import type { Actor, Store, Viewer, WriteTx } from '../../../db/store'
import { writeTx } from '../../../db/transaction'
import type { DemoClock } from './seeded'

/** Who works in the town, by account, and where things are, by name. */
export interface Cast {
  readonly actor: (account: string) => Actor
  readonly viewer: (account: string) => Viewer
  readonly staffId: (account: string) => string
  readonly unitId: (name: string) => string
}

/** Something one person does at one moment. */
export interface Deed {
  /** Instant, ms. */
  readonly at: number
  readonly who: string
  readonly in: Compartment
  /** What it touches: two deeds on one thing never share a transaction, since each must see the one before. */
  readonly keys: readonly string[]
  run(tx: WriteTx, viewer: Viewer): void
}

/** Something with transactions of its own (the letter-box); it finds everything before it done. */
export interface AloneDeed {
  readonly at: number
  alone(): void
}

/**
 * @param stores open compartments
 * @param deeds in any order; deeds of one day by one person that touch different things share a transaction
 */
export function playYear(
  stores: ReadonlyMap<Compartment, Store>,
  cast: Cast,
  clock: DemoClock,
  deeds: readonly (Deed | AloneDeed)[],
): void {
  let today: Deed[] = []
  const endDay = (): void => {
    for (const desk of desksOf(today)) {
      clock.reach(Math.max(...desk.map((deed) => deed.at)))
      together(stores, cast, desk)
    }
    today = []
  }
  for (const deed of [...deeds].sort((a, b) => a.at - b.at)) {
    const first = today[0]
    const alone = 'alone' in deed
    if (first !== undefined && (alone || localDateOf(first.at) !== localDateOf(deed.at))) endDay()
    if (!alone) {
      today.push(deed)
      continue
    }
    clock.reach(deed.at)
    deed.alone()
  }
  endDay()
}

type Desk = [Deed, ...Deed[]]

/** Rounds of a day: what touches a thing once more comes in a later round; in a round each person works once. */
function desksOf(today: readonly Deed[]): Desk[] {
  const rounds = new Map<string, number>()
  const desks = new Map<string, Desk>()
  for (const deed of today) {
    const round = 1 + Math.max(0, ...deed.keys.map((key) => rounds.get(key) ?? 0))
    for (const key of deed.keys) rounds.set(key, round)
    const name = `${String(round).padStart(4, '0')} ${deed.in} ${deed.who}`
    const desk = desks.get(name)
    if (desk) desk.push(deed)
    else desks.set(name, [deed])
  }
  return [...desks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, desk]) => desk)
}

function together(stores: ReadonlyMap<Compartment, Store>, cast: Cast, deeds: Desk): void {
  const [{ who, in: compartment }] = deeds
  const store = stores.get(compartment)
  if (store === undefined) throw new Error(`${compartment} is not open`)
  const viewer = cast.viewer(who)
  writeTx(store, cast.actor(who), (tx) => {
    for (const deed of deeds) deed.run(tx, viewer)
  })
}
