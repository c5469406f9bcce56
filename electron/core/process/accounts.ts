/** Staff with accounts, and who holds a confidential compartment. */
import { AppError } from '../../../domain/errors'
import { decodeRecovery } from '../../../domain/documents/recoverySheet'
import { POSTS, type Post } from '../../../domain/posts'
import { insertStaff, newAccountKeys } from '../../../db/accounts/account'
import { appendAudit } from '../../../db/audit'
import { giveFirstGrant, giveGrant } from '../../../db/accounts/grants'
import { readKeysFile, RECOVERY } from '../../../db/keys/file'
import { recoveryPairs, type KeyPairs } from '../../../db/keys/pairs'
import { openSlots } from '../../../db/keys/slots'
import { syncKeysFile } from '../../../db/keys/sync'
import { closeStore, openHeld } from '../../../db/open'
import type { ConfidentialCompartment } from '../../../domain/compartments'
import { writeTx } from '../../../db/transaction'
import type { CoreState } from '../state'
import { entryOf } from './note'
import { storedResult, writeOnce } from './once'
import { sessionOf } from './session'
import type { ProcessHandlers } from './types'

function postsOf(names: readonly string[]): Post[] {
  const posts = names.filter((name): name is Post => (POSTS as readonly string[]).includes(name))
  if (posts.length !== names.length)
    throw new AppError('BAD_INPUT', '有不认识的岗位，没有保存。', { field: 'posts' })
  return posts
}

function recoveryOf(sheet: string): KeyPairs {
  const decoded = decodeRecovery(sheet)
  if (!decoded.ok) throw new AppError('BAD_INPUT', decoded.message, { field: 'recoverySheet' })
  return recoveryPairs(decoded.secret)
}

/** The recovery key opens the compartment once, so that the first holder gets a key slot; nothing in it is read. */
function addFirstSlot(state: CoreState, recovery: KeyPairs, compartment: ConfidentialCompartment): void {
  const keys = openSlots(readKeysFile(state.dataDir), compartment, RECOVERY, recovery.boxPrivate)
  const { clock, random } = state.options
  state.assertOpenable(compartment)
  const open = state.heldStores().find((held) => held.store.compartment === compartment)
  const held = open ?? openHeld({ dataDir: state.dataDir, compartment, keys, clock, random })
  try {
    syncKeysFile(state.dataDir, state.base, [...state.heldStores().filter((one) => one !== held), held])
  } finally {
    if (held !== open) closeStore(held.store)
  }
}

type Routes = 'staff.create' | 'grant.give_first' | 'grant.give'

export function accountHandlers(state: CoreState): Pick<ProcessHandlers, Routes> {
  return {
    'staff.create': (input, caller) => {
      const session = sessionOf(caller)
      const once = {
        store: state.base,
        actor: session.actor(),
        route: 'staff.create',
        requestId: input.requestId,
        audit: (made: { staffId: string }) => entryOf(state, 'staff.create', session, made.staffId),
      }
      const known = storedResult<{ staffId: string }>(once)
      if (known !== undefined) return known
      const posts = postsOf(input.posts)
      const keys = newAccountKeys(input.password)
      const made = writeOnce(once, (tx) => ({
        staffId: insertStaff(
          tx,
          { name: input.name, phone: input.phone, account: input.account, orgUnitId: null, posts },
          keys,
        ).staffId,
      }))
      state.syncKeys()
      return made
    },
    'grant.give_first': (input, caller) => {
      const session = sessionOf(caller)
      const recovery = recoveryOf(input.recoverySheet)
      writeTx(state.base, session.actor(), (tx) => {
        giveFirstGrant(tx, recovery, input.compartment, input.staffId)
        appendAudit(state.base, entryOf(state, 'grant.give_first', session, input.staffId))
      })
      addFirstSlot(state, recovery, input.compartment)
      return null
    },
    'grant.give': (input, caller) => {
      const session = sessionOf(caller)
      // Only whoever has it open can pass it on: the key slot is made from the open file.
      state.storeOf(session, input.compartment)
      writeTx(state.base, session.actor(), (tx) => {
        giveGrant(tx, session.account, input.compartment, input.staffId)
        appendAudit(state.base, entryOf(state, 'grant.give', session, input.staffId))
      })
      state.syncKeys()
      return null
    },
  }
}
