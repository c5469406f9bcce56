/** Tables that every compartment has. */
import { bool, date, instant, int, maybe, ref, text, type Schema } from './declare'

export const COMMON_TABLES = {
  /** A number is a row: issued, void, reason. Never reused, never deleted. */
  number_issue: {
    kind: 'record',
    label: '编号',
    fields: {
      series: text('编号序列', 60),
      year: int('年份'),
      terminal_number: text('终端号', 4),
      serial: int('顺序号'),
      number_text: text('编号', 60),
      subject_table: text('对象类别', 40),
      subject_id: ref('对象', '*'),
      issued_on: date('编号日期'),
      voided: { ...bool('已作废'), shown: 'true_wins' },
      void_reason: text('作废理由', 200),
    },
  },
  /** Private half of the compartment's letter-box pair; one pair per compartment and centre. Base has none. */
  box_secret: {
    kind: 'record',
    label: '专库收件钥匙',
    notDumped: true,
    fields: { box_public: text('公钥', 100), box_private: text('私钥', 200), made_at: instant('生成时间') },
  },
} as const satisfies Schema

/** Deletion is a field (DESIGN.md section 4, rule 7). */
export const removed = { ...bool('已删除'), shown: 'true_wins' } as const
export const maybeStaff = (
  label: string,
): { readonly type: 'ref'; readonly label: string; readonly references: string; readonly nullable: true } =>
  maybe(ref(label, 'staff'))
