/** Texts of 来访回执, 受理告知书 and 不予受理告知书. Printed as two halves (存根联, 告知联) from one model. */
import type { NoticeModel } from '../contract/reception'

export interface NoticeInput {
  readonly kind: NoticeModel['kind']
  readonly centreName: string
  readonly centrePhone: string
  /** Long form of the matter's code; empty while no number is issued. */
  readonly code: string
  /** Civil date of the notice. */
  readonly date: string
  readonly visitor: string
  /** Title of the matter. */
  readonly matter: string
  /** Other side, as the notice may name it. */
  readonly opponents: readonly string[]
  readonly wayText: string
  readonly unitName: string
  /** Who received or handles it. */
  readonly staffName: string
  readonly dueOn: string
  readonly dueReason: string
  /** Answer on the spot, or why it is not accepted. */
  readonly text: string
}

const TITLES: Readonly<Record<NoticeModel['kind'], string>> = {
  visit_receipt: '来访回执',
  acceptance: '受理告知书',
  refusal: '不予受理告知书',
}

/** `2026-11-04` as a paper says it. */
function paperDate(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${year}年${Number(month)}月${Number(day)}日`
}

const contact = ({ centreName, centrePhone, code }: NoticeInput): string =>
  `查询进展请凭编号 ${code || '（补编后告知）'} 到${centreName}窗口` +
  `${centrePhone === '' ? '' : `，或拨打 ${centrePhone}`}。`

function receiptBody(input: NoticeInput): string[] {
  const where = [input.unitName, input.wayText].filter((part) => part !== '').join('，以')
  return [
    `${input.visitor || '来访人'}：你于${paperDate(input.date)}反映的“${input.matter}”，本中心已登记。`,
    ...(input.text === '' ? [] : [`当场答复：${input.text}`]),
    ...(where === '' ? [] : [`该事项由${where}方式办理，是否受理将另行告知。`]),
    contact(input),
  ]
}

function acceptanceBody(input: NoticeInput): string[] {
  const mediation = input.wayText.includes('调解')
  return [
    `${input.visitor || '申请人'}：你反映的“${input.matter}”，经审查决定受理，由${input.unitName || input.centreName}` +
      `${input.wayText === '' ? '' : `以${input.wayText}方式`}办理${input.staffName === '' ? '' : `，承办人${input.staffName}`}。`,
    ...(input.dueOn === '' ? [] : [`办理期限至${paperDate(input.dueOn)}。${input.dueReason}`]),
    ...(mediation
      ? [
          '人民调解不收取任何费用。你可以选择或者接受调解员，接受、拒绝或者要求终止调解，要求调解公开或者不公开进行，自主表达意愿、自愿达成协议；' +
            '应当如实陈述纠纷事实，遵守调解现场秩序，尊重对方当事人行使权利。',
        ]
      : []),
    contact(input),
  ]
}

function refusalBody(input: NoticeInput): string[] {
  return [
    `${input.visitor || '申请人'}：你反映的“${input.matter}”，经审查决定不予受理。`,
    `理由：${input.text}`,
    '你仍可以通过下列途径维护自己的权益：依法申请仲裁、行政裁决或者行政复议；向人民法院提起诉讼；' +
      '经济困难的，可以向法律援助机构申请法律援助（电话 12348）；属于信访事项的，可以向有权处理的机关提出。',
    '仲裁、复议和诉讼都有时效，请及时行使权利。对本告知有异议的，可以向本中心主任或者上一级综治中心反映。',
    contact(input),
  ]
}

/** @returns the model that is shown, printed and made into a PDF. */
export function buildNotice(input: NoticeInput): NoticeModel {
  const body = {
    visit_receipt: receiptBody,
    acceptance: acceptanceBody,
    refusal: refusalBody,
  }[input.kind](input)
  const lines = [
    { label: '编号', text: input.code || '（待补编号）' },
    { label: input.kind === 'visit_receipt' ? '来访人' : '申请人', text: input.visitor || '（未留姓名）' },
    { label: '事项', text: input.matter },
    { label: '对方当事人', text: input.opponents.join('、') },
    { label: '办理单位', text: input.unitName },
    { label: '办理方式', text: input.wayText },
    { label: input.kind === 'visit_receipt' ? '接待人' : '承办人', text: input.staffName },
    { label: '办理期限', text: input.dueOn },
  ].filter((line) => line.text !== '')
  return {
    kind: input.kind,
    title: TITLES[input.kind],
    centreName: input.centreName,
    code: input.code,
    date: input.date,
    lines,
    body,
    signPlaces: [`${input.centreName}（盖章）`, '经办人（签名）', '收件人（签名或按指印）'],
  }
}
