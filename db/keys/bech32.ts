/** Bech32 (BIP 173) of 32-byte keys, the text form `age` gives its X25519 keys. */
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

function checksum(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    GENERATOR.forEach((term, bit) => {
      if ((top >>> bit) & 1) sum ^= term
    })
  }
  return sum
}

/** Eight-bit groups as five-bit groups, the last one filled up with zeros. */
function fives(bytes: Uint8Array): number[] {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out.push((held >>> bits) & 31)
    }
  }
  if (bits > 0) out.push((held << (5 - bits)) & 31)
  return out
}

/** @param prefix lower case, `age` or `age-secret-key-`. @returns lower-case text. */
export function bech32(prefix: string, bytes: Uint8Array): string {
  const codes = [...prefix].map((letter) => letter.charCodeAt(0))
  const data = fives(bytes)
  const expanded = [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31), ...data]
  const sum = checksum([...expanded, 0, 0, 0, 0, 0, 0]) ^ 1
  const tail = [0, 1, 2, 3, 4, 5].map((index) => (sum >>> (5 * (5 - index))) & 31)
  return `${prefix}1${[...data, ...tail].map((value) => ALPHABET[value]).join('')}`
}
