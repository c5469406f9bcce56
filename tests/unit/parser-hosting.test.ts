import { afterEach, beforeAll, expect, it } from 'vitest'
import { bundleScript } from '../../build/build.mjs'
import type { ParserTask } from '../../electron/core/app-types'
import { createParserClient } from '../../electron/core/child-client'
import { forkedChild } from '../../electron/core/child-fork'

let entry = ''
beforeAll(async () => {
  entry = await bundleScript('tests/fixtures/parser-child.ts')
})
const clients: ReturnType<typeof createParserClient>[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})
function client(timeLimit?: number) {
  const made = createParserClient(forkedChild('parser', entry), timeLimit)
  clients.push(made)
  return made
}
const task = (kind: string): ParserTask => ({ kind, path: '/some/file' })

it('answers with cloned values, bytes included', async () => {
  expect(await client().parse(task('echo'))).toMatchObject({
    task: { kind: 'echo', path: '/some/file' },
    bytes: new Uint8Array([1, 2]),
  })
})

it('gives the child no password and no setting', async () => {
  process.env['MAOTIAO_PASSWORD'] = 'never-there'
  try {
    const { env } = (await client().parse(task('echo'))) as { env: string[] }
    expect(env).toContain('PATH')
    expect(env).not.toContain('MAOTIAO_PASSWORD')
    expect(env).not.toContain('HOME')
  } finally {
    delete process.env['MAOTIAO_PASSWORD']
  }
})

it('hands on our own refusals, and hides what a library says', async () => {
  const parser = client()
  await expect(parser.parse(task('refuse'))).rejects.toMatchObject({ code: 'FILE_FOREIGN', field: 'from' })
  const broken = await parser.parse(task('break')).then(
    () => null,
    (error: Error) => error,
  )
  expect(broken).toMatchObject({ code: 'FILE_DAMAGED' })
  expect(broken?.message).not.toContain('张三')
})

it('replaces a child that died, also by running out of memory', async () => {
  const parser = client()
  await expect(parser.parse(task('die'))).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  expect(await parser.parse(task('echo'))).toBeDefined()
  await expect(parser.parse(task('grow'))).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  expect(await parser.parse(task('echo'))).toBeDefined()
})

it('stops a task that takes too long, and serves those that waited behind it', async () => {
  const parser = client(1500)
  const late = parser.parse(task('sleep')).catch((error: { code: string }) => error.code)
  const behind = parser.parse(task('echo'))
  expect(await late).toBe('FILE_DAMAGED')
  expect(await behind).toBeDefined()
})
