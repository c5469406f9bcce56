/**
 * A package is one file: `age` around gzip around tar. Standard tools open it (`age -d | tar tz`); see
 * docs/exchange-format.md. Decrypted bytes never touch a disk.
 */
import { createHash } from 'node:crypto'
import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { Decrypter, Encrypter } from 'age-encryption'
import { pack } from 'tar-stream'
import type { Manifest } from '../../../domain/contract/package'
import { AppError } from '../../../domain/errors'
import { signDetached } from './jws'

const gzipAsync = promisify(gzip)
export const AGE_MAGIC = 'age-encryption.org/v1\n'

export interface PackInput {
  readonly manifest: Omit<Manifest, 'entries' | 'changes'>
  /** One JSON text per change, in causal order. */
  readonly lines: readonly string[]
  readonly signPrivate: string
  readonly signPublic: string
  /** `age1…` of every replica that may read it. */
  readonly recipients: readonly string[]
}

const digestOf = (bytes: Uint8Array): { sha256: string; bytes: number } => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
})

async function tarOf(entries: readonly (readonly [string, Uint8Array])[]): Promise<Buffer> {
  const archive = pack()
  for (const [name, bytes] of entries) {
    // A fixed time: the archive tells nothing the manifest does not.
    archive.entry({ name, mtime: new Date(0), mode: 0o600 }, Buffer.from(bytes))
  }
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** @returns the encrypted file and the SHA-256 (hex) that names it in receipts. */
export async function packChanges(input: PackInput): Promise<{ bytes: Uint8Array; hash: string }> {
  const changes = Buffer.from(input.lines.length === 0 ? '' : `${input.lines.join('\n')}\n`, 'utf8')
  const manifest: Manifest = {
    ...input.manifest,
    changes: input.lines.length,
    entries: { 'changes.ndjson': digestOf(changes) },
  }
  const manifestBytes = Buffer.from(JSON.stringify(manifest, null, 1), 'utf8')
  const tar = await tarOf([
    ['manifest.json', manifestBytes],
    ['manifest.jws', Buffer.from(signDetached(manifestBytes, input.signPrivate, input.signPublic), 'ascii')],
    ['changes.ndjson', changes],
  ])
  const encrypter = new Encrypter()
  for (const recipient of input.recipients) encrypter.addRecipient(recipient)
  const bytes = await encrypter.encrypt(new Uint8Array(await gzipAsync(tar)))
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * @param bytes the file as it came
 * @param identities `AGE-SECRET-KEY-1…` of the replicas here that are open, in the order to try
 * @returns the compressed archive inside, still untrusted
 * @throws AppError FILE_FOREIGN, PACKAGE_NOT_FOR_US, PACKAGE_TRUNCATED, PACKAGE_ALTERED
 */
export async function decryptPackage(bytes: Uint8Array, identities: readonly string[]): Promise<Uint8Array> {
  const start = Buffer.from(bytes.subarray(0, AGE_MAGIC.length)).toString('latin1')
  if (start !== AGE_MAGIC && AGE_MAGIC.startsWith(start)) throw truncated()
  if (start !== AGE_MAGIC) {
    throw new AppError('FILE_FOREIGN', '这不是本系统的数据包，文件没有被改动。请核对是否拿错了文件。')
  }
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  const chunks: Uint8Array[] = []
  let decrypted = 0
  try {
    const plain = await decrypter.decrypt(new Blob([Buffer.from(bytes)]).stream())
    for await (const chunk of plain as unknown as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      decrypted += chunk.length
    }
  } catch (error) {
    throw decryptError(error, decrypted + AGE_CHUNK >= bytes.length - AGE_CHUNK_OVERHEAD)
  }
  return Buffer.concat(chunks)
}

/** age encrypts in chunks of 64 KiB with a tag of 16 bytes each. */
const AGE_CHUNK = 64 * 1024
const AGE_CHUNK_OVERHEAD = 16

const truncated = (): AppError =>
  new AppError(
    'PACKAGE_TRUNCATED',
    '数据包不完整或已损坏，可能没有拷贝完。没有导入任何内容，请重新拷贝后再导入。',
  )

/** The library tells causes apart by message only; a cut file fails in its last chunk, an altered one anywhere. */
function decryptError(error: unknown, inLastChunk: boolean): AppError {
  const message = error instanceof Error ? error.message : ''
  if (message.includes('no identity matched')) {
    return new AppError(
      'PACKAGE_NOT_FOR_US',
      '这个数据包不是发给本机的，或者对应的保密专库还没有打开。文件没有被改动，已列入待查。',
    )
  }
  if (inLastChunk && !message.includes('header')) {
    return truncated()
  }
  return new AppError('PACKAGE_ALTERED', '数据包被改动过或已损坏，没有导入任何内容。请让对方重新导出一份。')
}
