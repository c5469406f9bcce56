/** Unpacks and checks the inside of a package in the process that holds no keys, with limits on bytes, entries and lines. */
import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { manifestSchema, type Manifest } from '../../domain/contract/package'
import { AppError } from '../../domain/errors'

export const PACKAGE_LIMITS = {
  entries: 64,
  unpackedBytes: 512 * 1024 * 1024,
  lineBytes: 4 * 1024 * 1024,
  changes: 2_000_000,
} as const

export interface UnpackedPackage {
  readonly manifest: Manifest
  /** Exact bytes that the signature covers. */
  readonly manifestBytes: Uint8Array
  readonly jws: string
  /** One parsed JSON value per change, not yet checked against any table. */
  readonly changes: readonly unknown[]
}

const altered = (detail: string): AppError =>
  new AppError(
    'PACKAGE_ALTERED',
    `数据包内容与清单不符（${detail}），没有导入任何内容。请让对方重新导出一份。`,
  )

async function entriesOf(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>()
  const unpack = extract()
  let total = 0
  const source = Readable.from([Buffer.from(archive)]).pipe(createGunzip())
  source.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (total > PACKAGE_LIMITS.unpackedBytes) source.destroy(new Error('too large'))
  })
  source.on('error', (error) => unpack.destroy(error))
  source.pipe(unpack)
  for await (const entry of unpack) {
    const { name, type } = entry.header
    // Names are never used as paths; still, nothing but plain files of ours is let in.
    if (
      type !== 'file' ||
      !/^(manifest\.(json|jws)|changes\.ndjson|blobs\/[0-9a-f]{64})$/.test(name) ||
      entries.has(name)
    ) {
      throw altered('含有不认识的文件')
    }
    if (entries.size >= PACKAGE_LIMITS.entries) throw altered('文件过多')
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    entries.set(name, Buffer.concat(chunks))
  }
  return entries
}

function manifestOf(bytes: Buffer): Manifest {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw altered('清单不可读')
  }
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) throw altered('清单格式不对')
  return parsed.data
}

/** @param archive gzipped tar from inside the encryption. @throws AppError PACKAGE_ALTERED or PACKAGE_TRUNCATED */
export async function unpackPackage(archive: Uint8Array): Promise<UnpackedPackage> {
  let entries: Map<string, Buffer>
  try {
    entries = await entriesOf(archive)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError(
      'PACKAGE_TRUNCATED',
      '数据包解不开，可能没有拷贝完或已损坏。没有导入任何内容，请重新拷贝后再导入。',
    )
  }
  const manifestBytes = entries.get('manifest.json')
  const jws = entries.get('manifest.jws')
  const lines = entries.get('changes.ndjson')
  if (!manifestBytes || !jws || !lines) throw altered('缺少必需的文件')
  const manifest = manifestOf(manifestBytes)
  for (const [name, told] of Object.entries(manifest.entries)) {
    const bytes = entries.get(name)
    if (
      !bytes ||
      bytes.length !== told.bytes ||
      createHash('sha256').update(bytes).digest('hex') !== told.sha256
    ) {
      throw altered(`${name} 校验不符`)
    }
  }
  const stated = (name: string): boolean =>
    name === 'manifest.json' || name === 'manifest.jws' || Object.hasOwn(manifest.entries, name)
  if (![...entries.keys()].every(stated)) throw altered('清单缺少条目')
  return {
    manifest,
    manifestBytes: new Uint8Array(manifestBytes),
    jws: jws.toString('ascii'),
    changes: linesOf(lines, manifest),
  }
}

function linesOf(bytes: Buffer, manifest: Manifest): unknown[] {
  const changes: unknown[] = []
  let start = 0
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start)
    const stop = end === -1 ? bytes.length : end
    if (stop - start > PACKAGE_LIMITS.lineBytes || changes.length >= PACKAGE_LIMITS.changes)
      throw altered('内容过大')
    try {
      changes.push(JSON.parse(bytes.toString('utf8', start, stop)))
    } catch {
      throw altered('记录不可读')
    }
    start = stop + 1
  }
  if (changes.length !== manifest.changes) throw altered('记录数不符')
  return changes
}
