/** Centres for the end-to-end tests, made through the core's own routes in plain Node before a window is opened. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Output, RawInput, RouteName } from '../../domain/contract'
import type { ConfidentialCompartment } from '../../domain/compartments'
import { isAllowed, POST_COMPARTMENT, type Post } from '../../domain/posts'
import { ROUTES } from '../../domain/contract'
import { createCoreApp, type Core } from '../../electron/core/app'
import { createParserClient, createReaderClient } from '../../electron/core/child-client'
import { forkedChild } from '../../electron/core/child-fork'
import { projectRoot } from './electron'

/** Every invented person has this one. */
export const PASSWORD = 'xi-2026-qing'
export const CENTRE = '临溪镇社会矛盾纠纷调处化解中心'
export const ADMIN = { account: 'admin', name: '周管理' }

export interface Colleague {
  readonly account: string
  readonly name: string
  readonly posts: readonly Post[]
}

/** A core in this process, with one person at a time. */
export interface PlainCore {
  /** @throws Error with the route's message when it is refused */
  call<R extends RouteName>(route: R, input: RawInput<R>): Promise<Output<R>>
  signIn(account: string): Promise<void>
  path(path: string): string
  requestId(): string
  close(): Promise<void>
}

const CLIENT = 'preparation'

/** Opens a data folder with the built parser; close it before a window may open the folder. */
export async function plainCore(dataDir: string): Promise<PlainCore> {
  const parser = createParserClient(forkedChild('parser', join(projectRoot, 'out/parser/index.js')))
  const reader = createReaderClient(forkedChild('reader', join(projectRoot, 'out/core/reader.js')))
  const core: Core = await createCoreApp({
    dataDir,
    demo: false,
    appVersion: '0.1.0',
    clock: { now: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: () => undefined,
    parser,
    reader,
  })
  let info: Output<'session.sign_in'> | null = null
  const raw = async <R extends RouteName>(route: R, input: RawInput<R>): Promise<Output<R>> => {
    const result = await core.call(CLIENT, route, input)
    if (!result.ok) throw new Error(`${route}: ${result.error.code} ${result.error.message}`)
    return result.data as Output<R>
  }
  const enter = async (route: RouteName): Promise<void> => {
    const { permission } = ROUTES[route]
    if (info === null || isAllowed(permission, info.currentPost)) return
    const other = info.posts.find((held) => isAllowed(permission, held.post))
    if (other === undefined) return
    const opens = POST_COMPARTMENT[other.post] !== undefined
    info = await raw('session.switch_post', {
      postRowId: other.postRowId,
      ...(opens ? { password: PASSWORD } : {}),
    })
  }
  return {
    call: async (route, input) => {
      await enter(route)
      return raw(route, input)
    },
    signIn: async (account) => {
      info = await raw('session.sign_in', { account, password: PASSWORD })
    },
    path: (path) => core.grantPath(CLIENT, path),
    requestId: () => `prepared-${randomBytes(8).toString('hex')}`,
    close: async () => {
      reader.close()
      await core.close()
      parser.close()
    },
  }
}

export interface Prepared {
  readonly villageId: string
  /** Staff ids by account. */
  readonly staff: Readonly<Record<string, string>>
  readonly recoverySheet: string
}

/**
 * Founds a centre with colleagues, a village, a committee and, for each mediator, a place in the pool.
 * @param grants first holder (account) of a confidential compartment
 * @param more further preparation while the administrator is signed in
 */
export async function prepareCentre(
  dataDir: string,
  colleagues: readonly Colleague[],
  grants: Readonly<Partial<Record<ConfidentialCompartment, string>>> = {},
  more: (core: PlainCore, prepared: Prepared) => Promise<void> = () => Promise.resolve(),
): Promise<Prepared> {
  const core = await plainCore(dataDir)
  try {
    const { recoverySheet } = await core.call('setup.found', {
      centreName: CENTRE,
      areaCode: '999001000000',
      terminalName: '1号窗口',
      adminName: ADMIN.name,
      adminAccount: ADMIN.account,
      password: PASSWORD,
    })
    await core.signIn(ADMIN.account)
    const staff: Record<string, string> = {}
    for (const { account, name, posts } of colleagues) {
      const made = await core.call('staff.create', {
        requestId: core.requestId(),
        name,
        account,
        password: PASSWORD,
        posts: [...posts],
      })
      staff[account] = made.staffId
    }
    const unit = async (name: string, kind: string): Promise<string> => {
      const patch = { name, kind }
      return (await core.call('unit.save', { requestId: core.requestId(), basis: 0, id: null, patch })).id
    }
    const villageId = await unit('石埠村', 'village')
    await unit('河口村', 'village')
    const committeeId = await unit('临溪镇人民调解委员会', 'committee')
    for (const { account, posts } of colleagues.filter((one) => one.posts.includes('mediator'))) {
      await core.call('pool.save', {
        requestId: core.requestId(),
        basis: 0,
        staffId: staff[account] ?? '',
        patch: {
          fields: posts.includes('director') ? '' : '邻里、宅基地',
          orgUnitId: committeeId,
          active: true,
        },
      })
    }
    for (const [compartment, account] of Object.entries(grants)) {
      await core.call('grant.give_first', {
        compartment: compartment as ConfidentialCompartment,
        staffId: staff[account] ?? '',
        recoverySheet,
      })
    }
    const prepared = { villageId, staff, recoverySheet }
    await more(core, prepared)
    return prepared
  } finally {
    await core.close()
  }
}

/** Joins a new folder to a prepared centre, as three people with a stick would. */
export async function joinCentre(first: string, second: string, account: string): Promise<void> {
  const request = join(second, '..', 'join.request')
  const answer = join(second, '..', 'join.answer')
  const fresh = await plainCore(second)
  try {
    const asked = await fresh.call('join.request', {
      terminalName: '2号窗口',
      password: PASSWORD,
      out: fresh.path(request),
    })
    const admitting = await plainCore(first)
    try {
      await admitting.signIn(ADMIN.account)
      await admitting.call('join.answer', {
        request: admitting.path(request),
        checkWords: asked.checkWords,
        out: admitting.path(answer),
      })
    } finally {
      await admitting.close()
    }
    await fresh.call('join.finish', {
      answer: fresh.path(answer),
      password: PASSWORD,
      account,
      accountPassword: PASSWORD,
      confirmedWords: true,
    })
  } finally {
    await fresh.close()
  }
}
