/** A core of its own that saves and takes in packages until it is killed; each line it prints is a promise. */
import { randomBytes } from 'node:crypto'
import type { Output } from '../../domain/contract'
import { createCoreApp } from '../../electron/core/app'
import { unpackPackage } from '../../electron/parser/package'

export interface ChildTask {
  readonly dataDir: string
  readonly password: string
  /** Forms to save, oldest first; the first may have been saved by a run that was killed. */
  readonly forms: readonly string[]
  /** Packages to take in, in between. */
  readonly packages: readonly string[]
}

const task = JSON.parse(process.argv[2] ?? '{}') as ChildTask
const say = (word: string, what = ''): void => void process.stdout.write(`${word} ${what}\n`)
const core = await createCoreApp({
  dataDir: task.dataDir,
  demo: false,
  appVersion: '0.1.0',
  clock: { now: () => Date.parse('2026-03-02T10:00:00+08:00') },
  random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  log: (line) => say('log', line),
  parser: { parse: (given) => unpackPackage(given['bytes'] as Uint8Array) },
  reader: { run: () => Promise.reject(new Error('not asked for')) },
})
const call = async (route: string, input: object): Promise<unknown> => {
  const result = await core.call('child', route, input)
  if (result.ok) return result.data
  say('refused', `${route} ${result.error.code}`)
  throw new Error(route)
}
await call('session.sign_in', { account: 'wang', password: task.password })
say('ready')
const packages = [...task.packages]
for (const [index, requestId] of task.forms.entries()) {
  await call('visit.register', {
    requestId,
    basis: 0,
    patch: {
      person: { create: { name: '陈大山' } },
      wanted: '纠纷调解',
      description: requestId,
      way: 'people_mediation',
    },
  })
  say('saved', requestId)
  const path = index % 2 === 0 ? packages.shift() : undefined
  if (path === undefined) continue
  const answer = await call('exchange.import', { from: core.grantPath('child', path) })
  const { outcomes } = answer as Output<'exchange.import'>
  const taken = outcomes.every((one) => one.outcome === 'applied' || one.outcome === 'already')
  say(taken ? 'imported' : 'refused', path)
}
say('done')
await core.close()
