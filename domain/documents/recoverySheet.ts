/**
 * The recovery sheet (恢复单): 32 secret bytes as groups a person can type from paper. 23 characters that cannot be
 * taken for one another; 23 is prime, so a weighted sum modulo 23 per group finds every single slip (one wrong
 * character, two neighbours exchanged) and names the group; the group's own number in the sum finds groups out of
 * place, the length finds what was left out, and a check over the whole finds most of the rest.
 */
const ALPHABET = '346789ACDEFGHJKMNPRTWXY'
const BASE = BigInt(ALPHABET.length)
const BYTES = 32
const DATA = 4
const GROUPS = 15
const GROUPS_A_LINE = 5
/** Largest prime that keeps 256 bits times it within 60 characters. */
const WHOLE = 12163n

function toNumber(secret: Uint8Array): bigint {
  return secret.reduce((total, byte) => total * 256n + BigInt(byte), 0n)
}

function checkValue(values: readonly number[], group: number): number {
  const sum = values.reduce((total, value, index) => total + (index + 1) * value, 5 * (group + 1))
  return sum % ALPHABET.length
}

/**
 * @param secret exactly 32 bytes
 * @returns fifteen groups of five characters, the fifth checks the four before it
 */
export function encodeRecovery(secret: Uint8Array): string[] {
  if (secret.length !== BYTES) throw new RangeError(`recovery secret of ${secret.length} bytes`)
  const number = toNumber(secret)
  let rest = number * WHOLE + (number % WHOLE)
  const values: number[] = []
  for (let index = 0; index < GROUPS * DATA; index += 1) {
    values.unshift(Number(rest % BASE))
    rest /= BASE
  }
  return Array.from({ length: GROUPS }, (_, group) => {
    const own = values.slice(group * DATA, group * DATA + DATA)
    return [...own, checkValue(own, group)].map((value) => ALPHABET[value]).join('')
  })
}

export type RecoveryDecoded =
  | { readonly ok: true; readonly secret: Uint8Array }
  /** `group` from 1, where one can be named. */
  | { readonly ok: false; readonly message: string; readonly group?: number }

/** Lines with Chinese characters are headings of the printed sheet, not code. */
function codeCharacters(typed: string): string {
  return typed
    .normalize('NFKC')
    .split('\n')
    .filter((line) => !/\p{Script=Han}/u.test(line))
    .join('')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
}

function wrongGroup(values: readonly number[]): number {
  for (let group = 0; group < GROUPS; group += 1) {
    const own = values.slice(group * (DATA + 1), (group + 1) * (DATA + 1))
    if (own.includes(-1) || checkValue(own.slice(0, DATA), group) !== own[DATA]) return group
  }
  return -1
}

const where = (group: number): string =>
  `第 ${Math.floor(group / GROUPS_A_LINE) + 1} 行第 ${(group % GROUPS_A_LINE) + 1} 组`

/**
 * @param typed from paper: small letters, full width, dashes and blanks are fine, the whole sheet pasted too
 * @returns the 32 bytes, or where the slip is
 */
export function decodeRecovery(typed: string): RecoveryDecoded {
  const text = codeCharacters(typed)
  const values = [...text].map((char) => ALPHABET.indexOf(char))
  const bad = wrongGroup(values)
  if (text.length !== GROUPS * (DATA + 1)) {
    const near = bad < 0 || text === '' ? '' : `，从${where(bad)}看起`
    const message = `恢复单应为 ${GROUPS * (DATA + 1)} 个字符，现在是 ${text.length} 个，请核对有无漏打或多打${near}。`
    return { ok: false, message, ...(bad < 0 ? {} : { group: bad + 1 }) }
  }
  if (bad >= 0)
    return { ok: false, message: `恢复单${where(bad)}打错了，请对照纸上重打这一组。`, group: bad + 1 }
  const whole = values
    .filter((_, index) => index % (DATA + 1) !== DATA)
    .reduce((total, value) => total * BASE + BigInt(value), 0n)
  let number = whole / WHOLE
  if (whole % WHOLE !== number % WHOLE || number >= 1n << 256n) {
    return { ok: false, message: '恢复单整体校验不符，可能有几处打错，请对照纸上全部重打。' }
  }
  const secret = new Uint8Array(BYTES)
  for (let index = BYTES - 1; index >= 0; index -= 1) {
    secret[index] = Number(number % 256n)
    number /= 256n
  }
  return { ok: true, secret }
}

/**
 * The sheet as text, to print or to save.
 * @param madeOn civil date
 */
export function recoverySheetText(centreName: string, madeOn: string, secret: Uint8Array): string {
  const groups = encodeRecovery(secret)
  const lines = Array.from({ length: GROUPS / GROUPS_A_LINE }, (_, line) =>
    groups.slice(line * GROUPS_A_LINE, (line + 1) * GROUPS_A_LINE).join('  '),
  )
  return [
    `${centreName} 恢复单`,
    `制作日期：${madeOn}`,
    '',
    ...lines,
    '',
    '用途：全部账号都打不开时恢复数据；首次授予保密专库。',
    '保管：请密封，由主任和档案管理人员各存一份，不要拍照，不要存在电脑里。',
    '字符中没有数字 0、1、2、5，也没有字母 B、I、L、O、Q、S、U、V、Z；每组第五位是校验位。',
    '',
  ].join('\n')
}
