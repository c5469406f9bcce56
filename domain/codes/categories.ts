/**
 * 纠纷类别. The two-level list of the "9+X" data set (DOMAIN.md 1.4 A) is what a matter stores; the 18 heads of the
 * people's-mediation statistics (3.4, B) follow by mapping, so a town can report both. Codes 81–89 inside a head are
 * our own finer ones, where B asks for more than A knows; `external` is what goes out for them in list A.
 */
export interface CategoryRow {
  readonly code: string
  readonly name: string
  /** Code in list B. */
  readonly mediation: string
  /** Code in list A when it is not the code itself. */
  readonly external?: string
}

/** 人民调解统计 18 类. */
export const MEDIATION_CATEGORIES: readonly (readonly [string, string])[] = [
  ['01', '婚姻家庭纠纷'],
  ['02', '邻里纠纷'],
  ['03', '房屋宅基地纠纷'],
  ['04', '合同纠纷'],
  ['05', '生产经营纠纷'],
  ['06', '损害赔偿纠纷'],
  ['07', '山林土地纠纷'],
  ['08', '征地拆迁纠纷'],
  ['09', '环境污染纠纷'],
  ['10', '拖欠农民工工资纠纷'],
  ['11', '其他劳动争议纠纷'],
  ['12', '旅游纠纷'],
  ['13', '电子商务纠纷'],
  ['14', '其他消费纠纷'],
  ['15', '医疗纠纷'],
  ['16', '道路交通事故纠纷'],
  ['17', '物业纠纷'],
  ['18', '其他纠纷'],
]

/** Head, its list B code, then its children `code name[=list B code][>list A code]`. */
const HEADS: readonly (readonly [string, string, string, string])[] = [
  ['01', '婚恋家庭纠纷', '01', '01 恋爱及婚姻|02 抚养赡养监护|03 分家与继承|99 其他婚恋家庭'],
  ['02', '邻里纠纷', '02', '01 用水排水通行通风采光|02 相邻土地建筑利用|03 相邻污染损害防止|99 其他邻里'],
  ['03', '人格权纠纷', '06', '01 姓名肖像|02 名誉隐私|03 身体健康及人身自由|99 其他人格权'],
  ['04', '物权相关纠纷', '03', '01 财物返还及损害赔偿=06|02 物业及其管理=17|03 房屋等不动产登记|99 其他物权'],
  [
    '05',
    '侵权相关纠纷',
    '06',
    '01 教育机构|02 医疗损害=15|03 交通事故=16|04 环境污染=09|05 产品责任=14|06 网络侵权|07 劳务损害|99 其他侵权',
  ],
  [
    '06',
    '合同及相关纠纷',
    '04',
    '01 消费及服务=14|02 房产买卖租赁|03 交易贸易=05|04 运输仓储|81 旅游=12>0601|82 电子商务=13>0601|99 其他合同',
  ],
  [
    '07',
    '劳动人事争议',
    '11',
    '01 劳动合同、劳务派遣|02 社会保险|03 福利待遇|04 人事争议|81 拖欠农民工工资=10>0799|99 其他劳动人事',
  ],
  ['08', '金融借贷纠纷', '04', '01 证券基金期货|02 投资信托理财|03 保险|04 借贷及担保|99 其他金融借贷'],
  [
    '09',
    '土地及资源权属纠纷',
    '07',
    '01 土地承包经营|02 宅基地使用=03|03 山林矿产|04 水域水利|99 其他土地资源',
  ],
  [
    '10',
    '其他民商事纠纷',
    '18',
    '01 知识产权|02 公司企业设立解散=05|03 海事海商|04 竞争=05|05 票据与信用证=04|06 无因管理与不当得利|99 其他民商事',
  ],
  [
    '11',
    '城乡建设发展纠纷',
    '08',
    '01 国有土地上房屋征收|02 农村集体土地征用|03 城乡规划及拆违|04 基础设施建设及市政市容|05 移民安置|99 其他城乡建设',
  ],
  ['12', '涉民政纠纷', '18', '01 村（社区）选举和管理|02 优抚救助|03 区划边界|99 其他涉民政'],
  [
    '13',
    '其他行政执法纠纷',
    '18',
    '01 城市管理|02 教育文体|03 工商税务|04 安全生产|05 交通运输|06 海事渔事|07 计划生育|99 其他行政执法',
  ],
  ['14', '涉法涉诉纠纷', '18', '01 涉公安|02 涉检察院|03 涉法院|04 涉司法行政机关'],
  ['15', '涉组织涉纪检纠纷', '18', '01 组织人事|02 干部作风|99 其他涉组织涉纪检'],
  ['16', '涉民族宗教纠纷', '18', '01 涉民族问题|02 涉宗教问题'],
  ['99', '其他', '18', ''],
]

function child(head: string, inherited: string, text: string): CategoryRow {
  const parts = /^(\d{2}) ([^=>]+)(?:=(\d{2}))?(?:>(\d{4}))?$/.exec(text)
  const [, tail = '', name = '', mediation = inherited, external] = parts ?? []
  return { code: head + tail, name, mediation, ...(external === undefined ? {} : { external }) }
}

/** List A, heads before their children. */
export const CATEGORIES: readonly CategoryRow[] = HEADS.flatMap(([code, name, mediation, children]) => [
  { code, name, mediation },
  ...(children === '' ? [] : children.split('|').map((text) => child(code, mediation, text))),
])

/**
 * @param code stored category; one from a newer version or a town's own list falls back to its head, then to 其他
 * @returns the code in the 18 heads of the people's-mediation statistics
 */
export function mediationCategoryOf(code: string): string {
  const find = (wanted: string): CategoryRow | undefined => CATEGORIES.find((row) => row.code === wanted)
  return (find(code) ?? find(code.slice(0, 2)))?.mediation ?? '18'
}

/** @returns the list A code that goes out: our own finer codes become the nearest of the standard's. */
export function externalCategoryOf(code: string): string {
  return CATEGORIES.find((row) => row.code === code)?.external ?? code
}

/** Kinds whose story is not shown at the counter: only 有既往事项，请问承办人 (PRACTICE.md section 2, rule 2). */
const SENSITIVE_HEADS = ['01', '03']

/** @returns whether earlier matters of this category show no more than that they exist. */
export function isSensitiveCategory(code: string): boolean {
  return SENSITIVE_HEADS.includes(code.slice(0, 2))
}
