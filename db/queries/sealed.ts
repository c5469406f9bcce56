/** What a sender sees of the letter-box: the own items alone, opened with the own key. */
import type { Output } from '../../domain/contract/index'
import type { ReadableDb } from '../handle'
import { openReceipt } from '../letterbox/box'
import { sql } from '../sql'

/** Words for the one state word base knows. */
const STATE_TEXTS: Readonly<Record<string, string>> = {
  sent: '已转介，待接收',
  received: '已送达专库，待签收',
  accepted: '已签收',
  declined: '已婉拒',
  ended: '已结束',
}

/** @param open of the sender's account */
export function sealedByMe(
  db: ReadableDb,
  staffId: string,
  open: (ciphertext: string) => Uint8Array,
): Output<'sealed.mine'> {
  return db
    .all<{ id: string; receipt: string; sealed_at: number; state: string }>(
      sql`SELECT id, receipt, sealed_at, state FROM sealed_item WHERE sealed_by = ${staffId}
        ORDER BY sealed_at DESC, id LIMIT 500`,
    )
    .map((row) => ({
      sealedId: row.id,
      sentAt: row.sealed_at,
      about: aboutOf(row.receipt, open),
      stateText: STATE_TEXTS[row.state] ?? '处理中',
    }))
}

function aboutOf(receipt: string, open: (ciphertext: string) => Uint8Array): string {
  try {
    const note = openReceipt(open, receipt) as { readonly about?: unknown } | null
    return typeof note?.about === 'string' ? note.about : ''
  } catch {
    // Sealed to a key pair the account had before.
    return '（用原来的账号密钥密封，现已打不开）'
  }
}
