import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { reactive, ref } from 'vue'
import type { CoreEvent } from '../../domain/contract/events'
import type { Bridge } from '../../domain/contract/native'
import { AppError, type Result } from '../../domain/errors'
import { createConnection, plain } from '../../renderer/api/connection'

/** A window as far as the connection needs one: its own message events and its origin. */
class OwnMessages extends EventTarget {
  readonly location = { origin: 'app://maotiao' }
  deliver(data: unknown, ports: unknown[] = [], from: { source?: unknown; origin?: string } = {}): void {
    const event = new Event('message')
    Object.assign(event, {
      data,
      ports,
      source: from.source ?? this,
      origin: from.origin ?? this.location.origin,
    })
    this.dispatchEvent(event)
  }
}
interface Asked {
  id: number
  route: string
  input: unknown
}

const open: MessageChannel[] = []
afterEach(() => {
  for (const { port1, port2 } of open.splice(0)) {
    port1.close()
    port2.close()
  }
})

/** A window with a core at the other end that answers as told. */
function setUp(answer: (asked: Asked) => Result<unknown> | 'never', native?: Bridge['native']) {
  const own = new OwnMessages()
  const asked: Asked[] = []
  let connects = 0
  const bridge: Bridge = {
    connect: () => void (connects += 1),
    native: native ?? (() => Promise.resolve({ ok: true, data: null })),
  }
  const connection = createConnection(bridge, own as unknown as Window)
  const givePort = () => {
    const channel = new MessageChannel()
    open.push(channel)
    channel.port1.on('message', (request: Asked) => {
      asked.push(request)
      const result = answer(request)
      if (result !== 'never') channel.port1.postMessage({ id: request.id, result })
    })
    own.deliver({ maotiao: 'port' }, [channel.port2])
    return channel.port1
  }
  return { own, asked, connection, givePort, connects: () => connects }
}
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: AppError) => error.code,
  )

describe('asking the core', () => {
  it('connects at the first question, and keeps it until the port is there', async () => {
    const { connection, givePort, connects } = setUp(({ route }) => ({ ok: true, data: route }))
    expect(connects()).toBe(0)
    const answer = connection.request('setup.status', {})
    const other = connection.request('session.info', {})
    expect(connects()).toBe(1)
    givePort()
    expect(await answer).toBe('setup.status')
    expect(await other).toBe('session.info')
  })

  it('takes reactive objects of Vue, which cannot be cloned as they are', async () => {
    const { connection, givePort, asked } = setUp(() => ({ ok: true, data: null }))
    givePort()
    const form = reactive({ patch: { name: '张三', tags: ['a', { b: 1 }], empty: undefined, none: null } })
    await connection.request('person.save', { requestId: ref('r').value, ...form })
    expect(asked[0]?.input).toEqual({
      requestId: 'r',
      patch: { name: '张三', tags: ['a', { b: 1 }], none: null },
    })
    expect(Object.hasOwn((asked[0]?.input as typeof form).patch, 'empty')).toBe(false)
  })

  it('throws the core’s refusal as an AppError with its field and data', async () => {
    const error = {
      code: 'CHANGED_MEANWHILE',
      message: '两处都改过',
      field: 'patch.name',
      data: { a: 1 },
    } as const
    const { connection, givePort } = setUp(() => ({ ok: false, error }))
    givePort()
    const thrown = await connection.request('x', {}).catch((reason: unknown) => reason)
    expect(thrown).toBeInstanceOf(AppError)
    expect(thrown).toMatchObject(error)
  })

  it('hears events, and no longer after the end of the subscription', async () => {
    const { connection, givePort } = setUp(() => ({ ok: true, data: null }))
    const heard: CoreEvent[] = []
    const end = connection.onEvent((event) => heard.push(event))
    const port = givePort()
    port.postMessage({ event: { kind: 'locked' } })
    await connection.request('x', {})
    end()
    port.postMessage({ event: { kind: 'signed_out' } })
    await connection.request('x', {})
    expect(heard).toEqual([{ kind: 'locked' }])
  })
})

describe('a core that goes', () => {
  it('rejects every pending call when its port closes, and refuses new ones', async () => {
    const { connection, givePort } = setUp(() => 'never')
    const port = givePort()
    const lost = [codeOf(connection.request('a', {})), codeOf(connection.request('b', {}))]
    port.close()
    expect(await Promise.all(lost)).toEqual(['CORE_GONE', 'CORE_GONE'])
    expect(await codeOf(connection.request('c', {}))).toBe('CORE_GONE')
  })

  it('rejects when the main process says so, even if no port ever came', async () => {
    const { own, connection } = setUp(() => 'never')
    const heard: CoreEvent[] = []
    connection.onEvent((event) => heard.push(event))
    const waiting = codeOf(connection.request('a', {}))
    own.deliver({ maotiao: 'gone', restarting: false })
    expect(await waiting).toBe('CORE_GONE')
    expect(heard).toEqual([{ kind: 'core_gone', restarting: false }])
  })

  it('works again on a new port and says so; a lost call is not sent again', async () => {
    const { own, connection, givePort, asked } = setUp(({ route }) =>
      route === 'lost' ? 'never' : { ok: true, data: 1 },
    )
    const heard: CoreEvent['kind'][] = []
    connection.onEvent(({ kind }) => heard.push(kind))
    givePort()
    const lost = codeOf(connection.request('lost', {}))
    own.deliver({ maotiao: 'gone', restarting: true })
    expect(await lost).toBe('CORE_GONE')
    givePort()
    expect(await connection.request('again', {})).toBe(1)
    expect(asked.filter(({ route }) => route === 'lost').length).toBeLessThanOrEqual(1)
    expect(heard).toEqual(['core_gone', 'core_back'])
  })
})

describe('who is listened to', () => {
  it('takes no port from another window or origin', async () => {
    const { own, connection, asked } = setUp(() => ({ ok: true, data: 1 }))
    void codeOf(connection.request('secret', {}))
    for (const from of [{ source: {} }, { origin: 'https://elsewhere.example' }]) {
      const channel = new MessageChannel()
      open.push(channel)
      let got = 0
      channel.port1.on('message', () => (got += 1))
      own.deliver({ maotiao: 'port' }, [channel.port2], from)
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(got).toBe(0)
    }
    expect(asked).toEqual([])
  })
})

describe('asking the main process', () => {
  it('answers the value, or throws the refusal', async () => {
    const calls: unknown[] = []
    const { connection } = setUp(
      () => 'never',
      (name, input) => {
        calls.push([name, input])
        return Promise.resolve(
          name === 'app.quit'
            ? { ok: true, data: null }
            : { ok: false, error: { code: 'NOT_FOUND', message: '本机没有装打印机' } },
        )
      },
    )
    expect(await connection.native('app.quit', reactive({}))).toBe(null)
    await expect(connection.native('print.paper', {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(calls[0]).toEqual(['app.quit', {}])
  })
})

it('leaves plain values as they are', () => {
  for (const value of [null, 0, '', false, '文', 12.5]) expect(plain(value)).toBe(value)
  expect(plain([undefined])).toEqual([undefined])
})
