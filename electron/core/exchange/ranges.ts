/** What a package's changes must prove before any of them is applied. */
import type { Manifest } from '../../../domain/contract/package'
import { AppError } from '../../../domain/errors'
import { verifySignature } from '../../../db/keys/pairs'
import { headBytes } from '../../../db/packages'
import { canonical, digestOf } from '../../../db/replication/canonical'
import { headerHash, type Change } from '../../../db/replication/change'
import { parseChange } from '../../../db/replication/parse'

const altered = (): AppError =>
  new AppError(
    'PACKAGE_ALTERED',
    '数据包里的记录与其来源的签名不符，没有导入任何内容。请让对方重新导出一份。',
  )

/**
 * Ranges end at a head their author signed and are whole chains up to it, so that a relay can leave out, but not make up
 * (DESIGN.md section 4, rule 9).
 * @param keys signing keys by replica
 * @throws AppError PACKAGE_ALTERED; PACKAGE_WAITS while an author is not known here
 */
export function assertRangesSigned(
  manifest: Manifest,
  changes: readonly unknown[],
  keys: ReadonlyMap<string, string>,
): void {
  for (const [replica, head] of Object.entries(manifest.heads)) {
    const signPublic = keys.get(replica)
    if (signPublic === undefined) throw authorUnknown()
    if (!verifySignature(signPublic, headBytes(replica, head.seq, head.hash), head.signature)) throw altered()
  }
  const chains = new Map<string, Change[]>()
  for (const raw of changes) {
    const change = parseChange(raw)
    if (change === undefined) throw altered()
    const chain = chains.get(change.replica)
    if (chain === undefined) chains.set(change.replica, [change])
    else chain.push(change)
  }
  for (const [replica, chain] of chains) assertChain(chain, manifest.heads[replica])
}

function assertChain(chain: Change[], head: Manifest['heads'][string] | undefined): void {
  let before: { seq: number; hash: string } | undefined
  for (const change of chain.sort((a, b) => a.seq - b.seq)) {
    if (before !== undefined && (change.seq !== before.seq + 1 || change.prev !== before.hash))
      throw altered()
    const body = change.body === null ? null : canonical(change.body)
    if (body !== null && digestOf(change.salt ?? '', body) !== change.digest) throw altered()
    before = { seq: change.seq, hash: headerHash(change) }
  }
  if (head === undefined || head.seq !== before?.seq || head.hash !== before.hash) throw altered()
}

const authorUnknown = (): AppError =>
  new AppError(
    'PACKAGE_WAITS',
    '数据包里有一台终端的记录，而本机还不认识那台终端。原样保留，等它加入中心的消息到了会自动导入。',
  )
