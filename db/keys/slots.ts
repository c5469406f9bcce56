/** Compartment keys wrapped to public keys. Adding needs the key, never anybody's password; removing needs no key. */
import type { Compartment } from '../../domain/compartments'
import { fromText, toText } from './encoding'
import type { CompartmentKeys, KeyGeneration, KeysFile, Slot } from './file'
import { openSealed, sealTo } from './seal'

export interface Recipient {
  readonly holder: string
  readonly boxPublic: string
}

/** What a slot holds: the key together with the file it belongs to, so that no slot can be moved to another file. */
interface SlotContent {
  readonly fileId: string
  readonly key: string
}

function slotFor(recipient: Recipient, fileId: string, key: Uint8Array): Slot {
  const content: SlotContent = { fileId, key: toText(key) }
  const sealed = sealTo(recipient.boxPublic, Buffer.from(JSON.stringify(content), 'utf8'))
  return { holder: recipient.holder, boxPublic: recipient.boxPublic, sealed }
}

/** A generation of a compartment's key, wrapped to everybody named. */
export function newGeneration(
  recipients: readonly Recipient[],
  fileId: string,
  key: Uint8Array,
  madeAt: number,
): KeyGeneration {
  return { madeAt, slots: recipients.map((recipient) => slotFor(recipient, fileId, key)) }
}

/** @returns the generation with slots for exactly these recipients as far as `key` allows; without it only removals. */
export function adjustSlots(
  entry: CompartmentKeys,
  generation: KeyGeneration,
  wanted: readonly Recipient[],
  key: Uint8Array | undefined,
): { generation: KeyGeneration; removed: number } {
  const stays = (slot: Slot): boolean =>
    wanted.some((one) => one.holder === slot.holder && one.boxPublic === slot.boxPublic)
  const kept = generation.slots.filter(stays)
  const missing = wanted.filter(
    (one) => !kept.some((slot) => slot.holder === one.holder && slot.boxPublic === one.boxPublic),
  )
  const added = key === undefined ? [] : missing.map((one) => slotFor(one, entry.fileId, key))
  return {
    generation: { ...generation, slots: [...kept, ...added] },
    removed: generation.slots.length - kept.length,
  }
}

/** @returns the keys this private key opens, newest first; empty when it holds no slot. */
export function openSlots(
  file: KeysFile,
  compartment: Compartment,
  holder: string,
  boxPrivate: Uint8Array,
): readonly Uint8Array[] {
  const entry = file.compartments[compartment]
  return entry.generations.flatMap(({ slots }) =>
    slots.filter((slot) => slot.holder === holder).flatMap((slot) => opened(slot, entry.fileId, boxPrivate)),
  )
}

function opened(slot: Slot, fileId: string, boxPrivate: Uint8Array): Uint8Array[] {
  try {
    const content = JSON.parse(
      Buffer.from(openSealed(boxPrivate, slot.sealed)).toString('utf8'),
    ) as SlotContent
    const key = fromText(content.key)
    return content.fileId === fileId && key.length === 32 ? [key] : []
  } catch {
    return []
  }
}
