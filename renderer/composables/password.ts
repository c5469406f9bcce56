/** The same limits as the contract's (domain/contract/setup.ts), said before the person sends the form. */
const SHORTEST = 8
const LONGEST = 128

/** @returns what is wrong with a new password, in words, or undefined. */
export function passwordProblem(password: string): string | undefined {
  if (password === '') return '请填写密码'
  if (password.length < SHORTEST) return `密码至少 ${SHORTEST} 位，现在是 ${password.length} 位`
  if (password.length > LONGEST) return `密码最多 ${LONGEST} 位`
  return undefined
}
/** @returns what is wrong with the repetition, or undefined. */
export function repeatProblem(password: string, again: string): string | undefined {
  if (again === '') return '请再输一遍密码'
  return again === password ? undefined : '两次输入的密码不一样，请重新输入'
}
/** @returns what is wrong with an account name, or undefined. */
export function accountProblem(account: string): string | undefined {
  if (account.trim() === '') return '请填写账号'
  return /^[a-z0-9_.-]{2,32}$/i.test(account.trim())
    ? undefined
    : '账号用 2 到 32 个字母、数字，不能有汉字和空格，如 wangfang'
}
