/**
 * Who may hold a confidential compartment: a chain of `compartment_grant` rows, each signed by the account key of an
 * earlier holder, the first by the recovery key (DESIGN.md section 5). No post and no administrator replaces a link, and
 * a new key pair needs a new grant.
 */
import type { ConfidentialCompartment } from '../../domain/compartments'
import { AppError } from '../../domain/errors'
import type { ReadableDb } from '../handle'
import { statement } from '../keys/encoding'
import { RECOVERY } from '../keys/file'
import { fingerprintOf, labelled, signWith, verifySignature, type KeyPairs } from '../keys/pairs'
import type { UnlockedAccount } from '../keys/account'
import { insertRow } from '../rows'
import { sql } from '../sql'
import type { Store, WriteTx } from '../store'

export interface GrantLink {
  readonly compartment: string
  readonly staff_id: string
  readonly fingerprint: string
  readonly given_by: string
  /** `box public|sign public|signature`: the giver's keys travel along, whatever the staff record says later. */
  readonly signature: string
}

const linkBytes = (centreId: string, link: Omit<GrantLink, 'signature'>): Uint8Array =>
  statement('maotiao-grant-v1', centreId, link.compartment, link.staff_id, link.fingerprint, link.given_by)

interface Signer {
  readonly boxPublic: string
  readonly signPublic: string
  readonly sign: (bytes: Uint8Array) => string
}

function signed(centreId: string, link: Omit<GrantLink, 'signature'>, signer: Signer): GrantLink {
  const signature = labelled(signer.sign(linkBytes(centreId, link)))
  return { ...link, signature: [signer.boxPublic, signer.signPublic, signature].join('|') }
}

/** Whether the link is signed by the keys it names, and what their fingerprint is. */
function signerOf(centreId: string, link: GrantLink): { fingerprint: string; signPublic: string } | null {
  const [boxPublic, signPublic, signature] = link.signature.split('|')
  if (boxPublic === undefined || signPublic === undefined || signature === undefined) return null
  if (!verifySignature(signPublic, linkBytes(centreId, link), signature)) return null
  return { fingerprint: fingerprintOf({ boxPublic, signPublic }), signPublic }
}

/** Holder (staff id and fingerprint) of a compartment. */
export interface Holder {
  readonly staffId: string
  readonly fingerprint: string
}

/**
 * Pure: depends on the set of links alone, in whatever order they came.
 * @param links of one compartment
 * @param recoverySignPublic as pinned in the compartment's own file, never as a row of base says
 * @returns everybody whom an unbroken chain reaches
 */
export function verifyGrantChain(
  links: readonly GrantLink[],
  centreId: string,
  recoverySignPublic: string,
): readonly Holder[] {
  const holders = new Map<string, Holder>()
  const nameOf = (staffId: string, fingerprint: string): string => `${staffId} ${fingerprint}`
  let open = links.map((link) => ({ link, signer: signerOf(centreId, link) }))
  for (;;) {
    const reached = open.filter(({ link, signer }) => {
      if (signer === null) return false
      return link.given_by === RECOVERY
        ? signer.signPublic === recoverySignPublic
        : holders.has(nameOf(link.given_by, signer.fingerprint))
    })
    if (reached.length === 0) return [...holders.values()]
    for (const { link } of reached)
      holders.set(nameOf(link.staff_id, link.fingerprint), {
        staffId: link.staff_id,
        fingerprint: link.fingerprint,
      })
    open = open.filter((one) => !reached.includes(one))
  }
}

/** @returns a value pinned in a file when it was made. */
export function pinned(
  store: Pick<Store, 'db'>,
  name: 'recovery_sign_public' | 'recovery_box_public',
): string {
  return store.db.get<{ value: string }>(sql`SELECT value FROM meta WHERE name = ${name}`)?.value ?? ''
}

export function grantLinks(db: ReadableDb, compartment: ConfidentialCompartment): readonly GrantLink[] {
  return db.all<GrantLink>(
    sql`SELECT compartment, staff_id, fingerprint, given_by, signature FROM compartment_grant
        WHERE compartment = ${compartment} ORDER BY id`,
  )
}

/** @returns holders by the chain, with the recovery key that is pinned in `anchor`. */
export function holdersOf(
  base: Store,
  compartment: ConfidentialCompartment,
  anchor: Pick<Store, 'db'> = base,
): readonly Holder[] {
  const links = grantLinks(base.db, compartment)
  return verifyGrantChain(links, base.centreId, pinned(anchor, 'recovery_sign_public'))
}

function staffKeys(db: ReadableDb, staffId: string): { boxPublic: string; signPublic: string } {
  const row = db.get<{ boxPublic: string; signPublic: string }>(
    sql`SELECT box_public AS boxPublic, sign_public AS signPublic FROM staff WHERE id = ${staffId} AND active = 1`,
  )
  if (row === undefined || row.boxPublic === '')
    throw new AppError('NOT_FOUND', '没有找到这位在岗人员的账号，没有授权。请刷新人员列表后再试。')
  return row
}

function insertGrant(tx: WriteTx, link: Omit<GrantLink, 'signature'>, signer: Signer): void {
  insertRow(tx, 'compartment_grant', signed(tx.store.centreId, link, signer))
}

/**
 * A holder passes the grant on.
 * @throws AppError FORBIDDEN when the giver is not a holder by the chain, NOT_FOUND for an unknown colleague
 */
export function giveGrant(
  tx: WriteTx,
  giver: UnlockedAccount,
  compartment: ConfidentialCompartment,
  staffId: string,
): void {
  const own = fingerprintOf(giver)
  const holders = holdersOf(tx.store, compartment)
  if (!holders.some((one) => one.staffId === giver.staffId && one.fingerprint === own)) {
    throw new AppError('FORBIDDEN', '您自己还没有这个专库的授权，不能授予他人。请由已有授权的同事办理。')
  }
  const fingerprint = fingerprintOf(staffKeys(tx, staffId))
  insertGrant(tx, { compartment, staff_id: staffId, fingerprint, given_by: giver.staffId }, giver)
}

/**
 * The first holder, by the recovery sheet.
 * @param recovery pairs made from the sheet's 32 bytes
 * @throws AppError BAD_INPUT when the sheet is not this centre's
 */
export function giveFirstGrant(
  tx: WriteTx,
  recovery: KeyPairs,
  compartment: ConfidentialCompartment,
  staffId: string,
): void {
  if (recovery.signPublic !== pinned(tx.store, 'recovery_sign_public')) {
    throw new AppError('BAD_INPUT', '恢复单不是本中心的，或有字抄错了。没有授权，请核对后重新输入。', {
      field: 'recoverySheet',
    })
  }
  const fingerprint = fingerprintOf(staffKeys(tx, staffId))
  const signer: Signer = {
    boxPublic: recovery.boxPublic,
    signPublic: recovery.signPublic,
    sign: (bytes) => signWith(recovery.signPrivate, bytes),
  }
  insertGrant(tx, { compartment, staff_id: staffId, fingerprint, given_by: RECOVERY }, signer)
}
