/** Sealing to a public key: who has the private half reads it, nobody else, not even who sealed it. */
import { createCipheriv, createDecipheriv, diffieHellman, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '../../domain/errors'
import { fromText, toText } from './encoding'
import { privateKeyOf, publicHalf, publicKeyOf } from './pairs'

/** Ephemeral X25519, HKDF-SHA256 over both public halves, AES-256-GCM. In front of every sealed text. */
const ALGORITHM = 'x25519-hkdf-sha256-aes-256-gcm'
const TAG = 16

function cipherKey(
  secret: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
): { key: Buffer; iv: Buffer } {
  const material = Buffer.from(
    hkdfSync('sha256', secret, Buffer.concat([ephemeral, recipient]), `maotiao-seal-v1 ${ALGORITHM}`, 44),
  )
  return { key: material.subarray(0, 32), iv: material.subarray(32) }
}

/**
 * @param boxPublic X25519 public key, base64url
 * @returns `algorithm.ephemeral.ciphertext`
 */
export function sealTo(boxPublic: string, bytes: Uint8Array): string {
  const recipient = fromText(boxPublic)
  const ephemeralPrivate = new Uint8Array(randomBytes(32))
  const ephemeral = publicHalf('x25519', ephemeralPrivate)
  const shared = diffieHellman({
    privateKey: privateKeyOf('x25519', ephemeralPrivate),
    publicKey: publicKeyOf('x25519', recipient),
  })
  const { key, iv } = cipherKey(shared, ephemeral, recipient)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  return `${ALGORITHM}.${toText(ephemeral)}.${toText(sealed)}`
}

/**
 * @param boxPrivate X25519 private key, raw
 * @throws AppError COMPARTMENT_CLOSED when it was sealed to another key or altered
 */
export function openSealed(boxPrivate: Uint8Array, sealed: string): Uint8Array {
  const [algorithm, ephemeralText, text] = sealed.split('.')
  try {
    if (algorithm !== ALGORITHM || ephemeralText === undefined || text === undefined)
      throw new Error('not sealed')
    const ephemeral = fromText(ephemeralText)
    const shared = diffieHellman({
      privateKey: privateKeyOf('x25519', boxPrivate),
      publicKey: publicKeyOf('x25519', ephemeral),
    })
    const { key, iv } = cipherKey(shared, ephemeral, publicHalf('x25519', boxPrivate))
    const bytes = fromText(text)
    const decipher = createDecipheriv('aes-256-gcm', key, iv)
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG))
    return new Uint8Array(
      Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG)), decipher.final()]),
    )
  } catch (error) {
    throw new AppError('COMPARTMENT_CLOSED', '这份内容不是密封给您的，打不开。内容没有被改动。', {
      cause: error,
    })
  }
}
