import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Manifest } from '../../domain/contract/package'
import { auditHead } from '../../db/audit'
import { verifySignature } from '../../db/keys/pairs'
import { trustedReplicas } from '../../db/joining/intro'
import { headBytes } from '../../db/packages'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { receiversOf } from '../../electron/core/exchange/directory'
import { createCentre, exported, imported, sealedInput, visitInput } from '../helpers/terminals'
import type { Centre, Terminal } from '../helpers/terminals'
import { exchangeKeys, lookInto } from './packages'

let centre: Centre
let second: Terminal
beforeAll(async () => {
  centre = await createCentre()
  await centre.grant('psych', 'chen')
  second = await centre.join('second')
})
afterAll(() => centre.dispose())

interface Opened {
  readonly folder: string
  readonly manifestBytes: Buffer
  readonly manifest: Manifest
  readonly lines: readonly Record<string, unknown>[]
}
/** As a stranger to this program would: Debian's own tools and an identity in a text file. */
function openWithTools(file: string, identity: string, name: string): Opened {
  const folder = join(centre.root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'identity.txt'), `${identity}\n`)
  execFileSync('age', ['-d', '-i', join(folder, 'identity.txt'), '-o', join(folder, 'inside.tar.gz'), file])
  execFileSync('tar', ['xzf', 'inside.tar.gz'], { cwd: folder })
  const manifestBytes = readFileSync(join(folder, 'manifest.json'))
  const text = readFileSync(join(folder, 'changes.ndjson'), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '')
  return {
    folder,
    manifestBytes,
    manifest: JSON.parse(manifestBytes.toString('utf8')) as Manifest,
    lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

test('a package opens with age and tar; hashes, signatures and the audit head are as documented', async () => {
  const wang = await centre.first.seat('wang')
  await wang.call('visit.register', visitInput('陈大山'))
  const [file] = await exported(wang, join(centre.root, 'tools'))
  const bytes = readFileSync(file ?? '')
  expect(bytes.subarray(0, 22).toString('latin1')).toBe('age-encryption.org/v1\n')
  expect(bytes.includes('陈大山')).toBe(false)
  const { folder, manifest, manifestBytes, lines } = openWithTools(
    file ?? '',
    exchangeKeys(second.dataDir).identity,
    'opened',
  )
  const changes = readFileSync(join(folder, 'changes.ndjson'))
  expect(manifest.entries).toEqual({
    'changes.ndjson': { sha256: createHash('sha256').update(changes).digest('hex'), bytes: changes.length },
  })
  expect(lines).toHaveLength(manifest.changes)
  expect(JSON.stringify(lines)).toContain('陈大山')
  // The detached JWS, with nothing of ours.
  const [header = '', middle, signature = ''] = readFileSync(join(folder, 'manifest.jws'), 'ascii').split('.')
  expect(JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))).toMatchObject({ alg: 'EdDSA' })
  expect(middle).toBe('')
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: manifest.intro.sign_public },
    format: 'jwk',
  })
  const signed = Buffer.from(`${header}.${manifestBytes.toString('base64url')}`)
  expect(verify(null, signed, key, Buffer.from(signature, 'base64url'))).toBe(true)
  // Every author's end of chain carries the author's own signature.
  lookInto(centre.first.dataDir, 'base', ({ db }) => {
    const signers = new Map(
      trustedReplicas({ db } as Store, 'base').map((one) => [one.replica, one.sign_public]),
    )
    expect(Object.keys(manifest.heads)).toContain(manifest.sender.replica)
    for (const [replica, head] of Object.entries(manifest.heads)) {
      const bytes = headBytes(replica, head.seq, head.hash)
      expect(verifySignature(signers.get(replica) ?? '', bytes, head.signature)).toBe(true)
    }
    const entries = db.all<{ hash: string }>(sql`SELECT hash FROM audit_entry ORDER BY seq DESC LIMIT 3`)
    expect(entries.map((row) => row.hash)).toContain(manifest.audit_head)
    expect(auditHead(db)).toMatch(/^sha256\./)
  })
  const recipients = bytes.toString('latin1').match(/-> X25519/g)
  expect(recipients).toHaveLength(1)
})

test('age’s own writing is read: a package sealed anew by the tool is taken in', async () => {
  const wang = await centre.first.seat('wang')
  await wang.call('visit.register', visitInput('何秀英'))
  const [file] = await exported(wang, join(centre.root, 'again'), 'second')
  const keys = exchangeKeys(second.dataDir)
  const { folder } = openWithTools(file ?? '', keys.identity, 'sealed')
  const path = join(folder, 'anew')
  execFileSync('age', ['-r', keys.recipient, '-o', path, join(folder, 'inside.tar.gz')])
  const there = await second.seat('wang')
  expect(await imported(there, path)).toMatchObject([{ outcome: 'applied', parked: 0 }])
  expect(await second.dump()).toBe(await centre.first.dump())
})

test('a confidential replica is a recipient only after a holder there has endorsed it', async () => {
  const wang = await centre.first.seat('wang')
  await wang.call('sealed.send', sealedInput('金丝雀甲'))
  const chen = await centre.first.seat('chen', 'psych_worker')
  const receivers = () =>
    lookInto(centre.first.dataDir, 'base', ({ db }) =>
      lookInto(centre.first.dataDir, 'psych', (psych) => {
        const replica = db.get<{ replica: string }>(sql`SELECT i.replica FROM replica_intro i
          JOIN terminal t ON t.id = i.terminal_id WHERE i.compartment = 'psych' AND t.number = '01'`)
        const store = { ...psych, replica: replica?.replica } as unknown as Store
        const base = { db, centreId: inCentre(db) } as unknown as Store
        return receiversOf(base, store, 'centre')
      }),
    )
  const inCentre = (db: Store['db'] | Parameters<typeof auditHead>[0]): string =>
    db.get<{ id: string }>(sql`SELECT id FROM centre`)?.id ?? ''
  expect(receivers()).toEqual([])
  const alone = await exported(chen, join(centre.root, 'unendorsed'))
  expect(alone).toHaveLength(1)
  const there = await second.seat('wang')
  await imported(there, alone[0] ?? '')
  const holder = await second.seat('chen', 'psych_worker')
  const back = await exported(holder, join(centre.root, 'endorsing'))
  // Base tells that the psych replica there is endorsed; psych itself has two sides now.
  await imported(chen, back[0] ?? '')
  expect(receivers()).toHaveLength(1)
  const both = await exported(chen, join(centre.root, 'endorsed'))
  expect(both).toHaveLength(2)
  const outcomes = []
  for (const file of both) outcomes.push(...(await imported(holder, file)))
  expect(outcomes.map((one) => one.outcome)).toEqual(['applied', 'applied'])
  expect(await second.dump('psych')).toBe(await centre.first.dump('psych'))
  expect(await second.dump('psych')).toContain('金丝雀甲')
})

test('a confidential package comes while nobody there has the list open: it waits for the holder', async () => {
  const wang = await centre.first.seat('wang')
  await wang.call('sealed.send', sealedInput('金丝雀乙'))
  const chen = await centre.first.seat('chen', 'psych_worker')
  const files = await exported(chen, join(centre.root, 'closed'))
  await second.reopen()
  const other = await second.seat('sun')
  const outcomes = []
  for (const file of files) outcomes.push(...(await imported(other, file)))
  expect(outcomes.map((one) => one.outcome).sort()).toEqual(['applied', 'waits'])
  const holder = await second.seat('chen', 'psych_worker')
  expect((await holder.call('exchange.status', {})).waiting).toBe(1)
  const again = await imported(holder, files[0] ?? '')
  expect(again.map((one) => one.outcome).sort()).toEqual(['already', 'applied'])
  expect((await holder.call('exchange.status', {})).waiting).toBe(0)
  expect(await second.dump('psych')).toBe(await centre.first.dump('psych'))
})
