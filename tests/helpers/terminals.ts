/** Terminals of one centre in plain Node: real encrypted files, the production core, people who call its routes. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Compartment } from '../../domain/compartments'
import type { Output, RawInput, RouteName } from '../../domain/contract'
import type { ImportOutcome } from '../../domain/contract/exchange'
import type { ErrorBody, Result } from '../../domain/errors'
import { POST_COMPARTMENT, type Post } from '../../domain/posts'
import { recoverySheetText } from '../../domain/documents/recoverySheet'
import { makeJoinRequest } from '../../db/joining/request'
import { closeStore } from '../../db/open'
import { createCoreApp, type Core } from '../../electron/core/app'
import type { ParserClient, ReaderClient } from '../../electron/core/app-types'
import { readLong } from '../../electron/core/reader-tasks'
import { unpackPackage } from '../../electron/parser/package'
import { testClock, type TestClock } from './clock'
import { createTestCentre, TEST_COST, TEST_PASSWORD, testFolder } from './store'

/** Unpacks in this process: for tests in which the border of the process is not the point. */
export const parserHere: ParserClient = {
  parse: (task) => unpackPackage(task['bytes'] as Uint8Array),
}

/** Reads in this process, blocking it. */
const readerHere: ReaderClient = {
  run: (async (task) => readLong(structuredClone(task))) as ReaderClient['run'],
}

/** Everybody who works in the invented centre, by account. */
export const PEOPLE = {
  admin: ['administrator'],
  wang: ['clerk'],
  he: ['director'],
  li: ['mediator'],
  chen: ['psych_worker', 'clerk'],
  sun: ['roster_officer'],
  tao: ['child_officer'],
  zhou: ['auditor'],
  lu: ['leader'],
  shi: ['reviewer'],
} as const satisfies Record<string, readonly Post[]>
export type Account = keyof typeof PEOPLE

/** One person at one window of a terminal. */
export interface Seat {
  readonly client: string
  /** @returns the route's data. @throws Error with code and message when it is refused */
  call<R extends RouteName>(route: R, input: RawInput<R>): Promise<Output<R>>
  /** @returns the refusal. @throws Error when nothing is refused */
  refused(route: RouteName, input: unknown): Promise<ErrorBody>
  raw(route: string, input: unknown): Promise<Result<unknown>>
  /** Token of a path that the person chose. */
  path(path: string): string
}

export interface Terminal {
  readonly dataDir: string
  readonly core: Core
  /** Signs an account in at a window of its own, in the given post. */
  seat(account: Account, post?: Post): Promise<Seat>
  /** Ends the core; `reopen` starts another on the same folder. */
  close(): Promise<void>
  reopen(): Promise<void>
  /** The logical dump, as somebody who may make it. */
  dump(compartment?: Compartment): Promise<string>
  /** Problems that `verify` finds as a director (and in the compartments of the given accounts); empty when clean. */
  verify(): Promise<readonly string[]>
}

/** Who may make a compartment's dump. */
const KEEPERS: Readonly<Record<Compartment, readonly [Account, Post]>> = {
  base: ['he', 'director'],
  psych: ['chen', 'psych_worker'],
  roster: ['sun', 'roster_officer'],
  children: ['tao', 'child_officer'],
}

let counter = 0
/** Different for every form, as windows make them. */
export const requestId = (): string => `form-${(counter += 1).toString().padStart(8, '0')}`

const failed = (route: string, error: ErrorBody): Error =>
  new Error(`${route}: ${error.code} ${error.message}`)

function seatAt(core: () => Core, client: string): Seat {
  const raw: Seat['raw'] = (route, input) => core().call(client, route, input)
  return {
    client,
    raw,
    call: async (route, input) => {
      const result = await raw(route, input)
      if (!result.ok) throw failed(route, result.error)
      return result.data as Output<typeof route>
    },
    refused: async (route, input) => {
      const result = await raw(route, input)
      if (result.ok) throw new Error(`${route} was not refused: ${JSON.stringify(result.data)}`)
      return result.error
    },
    path: (path) => core().grantPath(client, path),
  }
}

export interface OpenTerminal {
  readonly dataDir: string
  readonly clock: TestClock
  readonly parser?: ParserClient
  readonly reader?: ReaderClient
  readonly log?: (line: string) => void
}

export async function openTerminal(options: OpenTerminal): Promise<Terminal> {
  const start = (): Promise<Core> =>
    createCoreApp({
      dataDir: options.dataDir,
      demo: false,
      appVersion: '0.1.0',
      clock: options.clock,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      log: options.log ?? (() => undefined),
      parser: options.parser ?? parserHere,
      reader: options.reader ?? readerHere,
    })
  let core = await start()
  let open = true
  const terminal: Terminal = {
    dataDir: options.dataDir,
    get core() {
      return core
    },
    seat: async (account, post) => {
      const one = seatAt(() => core, `${account}-${(counter += 1)}`)
      const info = await one.call('session.sign_in', { account, password: TEST_PASSWORD })
      if (post === undefined || info.currentPost === post) return one
      const held = info.posts.find((row) => row.post === post)
      if (held === undefined) throw new Error(`${account} does not hold ${post}`)
      const opens = POST_COMPARTMENT[post] !== undefined
      await one.call('session.switch_post', {
        postRowId: held.postRowId,
        ...(opens ? { password: TEST_PASSWORD } : {}),
      })
      return one
    },
    close: async () => {
      if (!open) return
      open = false
      await core.close()
    },
    reopen: async () => {
      await terminal.close()
      core = await start()
      open = true
    },
    dump: async (compartment = 'base') => {
      const one = await terminal.seat(...KEEPERS[compartment])
      const text = [...core.dump(one.client, compartment)].join('\n')
      await one.call('session.sign_out', {})
      return text
    },
    verify: async () => {
      const one = await terminal.seat('he')
      const { ok, lines } = await one.call('verify.run', {})
      await one.call('session.sign_out', {})
      return ok ? [] : lines
    },
  }
  return terminal
}

export interface Centre {
  readonly root: string
  readonly clock: TestClock
  readonly recoverySheet: string
  readonly staff: Readonly<Record<Account, string>>
  readonly first: Terminal
  /** Joins another terminal to the centre through the first one. */
  join(name: string, options?: Partial<OpenTerminal>): Promise<Terminal>
  /** Grants a compartment's first holder with the recovery sheet. */
  grant(compartment: 'psych' | 'roster' | 'children', account: Account): Promise<void>
  /** Closes every terminal and removes the folder. */
  dispose(): Promise<void>
}

/** A founded centre with everybody of PEOPLE, signed out. */
export async function createCentre(options: Partial<OpenTerminal> = {}): Promise<Centre> {
  const folder = testFolder()
  const root = folder.path
  const clock = options.clock ?? testClock()
  const dataDir = join(root, 'first')
  mkdirSync(dataDir)
  const founded = createTestCentre({ folder: dataDir, clock, seed: randomBytes(8).toString('hex') })
  const staff: Record<string, string> = { admin: founded.admin.staffId }
  for (const [account, posts] of Object.entries(PEOPLE)) {
    if (account !== 'admin') staff[account] = founded.addStaff(account, posts).account.staffId
  }
  closeStore(founded.base)
  const recoverySheet = recoverySheetText('测试中心', '2026-03-02', founded.recoverySecret)
  const first = await openTerminal({ ...options, dataDir, clock })
  const terminals = [first]
  return {
    root,
    clock,
    recoverySheet,
    staff: staff as Record<Account, string>,
    first,
    grant: async (compartment, account) => {
      const admin = await first.seat('admin', 'administrator')
      await admin.call('grant.give_first', { compartment, staffId: staff[account] ?? '', recoverySheet })
      await admin.call('session.sign_out', {})
    },
    join: async (name, more = {}) => {
      const own = join(root, name)
      const request = join(root, `${name}.request`)
      const answer = join(root, `${name}.answer`)
      const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
      const asked = makeJoinRequest({
        dataDir: own,
        terminalName: name,
        password: TEST_PASSWORD,
        random,
        cost: TEST_COST,
      })
      writeFileSync(request, asked.bytes)
      const admin = await first.seat('admin', 'administrator')
      await admin.call('join.answer', {
        request: admin.path(request),
        checkWords: asked.checkWords,
        out: admin.path(answer),
      })
      await admin.call('session.sign_out', {})
      const terminal = await openTerminal({ clock, ...more, dataDir: own })
      terminals.push(terminal)
      const nobody = seatAt(() => terminal.core, 'joining')
      await nobody.call('join.finish', {
        answer: nobody.path(answer),
        password: TEST_PASSWORD,
        account: 'admin',
        accountPassword: TEST_PASSWORD,
        confirmedWords: true,
      })
      return terminal
    },
    dispose: async () => {
      for (const terminal of terminals) await terminal.close()
      folder.remove()
    },
  }
}

/** A visit with a new matter, as the counter enters it. */
export function visitInput(name: string, more: object = {}): RawInput<'visit.register'> {
  return {
    requestId: requestId(),
    basis: 0,
    patch: {
      person: { create: { name } },
      wanted: '纠纷调解',
      description: `${name}家屋后排水沟被堵`,
      way: 'people_mediation',
      ...more,
    },
  }
}

/** What `sealed.send` takes. */
export function sealedInput(name: string, more: object = {}): RawInput<'sealed.send'> {
  const form = { name, need: '夜里睡不着，想找人说说', consent: 'given', ...more }
  return { requestId: requestId(), compartment: 'psych', form: form as RawInput<'sealed.send'>['form'] }
}

/** Exports into a new folder of its own. @returns the paths of the files made */
export async function exported(seat: Seat, folder: string, to = 'centre'): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const { files } = await seat.call('exchange.export', { to, out: seat.path(folder) })
  return files.map((name) => join(folder, name))
}

export async function imported(seat: Seat, path: string): Promise<readonly ImportOutcome[]> {
  return (await seat.call('exchange.import', { from: seat.path(path) })).outcomes
}
