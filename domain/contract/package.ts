/**
 * The manifest of a package (docs/exchange-format.md). It comes from outside and is parsed before anything is believed.
 * Unknown members are kept out of the result and do no harm: a newer sender may say more.
 */
import { z } from 'zod'
import { COMPARTMENTS } from '../compartments'

export const PACKAGE_FORMAT = 'maotiao-package'
/** The only suite so far; the field leaves room for SM2/SM3/SM4. */
export const PACKAGE_SUITE = 'age-x25519+ed25519+sha256'

const name = z.string().min(1).max(200)
const sequence = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
/** Version vector: highest sequence known without a hole, by replica. */
export const vectorSchema = z.record(name, sequence)
export type Vector = z.output<typeof vectorSchema>

/** End of a replica's known chain with its author's signature: ranges end at a head its author signed. */
const chainHead = z.object({ seq: sequence, hash: name, signature: name })

export const introSchema = z.object({
  compartment: z.enum(COMPARTMENTS),
  replica: name,
  terminal_id: name,
  predecessor: z.string().max(64),
  predecessor_seq: sequence,
  recipient: name,
  sign_public: name,
  signature: name,
})
/** A new replica introduced by its terminal's signature; travels in every manifest so that the first package opens. */
export type ReplicaIntro = z.output<typeof introSchema>

export const manifestSchema = z.object({
  format: z.literal(PACKAGE_FORMAT),
  version: z.literal(1),
  suite: z.literal(PACKAGE_SUITE),
  kind: z.literal('changes'),
  centre: name,
  compartment: z.enum(COMPARTMENTS),
  sender: z.object({ terminal: name, replica: name }),
  intro: introSchema,
  /** `centre`, or the id of one terminal. */
  address: name,
  /** Numbered per (sender, address): for people and for noticing replays and forks, never a condition to apply. */
  number: sequence,
  previous: z.string().max(200),
  schema: z.int().min(1),
  min_reader: z.int().min(1),
  /** What must be known before these changes can be applied. */
  presupposes: vectorSchema,
  /** What the sender knows: the acknowledgement. */
  knows: vectorSchema,
  heads: z.record(name, chainHead),
  audit_head: z.string().max(200),
  made_at: sequence,
  changes: sequence,
  entries: z.record(name, z.object({ sha256: z.string().length(64), bytes: sequence })),
})
export type Manifest = z.output<typeof manifestSchema>
