import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeApiProblem, readStartOptions } from '../../electron/main/start-options'

let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'maotiao-start-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))
const read = (...argv: string[]) =>
  readStartOptions(['/opt/electron', '/opt/app', ...argv], {
    userData: join(base, 'profile'),
    temp: base,
    cwd: base,
  })

describe('where the data lies', () => {
  it('is the profile’s own folder unless said otherwise', () => {
    expect(read()).toEqual({
      dataDir: join(base, 'profile', 'data'),
      demo: false,
      profileDir: join(base, 'profile'),
      temporaryDir: null,
    })
  })

  it('is the named folder, with a profile of its own', () => {
    const a = read('--data', join(base, 'a'))
    const b = read(`--data=${join(base, 'b')}`)
    expect([a.dataDir, b.dataDir]).toEqual([join(base, 'a'), join(base, 'b')])
    expect(a.profileDir).not.toBe(b.profileDir)
    expect(a.profileDir).not.toBe(read().profileDir)
  })

  it('is one folder under all its names, so that a second start finds the first', () => {
    mkdirSync(join(base, 'real'))
    symlinkSync(join(base, 'real'), join(base, 'link'))
    const names = [join(base, 'real'), 'real', './real/', join(base, 'link'), join(base, 'x', '..', 'real')]
    expect(new Set(names.map((name) => read('--data', name).profileDir)).size).toBe(1)
  })

  it('is a throw-away folder for the demonstration, unless one is named', () => {
    const demo = read('--demo')
    expect(demo.demo).toBe(true)
    expect(demo.temporaryDir).not.toBeNull()
    expect(existsSync(demo.temporaryDir ?? '')).toBe(true)
    expect(demo.dataDir.startsWith(demo.temporaryDir ?? 'none')).toBe(true)
    expect(demo.profileDir).not.toBe(read().profileDir)
    expect(read('--demo', '--data', join(base, 'kept'))).toMatchObject({ demo: true, temporaryDir: null })
  })

  it('takes no switch for a folder', () => {
    expect(read('--data', '--demo')).toMatchObject({ demo: true })
    expect(existsSync(join(base, '--demo'))).toBe(false)
  })
})

describe('a runtime that is too old', () => {
  it('is told in Chinese with what it has and what it needs', () => {
    expect(nodeApiProblem('9', 'packaged')).toMatch(/太旧.*Node-API 9.*10/)
    expect(nodeApiProblem('8', 'development')).toMatch(/Node-API 8/)
    expect(nodeApiProblem(undefined, 'development')).toMatch(/Node-API 0/)
  })
  it('passes what fits', () => {
    expect(nodeApiProblem('10', 'packaged')).toBeNull()
    expect(nodeApiProblem('9', 'development')).toBeNull()
  })
})
