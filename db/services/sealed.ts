/**
 * The letter-box from both sides (DESIGN.md section 5). Whoever sends has no key; whoever absorbs makes rows that are a
 * pure function of what was sealed, so that two terminals absorbing at once make equal rows.
 */
import type { Input } from '../../domain/contract/index'
import { AppError } from '../../domain/errors'
import { checkPhone } from '../../domain/rules/phone'
import { cleanText } from '../../domain/rules/text'
import { nameId } from '../ids'
import { getRow, insertRow, patchRow } from '../rows'
import { sql } from '../sql'
import type { Actor, Store, WriteTx } from '../store'
import { writeTx } from '../transaction'

export type SealedCompartment = Input<'sealed.send'>['compartment']
/** What is inside the envelope. Times come from here, never from the terminal that opens it. */
export interface SealedLetter {
  readonly form: Input<'sealed.send'>['form']
  readonly sentAt: number
  readonly sentBy: string
}

/** @throws AppError BAD_INPUT when the emergency has no second person who confirmed it */
export function requireConsent(form: SealedLetter['form'], senderId: string): void {
  if (form.consent !== 'emergency') return
  if (form.confirmedBy !== null && form.confirmedBy !== senderId) return
  throw new AppError(
    'BAD_INPUT',
    '未经本人同意的，须由另一位工作人员共同确认有生命危险，内容未发出。请选择共同确认人。',
    { field: 'confirmedBy' },
  )
}

/** @returns what the sender alone may see again of a letter */
export const receiptOf = (letter: SealedLetter): { readonly about: string } => ({ about: letter.form.name })

/**
 * The row in base: opaque. Sealing was done before, so that no plain word enters the transaction.
 * @returns the sealed id
 */
export function sendSealed(
  tx: WriteTx,
  item: {
    readonly id: string
    readonly compartment: SealedCompartment
    readonly ciphertext: string
    readonly receipt: string
  },
): string {
  return insertRow(
    tx,
    'sealed_item',
    {
      compartment: item.compartment,
      ciphertext: item.ciphertext,
      receipt: item.receipt,
      sealed_at: tx.now,
      sealed_by: tx.actor.staffId,
      state: 'sent',
    },
    item.id,
  )
}

/** Words that may go back into base; anything finer stays in the compartment. */
const STATE_WORDS: Readonly<Record<string, string>> = {
  sent: 'received',
  accepted: 'accepted',
  in_service: 'accepted',
  declined: 'declined',
}

/** @param state of a referral. @returns the word base may know: received, accepted, declined or ended. */
export function stateWordOf(state: string): string {
  return STATE_WORDS[state] ?? 'ended'
}

const textOf = (value: unknown): string => (typeof value === 'string' ? cleanText(value) : '')
const refOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** What a holder's key opened is still untrusted: anybody with the public key can seal. */
function readLetter(content: unknown): SealedLetter {
  const letter = content as Partial<SealedLetter> | null
  const form: unknown = letter?.form
  if (form === null || typeof form !== 'object' || typeof letter?.sentAt !== 'number')
    throw new Error('not a letter')
  if (!Number.isSafeInteger(letter.sentAt) || letter.sentAt < 0) throw new Error('not an instant')
  return { form: form as SealedLetter['form'], sentAt: letter.sentAt, sentBy: textOf(letter.sentBy) }
}

/** Inserts the row of a letter under an id that follows from the sealed id; a second time nothing happens. */
function insertLetter(
  tx: WriteTx,
  table: 'referral' | 'child_entry',
  sealedId: string,
  letter: SealedLetter,
) {
  const id = nameId(table, sealedId)
  if (getRow(tx, table, id) !== undefined) return
  const { form } = letter
  const person = {
    sealed_id: sealedId,
    name: textOf(form.name),
    gender: textOf(form.gender),
    birth_date: textOf(form.birthDate),
    phone: checkPhone(textOf(form.phone)).text,
    safe_contact: textOf(form.safeContact),
    need: textOf(form.need),
    sent_at: letter.sentAt,
    sent_by: letter.sentBy,
    state: 'sent',
    removed: false,
  }
  if (table === 'child_entry') insertRow(tx, table, { ...person, guardian_is_danger: false }, id)
  else {
    insertRow(
      tx,
      table,
      {
        ...person,
        urgency: textOf(form.urgency),
        consent: textOf(form.consent),
        confirmed_by: textOf(form.confirmedBy),
        base_person_id: refOf(form.personId),
        base_matter_id: refOf(form.matterId),
        state_reason: '',
        counsellor_id: null,
        next_on: '',
      },
      id,
    )
  }
}

export interface Absorbed {
  readonly absorbed: number
  /** Sealed ids that could not be opened or read; they stay as they are. */
  readonly unreadable: readonly string[]
}

/**
 * Takes in what was sealed to a compartment: the compartment's rows are committed first, then the state words in base.
 * Repeatable: killed in between, the next run finishes it.
 * @param target store of the compartment, opened by a holder's session
 * @param actor of that session
 * @param open opens one ciphertext with the compartment's letter-box key (`openForm`)
 */
export function absorbSealed(
  target: Store,
  base: Store,
  actor: Actor,
  open: (ciphertext: string) => unknown,
): Absorbed {
  const table = target.compartment === 'psych' ? 'referral' : 'child_entry'
  if (target.compartment !== 'psych' && target.compartment !== 'children') {
    return { absorbed: 0, unreadable: [] }
  }
  const items = base.db.all<{ id: string; ciphertext: string }>(sql`SELECT id, ciphertext FROM sealed_item
    WHERE compartment = ${target.compartment} AND state = 'sent' ORDER BY id`)
  const letters: { id: string; letter: SealedLetter }[] = []
  const unreadable: string[] = []
  for (const { id, ciphertext } of items) {
    try {
      letters.push({ id, letter: readLetter(open(ciphertext)) })
    } catch {
      // Damaged, or sealed to a key of before: named to the holder, kept for whoever can open it.
      unreadable.push(id)
    }
  }
  if (letters.length > 0) {
    writeTx(target, actor, (tx) => {
      for (const { id, letter } of letters) insertLetter(tx, table, id, letter)
    })
    sayStates(base, target, actor)
  }
  return { absorbed: letters.length, unreadable }
}

/**
 * Brings the state words in base in step with a compartment's list: after absorbing and after every step in it. Base
 * learns one word by an opaque id.
 */
export function sayStates(base: Store, target: Store, actor: Actor): void {
  const table = target.compartment === 'psych' ? sql`referral` : sql`child_entry`
  const known = target.db.all<{ sealed_id: string; state: string }>(
    sql`SELECT sealed_id, state FROM ${table}`,
  )
  const words = new Map(known.map((row) => [row.sealed_id, stateWordOf(row.state)]))
  const items = base.db.all<{ id: string; state: string }>(
    sql`SELECT id, state FROM sealed_item WHERE compartment = ${target.compartment}`,
  )
  const changed = items.flatMap((item) => {
    const word = words.get(item.id)
    return word === undefined || word === item.state ? [] : [{ id: item.id, word }]
  })
  if (changed.length === 0) return
  writeTx(base, actor, (tx) => {
    for (const { id, word } of changed) patchRow(tx, 'sealed_item', id, { state: word })
  })
}
