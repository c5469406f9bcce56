/** Sentences of the course of a matter. Slots as in `stories.ts`. */
import type { KnownKind } from '../../../domain/course/kinds'

type Told = readonly string[]

export const SESSIONS: Told = [
  '到{v}现场查看，请双方各自说明经过。{a}坚持原来的要求，{b}承认有不当之处，但认为对方要得太多。约定三日后再谈。',
  '在调解室分别与双方谈话。{b}一方担心面子问题，经劝解愿意坐下来谈；提出按实际损失计算。',
  '邀请村里德高望重的老人参加。翻看了当年的字据，双方对事实基本认可，分歧集中在数额和时间。',
  '第二次面对面调解。讲明有关法律规定和类似事情的处理结果，双方差距缩小，{a}同意让一步。',
  '电话联系{b}，对方在外务工，同意周末回来当面谈。已告知不来的后果。',
  '双方情绪激动，先分开安抚；约好由家里人陪同再谈。提醒双方不得在此期间再起冲突。',
]

export const NOTES: Told = [
  '已电话告知双方调解时间和地点。',
  '调取村里登记表复印件一份，附后。',
  '与村委会核实情况，所述基本属实。',
  '{a}来电询问进展，已说明目前进度。',
]

export const HOME_VISITS: Told = [
  '上门走访{a}家，情况平稳，老人身体尚好。',
  '到{b}家走访，说明调解的好处，对方态度缓和。',
]

/** For steps whose data is one text. */
export const TEXTS: Readonly<Partial<Record<KnownKind, Told>>> = {
  eased: [
    '双方虽未签协议，经劝解已恢复来往，表示不再为此事争吵。',
    '{b}当面道了歉，{a}接受，双方同意以后有事先找村里。',
  ],
  not_reached: [
    '经三次调解，双方对数额仍相差较大，终止调解。已告知可向人民法院起诉，并提供诉状样式。',
    '{b}拒绝继续参加调解，已告知{a}可申请仲裁或起诉，注意诉讼时效。',
  ],
  withdrawn: ['{a}表示双方私下已经谈好，不需要中心继续调解。', '{a}考虑到亲戚情面，自愿撤回申请。'],
  fulfilled: ['款项已全部付清，{a}出具收条。', '约定事项均已做到，双方无异议。'],
  partly_fulfilled: ['已付一半，余款{b}请求宽限一个月，{a}同意。'],
  breached: ['到期未付，{b}称生意亏本，正在催促。'],
}

export const REASONS: Readonly<Partial<Record<KnownKind, Told>>> = {
  refused: ['已由人民法院受理，不属于人民调解受理范围，已告知当事人。', '所反映事项已作终局处理，不再受理。'],
  suspended: ['{b}住院治疗，暂时无法参加调解。', '等待鉴定结果。'],
  extended: ['需等待丈量结果，双方同意延长。', '{b}在外务工，双方同意延后。'],
  reopened: ['{a}反映协议没有履行到位，要求继续处理。'],
  void: ['重复登记，已并入较早的一件。', '登记时选错来访人，重新登记。'],
}

export const SATISFIED: Told = [
  '电话回访{a}，对结果认可。',
  '上门回访，双方均无异议。',
  '{a}到中心当面表示满意。',
]
export const NOT_SATISFIED: Told = ['{a}认为对方没有按说好的办，要求继续处理。']
export const ASSIGN_NOTES: Told = [
  '请尽快联系双方。',
  '双方是亲戚，注意方式方法。',
  '涉及多人，请稳妥处理。',
  '',
]
export const FIRMS: Told = [
  '宏远建筑劳务队',
  '顺达物流',
  '金穗种子经营部',
  '丰年果蔬合作社',
  '新桥制衣厂',
  '康乐健身房',
  '迅捷车行',
  '安居物业服务公司',
  '大成装饰',
  '柳河食品厂',
]
export const WHILE_AGO: Told = ['上个月', '去年冬天', '今年春上', '前年', '半个月前', '收麦的时候', '年前']

/** Psychological service: what is needed, and what was noted. Nobody real. */
export const NEEDS: Told = [
  '丧偶以后整夜睡不着，不愿出门，本人希望有人说说话。',
  '与家人长期争吵，情绪低落，工作也受影响，愿意见心理老师。',
  '事故以后一听到刹车声就心慌，想知道怎么办。',
  '孩子升学压力大，家长自己也焦虑，想先由家长来谈。',
  '调解过程中多次落泪，表示撑不住了，本人同意转介。',
]
export const CARE_NOTES: Told = [
  '首次见面，建立信任，约定每两周一次。',
  '睡眠有改善，继续记录作息。',
  '谈到与家人的相处方式，练习表达感受。',
  '情绪平稳，本人认为可以逐步结束。',
]
export const ROSTER_VISITS: Told = [
  '上门走访，在家，近期在镇上务工，收入稳定，家人支持。',
  '卫生院已随访，按时服药，家属照护到位。',
  '到户了解就业情况，介绍了合作社的短工，本人愿意去。',
  '电话联系，本人在外地亲戚家，下周返回。',
]
