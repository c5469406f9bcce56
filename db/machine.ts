/** Which machine and which folder this is, as one hash: a copied folder has another one. */
import { execFileSync } from 'node:child_process'
import { readFileSync, statfsSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { sha256Hex } from './keys/encoding'

function machineId(): string {
  try {
    if (process.platform === 'linux') return readFileSync('/etc/machine-id', 'utf8').trim()
    if (process.platform === 'win32') {
      const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography'
      return execFileSync('reg', ['query', key, '/v', 'MachineGuid'], { encoding: 'utf8', windowsHide: true })
    }
    return execFileSync('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('IOPlatformUUID'))
      .join()
  } catch {
    return hostname()
  }
}

/** FAT, exFAT and FUSE give a folder another number at every mounting: there the number says nothing. */
const UNSTABLE = new Set([0x4d44, 0x2011bab0, 0x65735546])

function folderId(dataDir: string): string {
  if (UNSTABLE.has(statfsSync(dataDir).type)) return ''
  return String(statSync(dataDir, { bigint: true }).ino)
}

/** @param dataDir existing folder. @returns the mark that `state` keeps. */
export function machineMark(dataDir: string): string {
  return sha256Hex(`${machineId()}\n${folderId(dataDir)}`)
}
