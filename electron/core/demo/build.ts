/** 柳桥镇: an invented town of one year, founded and filled through the same services that clerks use. */
import type { Compartment } from '../../../domain/compartments'
import type { Random } from '../../../domain/clock'
import { closeStore } from '../../../db/open'
import type { ScryptCost } from '../../../db/keys/password'
import { sql } from '../../../db/sql'
import type { Store } from '../../../db/store'
import { localTx } from '../../../db/transaction'
import { foundTown, type Town } from './found'
import { matterDeeds, questionDeeds } from './matters'
import { playYear } from './play'
import { referralDeeds, rosterDeeds, settleLetters } from './confidential'
import { inventMatter, momentsOfYear, YEAR_BEGINS, type People } from './script'
import { chanceOf, demoClock, seededRandom, type Chance } from './seeded'

export interface DemoOptions {
  /** Empty or not there yet. */
  readonly dataDir: string
  readonly matters: number
  /** The same seed makes the same `dump --logical`; keys are always new. */
  readonly seed: string
  /** Of scrypt. The password is public, so it may be small. */
  readonly cost?: ScryptCost
}

export interface DemoMade {
  readonly centreName: string
  readonly matters: number
  /** 32 bytes for the recovery sheet. */
  readonly recoverySecret: Uint8Array
}

const QUICK: ScryptCost = { N: 2 ** 13, r: 8, p: 1 }

/**
 * Makes the town in an empty folder that nobody else uses meanwhile.
 * @throws AppError ALREADY_SET_UP, READ_ONLY, DISK_FULL
 */
export async function buildDemo(options: DemoOptions): Promise<DemoMade> {
  const clock = demoClock(YEAR_BEGINS)
  const random: Random = seededRandom(options.seed)
  const town = foundTown({ dataDir: options.dataDir, clock, random, cost: options.cost ?? QUICK })
  try {
    // A folder that is thrown away need not survive a power cut while it is being made.
    for (const { connection } of town.stores.values()) {
      connection.pragma('synchronous = OFF')
      connection.pragma('wal_autocheckpoint = 50000')
    }
    const deeds = deedsOf(chanceOf(options.seed), town, options.matters)
    playYear(town.stores, town.cast, clock, deeds)
    settleLetters(storeOf(town, 'base'), storeOf(town, 'psych'), town.cast)
    for (const store of town.stores.values()) forgetClock(store)
  } finally {
    for (const store of town.stores.values()) closeStore(store)
  }
  return { centreName: town.centreName, matters: options.matters, recoverySecret: town.recoverySecret }
}

function storeOf(town: Town, compartment: Compartment): Store {
  const store = town.stores.get(compartment)
  if (store === undefined) throw new Error(`${compartment} is not open`)
  return store
}

function deedsOf(chance: Chance, town: Town, matters: number) {
  const people: People = []
  const scripts = momentsOfYear(chance, matters).map((at) => inventMatter(chance, people, at))
  const some = (share: number, least: number): number => Math.max(least, Math.round(matters * share))
  const { cast, boxPublic } = town
  const letters = { base: storeOf(town, 'base'), psych: storeOf(town, 'psych'), cast, boxPublic }
  return [
    ...matterDeeds(cast, people, scripts),
    ...questionDeeds(chance, momentsOfYear(chance, some(0.5, 5))),
    ...referralDeeds(chance, momentsOfYear(chance, Math.min(60, some(0.05, 4))), letters),
    ...rosterDeeds(chance, momentsOfYear(chance, Math.min(80, some(0.08, 4))), cast),
  ]
}

/** The year lies where it lies; whoever tries the town today must not be told that the machine's clock is wrong. */
function forgetClock(store: Store): void {
  localTx(store, () => {
    store.db.run(sql`DELETE FROM local_setting WHERE name = 'clock_last_recorded'`)
  })
}
