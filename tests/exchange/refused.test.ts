import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ImportOutcome } from '../../domain/contract/exchange'
import { labelled, newPairs, signWith } from '../../db/keys/pairs'
import { newReplicaKeys } from '../../db/keys/replica'
import { signIntro } from '../../db/joining/intro'
import { headBytes } from '../../db/packages'
import { canonical, digestOf } from '../../db/replication/canonical'
import { headerHash, type Change } from '../../db/replication/change'
import type { ParserClient } from '../../electron/core/app-types'
import { createParserClient } from '../../electron/core/child-client'
import { forkedChild } from '../../electron/core/child-fork'
import { unpackPackage, type UnpackedPackage } from '../../electron/parser/package'
import { createCentre, exported, imported, visitInput, type Centre, type Seat } from '../helpers/terminals'
import { exchangeKeys, repack, unpacked } from './packages'

/** The real child without keys, as in the product. */
const child = forkedChild('parser', join(process.cwd(), 'out/parser/index.js'))
const patient = createParserClient(child)
const impatient = createParserClient(child, 1)
let limit: 'usual' | 'too short' = 'usual'
const parser: ParserClient = {
  parse: (task) => (limit === 'usual' ? patient : impatient).parse(task),
}
let centre: Centre
let there: Seat
let file: string
let good: Buffer
let before: string
let inside: UnpackedPackage
let sender: ReturnType<typeof exchangeKeys>
let receiver: ReturnType<typeof exchangeKeys>
const second = () => seconds[0] as Awaited<ReturnType<Centre['join']>>
const seconds: Awaited<ReturnType<Centre['join']>>[] = []

beforeAll(async () => {
  centre = await createCentre()
  seconds.push(await centre.join('second', { parser }))
  const wang = await centre.first.seat('wang')
  await wang.call('visit.register', visitInput('陈大山'))
  await wang.call('visit.register', visitInput('何秀英'))
  file = (await exported(wang, join(centre.root, 'out')))[0] ?? ''
  good = readFileSync(file)
  sender = exchangeKeys(centre.first.dataDir)
  receiver = exchangeKeys(second().dataDir)
  inside = await unpacked(file, receiver.identity)
  there = await second().seat('wang')
  before = await second().dump()
})
beforeEach(async () => {
  there = await second().seat('wang')
})
afterAll(async () => {
  await centre.dispose()
  patient.close()
  impatient.close()
})

let files = 0
/** What becomes of these bytes; in every case nothing of them may be in the data. */
async function refusedBytes(bytes: Uint8Array): Promise<ImportOutcome> {
  const path = join(centre.root, `bad-${(files += 1)}.mtp`)
  writeFileSync(path, bytes)
  const [outcome] = await imported(there, path)
  if (outcome === undefined) throw new Error('no outcome')
  expect(outcome.outcome).toBe('quarantined')
  expect(outcome.applied).toBe(0)
  expect(outcome.message).toMatch(/^[^a-zA-Z]*$/)
  expect(outcome.message).toMatch(/没有导入|没有被改动/)
  return outcome
}
const cleanStill = async () => {
  expect(await second().dump()).toBe(before)
  expect(await second().verify()).toEqual([])
}
const clone = (): UnpackedPackage => structuredClone(inside)
const recipients = () => [receiver.recipient]

test('cut at any length: named as incomplete, nothing applied', async () => {
  const lengths = [0, 1, 10, 21, 22, 23, 60, 100, 150, 200, 230, 260, 300, 400]
  for (let part = 1; part < 24; part++) lengths.push(Math.floor((good.length * part) / 24))
  for (const length of [...lengths, good.length - 1]) {
    const { message } = await refusedBytes(good.subarray(0, length))
    expect(message, `${length} of ${good.length}`).toMatch(/不完整|已损坏/)
  }
  await cleanStill()
})

test('a bit flipped anywhere: refused, nothing applied', async () => {
  for (let step = 0; step < 40; step++) {
    const bytes = Buffer.from(good)
    const at = Math.floor((good.length * step) / 40) + (step % 7)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (step % 8))
    await refusedBytes(bytes)
  }
  await cleanStill()
})

test('not a package, and a file under a package’s name', async () => {
  expect((await refusedBytes(Buffer.from('这是一张照片'))).message).toContain('不是本系统的数据包')
  await cleanStill()
})

test('another centre’s package, even one sealed to this terminal', async () => {
  const foreign = clone()
  const bytes = await repack(
    { ...foreign, manifest: { ...foreign.manifest, centre: 'another-centre' } },
    sender,
    recipients(),
  )
  expect((await refusedBytes(bytes)).message).toContain('另一个中心')
  await cleanStill()
})

test('a terminal that was never admitted', async () => {
  const terminal = newPairs()
  const keys = newReplicaKeys()
  const stranger = clone()
  const intro = signIntro(
    {
      ...inside.manifest.intro,
      terminal_id: 'stranger',
      replica: 'stranger-1',
      sign_public: keys.signPublic,
      recipient: keys.recipient,
    },
    (bytes) => signWith(terminal.signPrivate, bytes),
  )
  const manifest = { ...stranger.manifest, intro, sender: { terminal: 'stranger', replica: 'stranger-1' } }
  const bytes = await repack({ ...stranger, manifest }, keys, recipients())
  expect((await refusedBytes(bytes)).message).toContain('不认识的终端')
  // The same under the name of a terminal that is known.
  const borrowed = { ...manifest, intro: { ...intro, terminal_id: inside.manifest.sender.terminal } }
  borrowed.sender = { terminal: inside.manifest.sender.terminal, replica: 'stranger-1' }
  const second = await repack({ ...stranger, manifest: borrowed }, keys, recipients())
  expect((await refusedBytes(second)).message).toContain('不认识的终端')
  await cleanStill()
})

test('a manifest altered and sealed again without the sender’s signature', async () => {
  const forger = newReplicaKeys()
  const altered = clone()
  const manifest = { ...altered.manifest, knows: {}, number: 900 }
  const bytes = await repack({ ...altered, manifest }, forger, recipients())
  expect((await refusedBytes(bytes)).message).toContain('签名不对')
  await cleanStill()
})

/** A terminal of the centre that signs as itself, but makes up what another one wrote. */
const madeUp = (change: (one: Change) => Change): UnpackedPackage => {
  const forged = clone()
  const changes = (forged.changes as Change[]).map((one, index, all) =>
    index === all.length - 2 ? change(one) : one,
  )
  return { ...forged, changes }
}
const withBody = (one: Change, word: string): Change => {
  const body = { ...one.body, note: word }
  return { ...one, body, digest: digestOf(one.salt ?? '', canonical(body)) }
}

test('a relay can leave out, but not make up: bodies, headers, whole changes, unsigned ends', async () => {
  const body = madeUp((one) => ({ ...one, body: { ...one.body, note: '编造' } }))
  expect((await refusedBytes(await repack(body, sender, recipients()))).message).toContain('签名不符')
  const header = madeUp((one) => withBody(one, '编造'))
  expect((await refusedBytes(await repack(header, sender, recipients()))).message).toContain('签名不符')
  // One more change in the author's name, with a chain that fits and a head that its author did not sign.
  const longer = clone()
  const last = (longer.changes as Change[]).at(-1)
  if (last === undefined) throw new Error('nothing in it')
  const extra = withBody({ ...last, seq: last.seq + 1, prev: headerHash(last) }, '编造')
  const head = { seq: extra.seq, hash: headerHash(extra) }
  const changes = [...longer.changes, extra]
  expect((await refusedBytes(await repack({ ...longer, changes }, sender, recipients()))).message).toContain(
    '签名不符',
  )
  const forger = newPairs()
  const signature = labelled(signWith(forger.signPrivate, headBytes(extra.replica, head.seq, head.hash)))
  const heads = { ...longer.manifest.heads, [extra.replica]: { ...head, signature } }
  const lying = { ...longer, changes, manifest: { ...longer.manifest, heads } }
  expect((await refusedBytes(await repack(lying, sender, recipients()))).message).toContain('签名不符')
  const without = { ...longer, manifest: { ...longer.manifest, heads: {} } }
  expect((await refusedBytes(await repack(without, sender, recipients()))).message).toContain('签名不符')
  await cleanStill()
})

async function tarOf(entries: readonly (readonly [object, Uint8Array])[]): Promise<Uint8Array> {
  const tar = pack()
  for (const [header, bytes] of entries) tar.entry(header as { name: string }, Buffer.from(bytes))
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks))
}
function seal(bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(receiver.recipient)
  return encrypter.encrypt(bytes)
}

test('strange archives: paths, links, doubles, extras, too many, no archive, a bomb', async () => {
  const text = (value: string): Buffer => Buffer.from(value, 'utf8')
  const manifest = [{ name: 'manifest.json' }, text(JSON.stringify(inside.manifest))] as const
  const jws = [{ name: 'manifest.jws' }, text(inside.jws)] as const
  const lines = text(inside.changes.map((change) => JSON.stringify(change)).join('\n') + '\n')
  const changes = [{ name: 'changes.ndjson' }, lines] as const
  const strange = [
    [manifest, jws, changes, [{ name: '../../etc/passwd' }, text('x')]],
    [manifest, jws, changes, [{ name: '/tmp/evil' }, text('x')]],
    [manifest, jws, changes, [{ name: 'manifest.json', type: 'symlink', linkname: '/etc/passwd' }, text('')]],
    [manifest, jws, changes, [{ name: 'blobs', type: 'directory' }, text('')]],
    [manifest, manifest, jws, changes],
    [manifest, jws, changes, [{ name: `blobs/${'a'.repeat(64)}` }, text('x')]],
    [manifest, jws],
    [[{ name: 'manifest.json' }, text('{"format":"maotiao-package"}')], jws, changes],
    [[{ name: 'manifest.json' }, text('{'.repeat(100_000))], jws, changes],
    Array.from({ length: 70 }, (_, index) => [
      { name: `blobs/${createHash('sha256').update(String(index)).digest('hex')}` },
      text('x'),
    ]),
  ] as unknown as (readonly (readonly [object, Uint8Array])[])[]
  const reasons = [
    /不认识的文件/,
    /不认识的文件/,
    /不认识的文件/,
    /不认识的文件/,
    /不认识的文件/,
    /清单缺少条目/,
  ]
  reasons.push(/缺少必需的文件/, /清单格式不对/, /清单不可读/, /文件过多/)
  for (const [index, entries] of strange.entries()) {
    const bytes = await tarOf(entries)
    await expect(unpackPackage(bytes)).rejects.toThrow(reasons[index] ?? '')
    await refusedBytes(await seal(bytes))
  }
  await refusedBytes(await seal(text('no gzip at all')))
  await refusedBytes(await seal(gzipSync(text('no tar at all'.repeat(100)))))
  const part = gzipSync(Buffer.alloc(60 * 1024 * 1024), { level: 1 })
  const bomb = await seal(Buffer.concat(Array.from({ length: 10 }, () => part)))
  expect(bomb.length).toBeLessThan(4 * 1024 * 1024)
  await refusedBytes(bomb)
  await cleanStill()
})

test('a file over which the parser gives up is refused, the next one is taken in', async () => {
  limit = 'too short'
  const { message } = await refusedBytes(good)
  expect(message).toContain('已列入待查')
  limit = 'usual'
  await cleanStill()
})

test('the whole file, after all that', async () => {
  expect(await imported(there, file)).toMatchObject([{ outcome: 'applied', parked: 0 }])
  expect(await second().dump()).toBe(await centre.first.dump())
  expect(await second().verify()).toEqual([])
  expect((await there.call('exchange.status', {})).quarantined).toBeGreaterThan(0)
})
