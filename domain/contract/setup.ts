import { z } from 'zod'
import type { ErrorBody } from '../errors'
import type { Post } from '../posts'
import { id, needText, pathToken, route, shortText, writeInput } from './define'

export interface SetupStatus {
  /** empty: no data folder yet. joining: a request was written, the answer is awaited. ready: sign in. */
  readonly state: 'empty' | 'joining' | 'ready' | 'broken'
  readonly centreName: string
  readonly terminalName: string
  readonly terminalNumber: string
  readonly demo: boolean
  readonly version: string
  /** Words to read out while joining. */
  readonly checkWords: string
  readonly problem: ErrorBody | null
}

export interface SessionInfo {
  readonly staffId: string
  readonly staffName: string
  readonly account: string
  readonly currentPost: Post
  /** Row of staff_post that gives the current post. */
  readonly postRowId: string
  readonly posts: readonly {
    readonly postRowId: string
    readonly post: Post
    readonly name: string
    readonly unitName: string
  }[]
  readonly centreName: string
  readonly areaCode: string
  readonly terminalNumber: string
  readonly terminalName: string
  /** Today in China by the terminal's clock. */
  readonly today: string
  readonly idleLockMinutes: number
  readonly clockWarning: string | null
  /** Local apply counter of base: basis for something new. */
  readonly basis: number
}

const areaCode = z.string().regex(/^\d{12}$/, '行政区划代码应为 12 位数字')
export const accountName = z
  .string()
  .trim()
  .regex(/^[a-z0-9_.-]{2,32}$/i, '账号用 2 到 32 个字母、数字，如 wangfang')
export const newPassword = z.string().min(8, '密码至少 8 位').max(128)
export const password = z.string().min(1, '请填写密码').max(128)

export const setupRoutes = {
  'setup.status': route<SetupStatus>()({
    input: z.strictObject({}),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),
  /** Founds the centre. Answers the recovery sheet as text; it is shown once and kept on paper. */
  'setup.found': route<{ readonly recoverySheet: string }>()({
    input: z.strictObject({
      centreName: needText('中心名称', 60),
      areaCode,
      terminalName: needText('本机名称', 30),
      adminName: needText('管理员姓名', 40),
      adminAccount: accountName,
      password: newPassword,
    }),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: { action: '新建中心', subject: 'centre' },
  }),
  /** Writes the joining request of a new folder. The password protects the waiting keys. */
  'join.request': route<{ readonly checkWords: string; readonly fileName: string }>()({
    input: z.strictObject({ terminalName: needText('本机名称', 30), password: newPassword, out: pathToken }),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),
  /** The admitting terminal reads a request; the words must be typed from the other screen, they are not shown here. */
  'join.answer': route<{
    readonly terminalNumber: string
    readonly terminalName: string
    readonly centreWords: string
  }>()({
    input: z.strictObject({ request: pathToken, checkWords: needText('核对码', 80), out: pathToken }),
    permission: 'join.admit',
    kind: 'process',
    compartment: 'base',
    audit: { action: '同意终端加入', subject: 'terminal' },
  }),
  /** Step one of finishing: opens the answer with the waiting keys' password and shows the centre's words. */
  'join.inspect': route<{
    readonly centreName: string
    readonly terminalNumber: string
    readonly centreWords: string
  }>()({
    input: z.strictObject({ answer: pathToken, password }),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),
  /** Step two: the words were compared; makes the files. `account` must be known to the centre. */
  'join.finish': route<{ readonly centreName: string; readonly terminalNumber: string }>()({
    input: z.strictObject({
      answer: pathToken,
      password,
      account: accountName,
      accountPassword: password,
      confirmedWords: z.literal(true),
    }),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: { action: '加入中心', subject: 'terminal' },
  }),

  'session.sign_in': route<SessionInfo>()({
    input: z.strictObject({ account: accountName, password }),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: { action: '登录', subject: 'session' },
  }),
  'session.info': route<SessionInfo>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'session.sign_out': route<null>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: { action: '退出', subject: 'session' },
  }),
  'session.lock': route<null>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: { action: '锁屏', subject: 'session' },
  }),
  'session.unlock': route<SessionInfo>()({
    input: z.strictObject({ password }),
    permission: 'anyone',
    kind: 'process',
    compartment: 'base',
    audit: { action: '解锁', subject: 'session' },
  }),
  /** Leaving a post closes the compartment it opened; entering one that opens a compartment asks the password. */
  'session.switch_post': route<SessionInfo>()({
    input: z.strictObject({ postRowId: id, password: password.optional() }),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: { action: '切换岗位', subject: 'session' },
  }),
  'session.change_password': route<null>()({
    input: z.strictObject({ oldPassword: password, newPassword }),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: { action: '修改密码', subject: 'account' },
  }),

  'staff.list': route<readonly StaffRow[]>()({
    input: z.strictObject({}),
    permission: 'staff.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  /** Makes a staff member with an account and posts. */
  'staff.create': route<{ readonly staffId: string }>()({
    input: z.strictObject({
      requestId: z.string().min(8).max(64),
      name: needText('姓名', 40),
      phone: shortText(40).default(''),
      account: accountName,
      password: newPassword,
      posts: z.array(z.string()).min(1, '请至少选一个岗位').max(10),
    }),
    permission: 'account.manage',
    kind: 'process',
    compartment: 'base',
    audit: { action: '新增人员', subject: 'staff', idPath: '>staffId' },
  }),
  /** Gives or withdraws a post. No post replaces a grant: the confidential key needs `grant.give`. */
  'staff.set_post': route<null>()({
    input: writeInput({ staffId: id }, { post: z.string(), active: z.boolean() }),
    permission: 'account.manage',
    kind: 'write',
    compartment: 'base',
    audit: { action: '调整岗位', subject: 'staff', idPath: 'staffId' },
  }),
  'staff.edit': route<null>()({
    input: writeInput(
      { staffId: id },
      {
        name: needText('姓名', 40).optional(),
        phone: shortText(40).optional(),
        active: z.boolean().optional(),
      },
    ),
    permission: 'account.manage',
    kind: 'write',
    compartment: 'base',
    audit: { action: '修改人员', subject: 'staff', idPath: 'staffId' },
  }),
  'grant.list': route<readonly GrantRow[]>()({
    input: z.strictObject({}),
    permission: 'staff.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  /** The first holder is granted with the recovery sheet typed in; later ones by a holder's session. */
  'grant.give_first': route<null>()({
    input: z.strictObject({
      compartment: z.enum(['psych', 'roster', 'children']),
      staffId: id,
      recoverySheet: needText('恢复单', 400),
    }),
    permission: 'account.manage',
    kind: 'process',
    compartment: 'base',
    audit: { action: '首次授予专库', subject: 'staff', idPath: 'staffId' },
  }),
  'grant.give': route<null>()({
    input: z.strictObject({ compartment: z.enum(['psych', 'roster', 'children']), staffId: id }),
    permission: 'grant.give',
    kind: 'process',
    compartment: 'base',
    audit: { action: '授予专库', subject: 'staff', idPath: 'staffId' },
  }),
}

export interface StaffRow {
  readonly id: string
  readonly name: string
  readonly account: string
  readonly phone: string
  readonly active: boolean
  readonly posts: readonly { readonly postRowId: string; readonly post: Post; readonly name: string }[]
  readonly basis: number
}

export interface GrantRow {
  readonly compartment: string
  readonly staffId: string
  readonly staffName: string
  readonly givenBy: string
  /** Whether this terminal already holds a key slot for the account. */
  readonly keyHere: boolean
}
