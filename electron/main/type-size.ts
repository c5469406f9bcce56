import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TypeSize } from '../../domain/contract/native'
import { writeWhole } from './files'

const SIZES: readonly TypeSize[] = ['normal', 'large', 'largest']

/**
 * The type size chosen at this terminal. It is the only thing kept outside the encrypted files.
 * @param profileDir folder of the window's own files
 */
export function typeSizeStore(profileDir: string): {
  read: () => TypeSize
  write: (size: TypeSize) => Promise<null>
} {
  const file = join(profileDir, 'type-size')
  return {
    read: () => {
      try {
        const kept = readFileSync(file, 'utf8')
        return SIZES.find((size) => size === kept) ?? 'normal'
      } catch {
        return 'normal'
      }
    },
    write: async (size) => {
      await writeWhole(file, size)
      return null
    },
  }
}
