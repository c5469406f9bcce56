import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signIn } from '../../db/accounts/account'
import { giveFirstGrant } from '../../db/accounts/grants'
import { answerJoin } from '../../db/joining/answer'
import { finishJoin, inspectAnswer } from '../../db/joining/finish'
import { foundCentre } from '../../db/joining/found'
import { endorseReplica, trustedReplicas } from '../../db/joining/intro'
import { joiningStatus, makeJoinRequest, readJoinRequest, wordsFor } from '../../db/joining/request'
import { readKeysFile, RECOVERY } from '../../db/keys/file'
import { recoveryPairs } from '../../db/keys/pairs'
import { sealTo } from '../../db/keys/seal'
import { openSlots } from '../../db/keys/slots'
import { closeStore, openHeld } from '../../db/open'
import { applyChanges } from '../../db/replication/apply'
import { logicalDump } from '../../db/replication/dump'
import { changesSince, knownVector } from '../../db/replication/vector'
import { verifyStore } from '../../db/replication/verify'
import { insertRow } from '../../db/rows'
import { sql } from '../../db/sql'
import type { Store } from '../../db/store'
import { writeTx } from '../../db/transaction'
import { codeIn, refusal } from '../helpers/errors'
import { createTestCentre, TEST_COST, TEST_PASSWORD, testFolder, type TestCentre } from '../helpers/store'

const WAITING = '等候密码-1'
let centre: TestCentre
let folder: ReturnType<typeof testFolder>
beforeEach(() => {
  centre = createTestCentre()
  folder = testFolder()
})
afterEach(() => {
  centre.dispose()
  folder.remove()
})

const request = (dataDir = folder.path) =>
  makeJoinRequest({
    dataDir,
    terminalName: '二号窗口',
    password: WAITING,
    random: centre.random,
    cost: TEST_COST,
  })
const answer = (bytes: Uint8Array, words: string) => answerJoin(centre.base, centre.adminActor, bytes, words)
const finish = (bytes: Uint8Array, accountPassword = TEST_PASSWORD) =>
  finishJoin({
    dataDir: folder.path,
    answer: bytes,
    password: WAITING,
    account: 'admin',
    accountPassword,
    clock: centre.clock,
    random: centre.random,
  })
const openJoined = (): Store => {
  const { clock, random } = centre
  const dataDir = folder.path
  const { account, baseKeys } = signIn({
    dataDir,
    account: 'admin',
    password: TEST_PASSWORD,
    clock,
    uptime: () => 9000,
  })
  expect(account.staffId).toBe(centre.admin.staffId)
  return openHeld({ dataDir, compartment: 'base', keys: baseKeys, clock, random }).store
}
const dump = (store: Store): string => [...logicalDump(store.db, store.compartment)].join('\n')

const addPerson = (store: Store, name: string, actor = centre.adminActor): string =>
  writeTx(store, actor, (tx) => insertRow(tx, 'setting', { name, value: name }))

test('request, words, answer, words, finish: the same rows, the next number, nothing lost on the way back', () => {
  addPerson(centre.base, '之前')
  const made = request()
  expect(joiningStatus(folder.path)).toEqual({ terminalName: '二号窗口', checkWords: made.checkWords })
  const given = answer(made.bytes, made.checkWords)
  expect(given).toMatchObject({ terminalNumber: '02', terminalName: '二号窗口' })
  const seen = inspectAnswer(folder.path, given.bytes, WAITING)
  expect(seen).toMatchObject({ terminalNumber: '02', centreWords: given.centreWords })
  finish(given.bytes)
  expect(joiningStatus(folder.path)).toBeNull()
  expect(existsSync(join(folder.path, 'joining.json'))).toBe(false)
  const joined = openJoined()
  expect(dump(joined)).toBe(dump(centre.base))
  expect(dump(joined)).toContain('之前')
  expect(joined).toMatchObject({ terminalNumber: '02', centreId: centre.centreId })
  expect(joined.replica).not.toBe(centre.base.replica)
  expect(verifyStore(joined)).toEqual([])
  expect(knownVector(joined.db)).toEqual(knownVector(centre.base.db))
  // Both go on, and take in what the other did.
  addPerson(centre.base, '一号写的')
  addPerson(joined, '二号写的')
  applyChanges(centre.base, changesSince(joined.db, knownVector(centre.base.db)), { received: 1 })
  applyChanges(joined, changesSince(centre.base.db, knownVector(joined.db)), { received: 1 })
  expect(dump(joined)).toBe(dump(centre.base))
  expect(dump(joined)).toContain('一号写的')
  const replicas = trustedReplicas(centre.base, 'base').map((one) => one.replica)
  expect(replicas.sort()).toEqual([joined.replica, centre.base.replica].sort())
  closeStore(joined)
})

test('a holder gets the keys of the new terminal’s files, an administrator does not', () => {
  const holder = centre.addStaff('chen', ['psych_worker'])
  writeTx(centre.base, centre.adminActor, (tx) => {
    giveFirstGrant(tx, recoveryPairs(centre.recoverySecret), 'psych', holder.account.staffId)
  })
  const made = request()
  finish(answer(made.bytes, made.checkWords).bytes)
  const file = readKeysFile(folder.path)
  const { clock, random } = centre
  const keys = holder.account.compartmentKeys(file, 'psych')
  expect(keys).toHaveLength(1)
  expect(holder.account.compartmentKeys(file, 'roster')).toEqual([])
  expect(centre.admin.compartmentKeys(file, 'psych')).toEqual([])
  expect(openSlots(file, 'psych', RECOVERY, recoveryPairs(centre.recoverySecret).boxPrivate)).toEqual(keys)
  const joined = openJoined()
  const psych = openHeld({ dataDir: folder.path, compartment: 'psych', keys, clock, random }).store
  const endorsed = () => trustedReplicas(joined, 'psych').map((one) => one.endorsed)
  expect(endorsed()).toEqual([false, false])
  endorseReplica(joined, psych, centre.adminActor, centre.admin)
  expect(endorsed()).toEqual([false, false])
  const intro = trustedReplicas(joined, 'psych').find((one) => one.replica === psych.replica)
  if (intro === undefined) throw new Error('not introduced')
  const { endorsed: _, ...told } = intro
  writeTx(joined, centre.adminActor, (tx) => {
    const forged = `ed25519.${centre.admin.sign(Buffer.from('我说可以'))}`
    insertRow(tx, 'replica_intro', { ...told, holder_id: holder.account.staffId, holder_signature: forged })
  })
  expect(endorsed()).toEqual([false, false])
  endorseReplica(joined, psych, holder.actor, holder.account)
  expect(endorsed().filter(Boolean)).toEqual([true])
  closeStore(psych)
  closeStore(joined)
})

test('wrong words: refused, nothing written, and the right ones are not told', () => {
  const made = request()
  const before = dump(centre.base)
  const words = made.checkWords.split(' ')
  const swapped = [words[1], words[0], ...words.slice(2)].join(' ')
  const error = refusal(() => answer(made.bytes, swapped))
  expect(error.code).toBe('CHECK_WORDS_WRONG')
  expect(words.filter((word) => error.message.includes(word))).toEqual([])
  expect(codeIn(() => answer(made.bytes, '胡说 八道'))).toBe('CHECK_WORDS_WRONG')
  expect(dump(centre.base)).toBe(before)
  expect(centre.base.db.get<{ n: number }>(sql`SELECT count(*) AS n FROM terminal`)?.n).toBe(1)
})

test('a request exchanged on the way has other words; an altered one is refused', () => {
  const made = request()
  const other = testFolder()
  const forged = request(other.path)
  expect(codeIn(() => answer(forged.bytes, made.checkWords))).toBe('CHECK_WORDS_WRONG')
  const text = Buffer.from(made.bytes).toString('utf8').replace('二号窗口', '三号窗口')
  expect(codeIn(() => readJoinRequest(Buffer.from(text)))).toBe('PACKAGE_ALTERED')
  expect(codeIn(() => readJoinRequest(Buffer.from('{}')))).toBe('FILE_FOREIGN')
  expect(codeIn(() => readJoinRequest(Buffer.from('随便')))).toBe('FILE_FOREIGN')
  other.remove()
})

test('the same request answered twice keeps its number; the next terminal gets the next', () => {
  const made = request()
  expect(answer(made.bytes, made.checkWords).terminalNumber).toBe('02')
  expect(answer(made.bytes, made.checkWords).terminalNumber).toBe('02')
  const other = testFolder()
  const next = request(other.path)
  expect(answer(next.bytes, next.checkWords).terminalNumber).toBe('03')
  other.remove()
})

test('answers for another request, altered, foreign, or with a wrong password leave the folder waiting', () => {
  const made = request()
  const given = answer(made.bytes, made.checkWords)
  expect(codeIn(() => inspectAnswer(folder.path, given.bytes, '错的密码'))).toBe('WRONG_PASSWORD')
  expect(codeIn(() => inspectAnswer(folder.path, made.bytes, WAITING))).toBe('FILE_FOREIGN')
  const text = Buffer.from(given.bytes).toString('utf8')
  const at = Math.floor(text.length / 2)
  const altered = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  expect(codeIn(() => inspectAnswer(folder.path, Buffer.from(altered), WAITING))).toBe('PACKAGE_NOT_FOR_US')
  const { boxPublic } = readJoinRequest(made.bytes)
  const forged = { format: 'maotiao-join-answer', sealed: sealTo(boxPublic, gzipSync('{"body":"{}"}')) }
  const bytes = Buffer.from(JSON.stringify(forged))
  expect(codeIn(() => inspectAnswer(folder.path, bytes, WAITING))).toBe('PACKAGE_ALTERED')
  expect(codeIn(() => finish(given.bytes, '错的密码'))).toBe('WRONG_PASSWORD')
  expect(readdirSync(folder.path)).toEqual(['joining.json'])
  request()
  expect(codeIn(() => inspectAnswer(folder.path, given.bytes, WAITING))).toBe('PACKAGE_NOT_FOR_US')
})

test('another centre’s answer opens, but its words are not those on the admitting screen', () => {
  const made = request()
  const real = answer(made.bytes, made.checkWords)
  const other = createTestCentre({ seed: 'other' })
  const false_ = answerJoin(other.base, other.adminActor, made.bytes, made.checkWords)
  expect(inspectAnswer(folder.path, false_.bytes, WAITING).centreWords).not.toBe(real.centreWords)
  other.dispose()
})

test('neither file tells a carrier anything of the centre, and no waiting key is in clear', () => {
  const made = request()
  const given = answer(made.bytes, made.checkWords)
  expect(Buffer.from(given.bytes).toString('utf8')).not.toContain('青石镇')
  const waiting = readFileSync(join(folder.path, 'joining.json'), 'utf8')
  expect(waiting).not.toContain('AGE-SECRET')
  expect(wordsFor(made.bytes)).toBe(made.checkWords)
})

test('only the admitting terminal admits, and a folder that has a centre neither joins nor founds', () => {
  const made = request()
  finish(answer(made.bytes, made.checkWords).bytes)
  const joined = openJoined()
  const other = testFolder()
  const next = request(other.path)
  expect(codeIn(() => answerJoin(joined, centre.adminActor, next.bytes, next.checkWords))).toBe('FORBIDDEN')
  closeStore(joined)
  expect(codeIn(() => request())).toBe('ALREADY_SET_UP')
  const { clock, random } = centre
  const again = () =>
    foundCentre({
      dataDir: folder.path,
      centreName: '另一个',
      areaCode: '990000101000',
      terminalName: '一号',
      adminName: '甲',
      adminAccount: 'jia',
      password: TEST_PASSWORD,
      clock,
      random,
      cost: TEST_COST,
    })
  expect(codeIn(again)).toBe('ALREADY_SET_UP')
  other.remove()
})
