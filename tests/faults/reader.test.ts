/** Long reading in a process of its own: saves go on beside it, and the core outlives it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate as breath, setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleScript } from '../../build/build.mjs'
import { createReaderClient } from '../../electron/core/child-client'
import { forkedChild } from '../../electron/core/child-fork'
import { TEST_PASSWORD } from '../helpers/store'
import { createCentre, visitInput, type Centre, type Seat } from '../helpers/terminals'

let entry = ''
let reader: ReturnType<typeof createReaderClient>
let centre: Centre
let wang: Seat
let he: Seat
const save = (name: string) => wang.call('visit.register', visitInput(name))

beforeAll(async () => {
  entry = await bundleScript('electron/core/reader.ts')
  reader = createReaderClient(forkedChild('reader', entry))
  centre = await createCentre({ reader })
  await centre.grant('psych', 'chen')
  wang = await centre.first.seat('wang')
  he = await centre.first.seat('he')
  for (let number = 1; number <= 60; number += 1) await save(`来访${number}`)
}, 240_000)
afterAll(async () => {
  reader.close()
  await centre.dispose()
})

/** Does work of the core until the reading is over. @returns its answer and how often the work was done meanwhile */
async function beside<T>(
  reading: Promise<T>,
  work: (turn: number) => Promise<unknown>,
): Promise<[T, number]> {
  let over = false
  const watched = reading.finally(() => {
    over = true
  })
  // A refusal is the caller's to see at the end.
  watched.catch(() => undefined)
  let turns = 0
  for (;;) {
    // Answers of the child are heard between two turns.
    await breath()
    if (over) return [await watched, turns]
    await work(turns)
    turns += 1
  }
}

/** Process ids of readers that this process started. */
function readers(): number[] {
  try {
    const found = execFileSync('pgrep', ['-P', String(process.pid), '-f', entry], { encoding: 'utf8' })
    return found.trim().split('\n').map(Number)
  } catch {
    return []
  }
}
async function kill(): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const [pid] = readers()
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL')
      return
    }
    await pause(5)
  }
  throw new Error('no reader was started')
}

test('saves go on while everything is checked, and what is saved meanwhile is no deviation', async () => {
  const [checked, saved] = await beside(he.call('verify.run', {}), (turn) => save(`同时${turn}`))
  expect(saved).toBeGreaterThan(3)
  expect(checked).toEqual({ ok: true, lines: [expect.stringMatching(/完好$/)] })
})

test('the reader and the keys it was handed are gone after its task', async () => {
  await he.call('verify.run', {})
  await expect.poll(readers).toEqual([])
})

test('saves go on during a backup; a closed compartment is copied shut and not opened until it is done', async () => {
  const chen = await centre.first.seat('chen', 'clerk')
  const { posts } = await chen.call('session.info', {})
  const postRowId = posts.find((held) => held.post === 'psych_worker')?.postRowId ?? ''
  const enter = { postRowId, password: TEST_PASSWORD }
  const out = he.path(join(centre.root, 'backups'))
  const [{ files }, saved] = await beside(he.call('backup.make', { out }), async (turn) => {
    if (turn > 0) {
      await save(`备份时${turn}`)
      return
    }
    expect(await chen.refused('session.switch_post', enter)).toMatchObject({ code: 'IN_USE' })
    expect((await chen.call('session.info', {})).currentPost).toBe('clerk')
  })
  expect(saved).toBeGreaterThan(3)
  expect(files).toContainEqual({ compartment: 'base', verified: true })
  expect(files).toContainEqual({ compartment: 'psych', verified: false })
  expect((await chen.call('session.switch_post', enter)).currentPost).toBe('psych_worker')
})

test('a killed reader is told in words; the core lives on and starts another', async () => {
  const asked = he.refused('verify.run', {})
  await kill()
  const { code, message } = await asked
  expect([code, message]).toEqual([
    'UNEXPECTED',
    '备份或检查的后台程序中途停了，没有做完。已录入的内容都在，可以照常办理，请再做一次。',
  ])
  await save('照常')
  expect((await he.call('verify.run', {})).ok).toBe(true)
})

test('a closed client starts no reader any more', async () => {
  const other = createReaderClient(forkedChild('reader', entry))
  const task = { kind: 'verify', dataDir: centre.first.dataDir, compartments: [] } as const
  const under = other.run(task).catch((error: { code: string }) => error.code)
  const behind = other.run(task).catch((error: { code: string }) => error.code)
  other.close()
  expect(await Promise.all([under, behind])).toEqual(['UNEXPECTED', 'UNEXPECTED'])
})

test('what the file says crosses the border with its code', async () => {
  const compartments = [{ compartment: 'base', key: new Uint8Array(32) }] as const
  const task = { kind: 'verify', dataDir: centre.first.dataDir, compartments } as const
  await expect(reader.run(task)).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
})
