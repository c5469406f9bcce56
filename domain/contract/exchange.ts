import { z } from 'zod'
import type { Compartment } from '../compartments'
import {
  id,
  localDate,
  needText,
  pageInput,
  pathToken,
  requestId,
  route,
  shortText,
  type Page,
} from './define'

export interface ExchangeStatus {
  /** 已送达 / 未送达 for the clerk. */
  readonly delivered: boolean
  readonly text: string
  readonly lastSentAt: number | null
  readonly lastReceivedAt: number | null
  readonly folder: string
  readonly everyMinutes: number
  readonly waiting: number
  readonly quarantined: number
  readonly differences: number
  readonly problem: string
  readonly peers: readonly PeerRow[]
}
export interface PeerRow {
  readonly terminalId: string
  readonly number: string
  readonly name: string
  readonly lastHeardAt: number | null
  readonly compartments: readonly { readonly compartment: Compartment; readonly notYetThere: number }[]
}
export interface ImportOutcome {
  readonly fileName: string
  /** applied, already, waits, quarantined. */
  readonly outcome: 'applied' | 'already' | 'waits' | 'quarantined'
  readonly message: string
  readonly applied: number
  readonly parked: number
  readonly differences: number
}
/** Something that came and could not be placed: kept, named and counted. */
export interface HeldBackRow {
  readonly key: string
  /** waits: 等前面的; quarantined: 待查数据包; parked: 搁置的变更. */
  readonly kind: 'waits' | 'quarantined' | 'parked'
  readonly compartment: Compartment
  readonly name: string
  readonly message: string
  readonly at: number
}
export interface DifferenceRow {
  readonly id: string
  readonly compartment: Compartment
  readonly table: string
  readonly rowId: string
  /** Record as a person knows it: `26-03-0128 邻里纠纷`. */
  readonly title: string
  readonly field: string
  readonly fieldText: string
  readonly values: readonly {
    readonly head: string
    readonly text: string
    readonly by: string
    readonly shown: boolean
    readonly mine: boolean
  }[]
  readonly mayDecide: boolean
}

export const exchangeRoutes = {
  'exchange.status': route<ExchangeStatus>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),
  /** Makes packages for one terminal or the whole centre into a folder, one per compartment this session holds. */
  'exchange.export': route<{ readonly files: readonly string[]; readonly changes: number }>()({
    input: z.strictObject({ to: shortText(64).default('centre'), out: pathToken }),
    permission: 'exchange.run',
    kind: 'process',
    compartment: 'base',
    audit: { action: '导出数据包', subject: 'package' },
  }),
  'exchange.import': route<{ readonly outcomes: readonly ImportOutcome[] }>()({
    input: z.strictObject({ from: pathToken }),
    permission: 'exchange.run',
    kind: 'process',
    compartment: 'base',
    audit: { action: '导入数据包', subject: 'package' },
  }),
  /** One round with the exchange folder (收发目录). */
  'exchange.run': route<{ readonly sent: number; readonly outcomes: readonly ImportOutcome[] }>()({
    input: z.strictObject({}),
    permission: 'exchange.run',
    kind: 'process',
    compartment: 'base',
    audit: { action: '自动收发', subject: 'package' },
  }),
  'exchange.set_folder': route<null>()({
    input: z.strictObject({ folder: pathToken.nullable(), everyMinutes: z.int().min(1).max(1440) }),
    permission: 'exchange.manage',
    kind: 'process',
    compartment: 'base',
    audit: { action: '设置收发目录', subject: 'setting' },
  }),
  /** What waits, is to be looked into, or was parked; the newest 200 of each. */
  'exchange.held_back': route<readonly HeldBackRow[]>()({
    input: z.strictObject({}),
    permission: 'exchange.manage',
    kind: 'process',
    compartment: 'base',
    audit: 'none',
  }),
  'exchange.identity': route<{
    readonly centreName: string
    readonly terminalNumber: string
    readonly terminalName: string
    readonly words: string
    readonly replicas: readonly { readonly compartment: Compartment; readonly replica: string }[]
  }>()({
    input: z.strictObject({}),
    permission: 'signed_in',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'difference.list': route<Page<DifferenceRow>>()({
    input: z.strictObject({ ...pageInput }),
    permission: 'difference.read',
    kind: 'read',
    compartment: 'base',
    audit: 'none',
  }),
  'difference.decide': route<null>()({
    input: z.strictObject({
      requestId,
      compartment: z.enum(['base', 'psych', 'roster', 'children']),
      id,
      /** All heads that were shown. */
      basis: z.array(id).min(1).max(64),
      chosen: id,
      reason: needText('理由', 200).optional(),
    }),
    permission: 'difference.decide',
    kind: 'process',
    compartment: 'base',
    audit: { action: '处理数据不一致', subject: 'difference', idPath: 'id' },
  }),
  'backup.make': route<{
    readonly folder: string
    readonly files: readonly { readonly compartment: Compartment; readonly verified: boolean }[]
  }>()({
    input: z.strictObject({ out: pathToken }),
    permission: 'backup.make',
    kind: 'process',
    compartment: 'base',
    audit: { action: '备份', subject: 'backup' },
  }),
  'verify.run': route<{ readonly ok: boolean; readonly lines: readonly string[] }>()({
    input: z.strictObject({}),
    permission: 'verify.run',
    kind: 'process',
    compartment: 'base',
    audit: { action: '校验', subject: 'verify' },
  }),
  'audit.list': route<Page<AuditRow>>()({
    input: z.strictObject({
      from: z.union([localDate, z.literal('')]).default(''),
      to: z.union([localDate, z.literal('')]).default(''),
      text: shortText(60).default(''),
      ...pageInput,
    }),
    permission: 'audit.read',
    kind: 'read',
    compartment: 'base',
    audit: { action: '查看操作日志', subject: 'audit' },
  }),
}

export interface AuditRow {
  readonly seq: number
  readonly at: number
  readonly staffName: string
  readonly postName: string
  readonly action: string
  readonly subject: string
  readonly subjectId: string
  readonly outcome: string
}
