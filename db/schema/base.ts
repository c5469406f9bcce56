/** Tables of the base compartment: the centre, its people, matters and what happened to them. */
import { COMMON_TABLES, maybeStaff, removed } from './common'
import { bool, date, instant, int, json, maybe, ref, text, type Schema } from './declare'

const ORGANISATION = {
  /** One row. */
  centre: {
    kind: 'record',
    label: '中心',
    signed: true,
    posts: ['administrator', 'director'],
    fields: {
      name: text('中心名称', 60),
      area_code: text('区划代码', 12),
      recovery_public: { ...text('恢复公钥', 100), notDumped: true },
      recovery_sign_public: { ...text('恢复签名公钥', 100), notDumped: true },
      founded_at: instant('建立时间'),
      admitting_terminal_id: { ...ref('准入终端', 'terminal'), group: 'admitting' },
      admitting_epoch: { ...int('准入终端届次'), group: 'admitting' },
      gateway_terminal_id: { ...ref('网关终端', 'terminal'), group: 'gateway' },
      gateway_epoch: { ...int('网关终端届次'), group: 'gateway' },
    },
  },
  setting: {
    kind: 'record',
    label: '设置',
    posts: ['administrator', 'director'],
    fields: { name: text('设置项', 80), value: json('值') },
  },
  org_unit: {
    kind: 'record',
    label: '单位',
    posts: ['administrator', 'director', 'clerk'],
    fields: {
      name: text('名称', 60),
      unit_kind: text('类别', 20),
      parent_id: maybe(ref('上级', 'org_unit')),
      code: text('代码', 32),
      contact_person: { ...text('联系人', 40), group: 'contact' },
      contact_phone: { ...text('联系电话', 50), group: 'contact' },
      valid_from: date('起用日期'),
      valid_to: date('停用日期'),
      removed,
    },
  },
  /** Town's own additions and changes of code lists; what the application ships is seeded uncaptured. */
  code_item: {
    kind: 'record',
    label: '代码',
    posts: ['administrator', 'director'],
    fields: {
      system: text('代码表', 40),
      code: text('代码', 20),
      name: text('名称', 100),
      parent: text('上级代码', 20),
      external: text('外部代码', 60),
      sort: int('排序'),
      active: bool('启用'),
    },
  },
  staff: {
    kind: 'record',
    label: '工作人员',
    signed: true,
    posts: ['administrator'],
    fields: {
      name: text('姓名', 60),
      phone: { ...text('电话', 50), mark: 'phone' },
      account: text('账号', 32),
      org_unit_id: maybe(ref('单位', 'org_unit')),
      /** X25519 and Ed25519 public halves (base64url of the raw key). */
      box_public: { ...text('账号公钥', 100), group: 'keys', notDumped: true },
      sign_public: { ...text('账号签名公钥', 100), group: 'keys', notDumped: true },
      active: bool('在岗'),
    },
  },
  /** Id is the staff id. The private halves wrapped under the password; superseded bodies are erased. */
  staff_secret: {
    kind: 'record',
    label: '账号密钥',
    notDumped: true,
    fields: { wrapped: json('加密的私钥') },
  },
  /** The row that gives a post. Changes name it as their authority. */
  staff_post: {
    kind: 'record',
    label: '岗位',
    signed: true,
    posts: ['administrator'],
    fields: {
      staff_id: ref('人员', 'staff'),
      post: text('岗位', 30),
      org_unit_id: maybe(ref('单位', 'org_unit')),
      active: bool('有效'),
    },
  },
  mediator_profile: {
    kind: 'record',
    label: '调解员',
    posts: ['director', 'administrator'],
    fields: {
      staff_id: ref('人员', 'staff'),
      org_unit_id: maybe(ref('所属组织', 'org_unit')),
      fields: text('擅长领域', 200),
      active: bool('在库'),
    },
  },
  /** A chain: each signed by an earlier holder, the first by the recovery key. No post replaces a link. */
  compartment_grant: {
    kind: 'event',
    label: '专库授权',
    notDumped: true,
    fields: {
      compartment: text('专库', 20),
      staff_id: ref('人员', 'staff'),
      /** SHA-256 of the account's public keys. */
      fingerprint: text('公钥指纹', 100),
      /** Staff id of the holder who gives it, or `recovery`. */
      given_by: text('授权人', 64),
      signature: text('签名', 200),
    },
  },
  /** Id is the compartment's name: public half of its letter-box pair. */
  compartment_box: {
    kind: 'record',
    label: '专库收件公钥',
    notDumped: true,
    fields: { compartment: text('专库', 20), box_public: text('公钥', 100), signature: text('签名', 200) },
  },
  terminal: {
    kind: 'record',
    label: '终端',
    signed: true,
    posts: ['administrator', 'director'],
    fields: {
      number: text('终端号', 4),
      name: text('终端名称', 40),
      sign_public: { ...text('终端签名公钥', 100), group: 'keys', notDumped: true },
      box_public: { ...text('终端收件公钥', 100), group: 'keys', notDumped: true },
      active: bool('有效'),
    },
  },
  /** A new replica of a compartment's file, introduced by its terminal's signature. */
  replica_intro: {
    kind: 'event',
    label: '副本登记',
    notDumped: true,
    fields: {
      compartment: text('库', 20),
      replica: text('副本', 64),
      terminal_id: ref('终端', 'terminal'),
      predecessor: text('前一副本', 64),
      predecessor_seq: int('前一副本末号'),
      /** age recipient (`age1…`) of this replica. */
      recipient: text('收件公钥', 100),
      sign_public: text('签名公钥', 100),
      signature: text('终端签名', 200),
      /** A confidential replica gets packages only after a holder has signed it; empty for base. */
      holder_id: text('持有人', 64),
      holder_signature: text('持有人签名', 200),
    },
  },
} as const satisfies Schema

const WORK = {
  person: {
    kind: 'record',
    label: '人员',
    fields: {
      name: text('姓名', 60),
      gender: text('性别', 10),
      birth_date: date('出生日期'),
      id_type: { ...text('证件类型', 8), group: 'document' },
      id_number: { ...text('证件号码', 50), group: 'document', mark: 'idNumber' },
      id_check_reason: { ...text('校验不符的说明', 100), group: 'document' },
      phone: { ...text('电话', 50), mark: 'phone' },
      org_unit_id: { ...maybe(ref('村（社区）', 'org_unit')), group: 'home' },
      address: { ...text('住址', 200), group: 'home', mark: 'address' },
      address_secret: { ...bool('住址保密'), shown: 'true_wins' },
      note: text('备注', 2000),
      removed,
    },
  },
  /** Merging persons inserts one; undo voids it; references are never rewritten. */
  person_alias: {
    kind: 'record',
    label: '人员合并',
    fields: {
      from_id: ref('并入的人员', 'person'),
      to_id: ref('保留的人员', 'person'),
      voided: { ...bool('已撤销'), shown: 'true_wins' },
    },
  },
  matter: {
    kind: 'record',
    label: '事项',
    fields: {
      title: text('事项名称', 100),
      category: text('纠纷类别', 8),
      wanted: text('想办什么', 40),
      description: text('事由', 20_000),
      org_unit_id: { ...maybe(ref('村（社区）', 'org_unit')), group: 'place' },
      place: { ...text('发生地点', 100), group: 'place' },
      occurred_on: date('发生日期'),
      registered_on: date('登记日期'),
      registered_at: instant('登记时间'),
      registered_by: maybeStaff('登记人'),
      channel: text('来源', 20),
      head_count: int('涉及人数'),
      amount_fen: maybe({ type: 'fen', label: '涉及金额' }),
      confidentiality: {
        ...text('保密级别', 20),
        shown: 'stricter',
        scale: ['normal', 'sensitive', 'secret'],
      },
      risk_level: { ...text('风险等级', 20), shown: 'higher', scale: ['', 'low', 'medium', 'high'] },
    },
    deciders: ['director', 'clerk', 'mediator'],
  },
  matter_party: {
    kind: 'record',
    label: '当事人',
    root: { field: 'matter_id', table: 'matter' },
    fields: {
      matter_id: ref('事项', 'matter'),
      person_id: { ...maybe(ref('人员', 'person')), group: 'who' },
      name: { ...text('姓名或名称', 100), group: 'who' },
      is_unit: { ...bool('是单位'), group: 'who' },
      role: text('身份', 20),
      phone: { ...text('电话', 50), mark: 'phone' },
      address: { ...text('住址', 200), mark: 'address' },
      address_secret: { ...bool('住址保密'), shown: 'true_wins' },
      removed,
    },
  },
  matter_respondent_unit: {
    kind: 'record',
    label: '涉及单位',
    root: { field: 'matter_id', table: 'matter' },
    fields: { matter_id: ref('事项', 'matter'), org_unit_id: ref('单位', 'org_unit'), removed },
  },
  visit: {
    kind: 'record',
    label: '来访',
    fields: {
      matter_id: maybe(ref('事项', 'matter')),
      person_id: maybe(ref('来访人', 'person')),
      is_question: bool('即问即答'),
      arrived_at: instant('来访时间'),
      arrived_on: date('来访日期'),
      channel: text('方式', 20),
      head_count: int('来访人数'),
      wanted: text('想办什么', 40),
      description: text('说的什么事', 20_000),
      reply: text('答复', 2000),
      receiver_id: maybeStaff('接待人'),
      typed_by: maybeStaff('代录人'),
      removed,
    },
  },
  handling: {
    kind: 'record',
    label: '办理',
    root: { field: 'matter_id', table: 'matter' },
    fields: {
      matter_id: ref('事项', 'matter'),
      way: text('办理方式', 40),
      org_unit_id: maybe(ref('办理单位', 'org_unit')),
      opened_on: date('开始日期'),
    },
  },
  /** Steering events are writes of the course register (null handling: the matter's own); recording events do not steer. */
  course_event: {
    kind: 'event',
    label: '经过',
    root: { field: 'matter_id', table: 'matter' },
    fields: {
      matter_id: ref('事项', 'matter'),
      handling_id: maybe(ref('办理', 'handling')),
      kind: text('事件', 30),
      /** Steering heads the person saw (ids of course_event); empty for recording events and the first. */
      parents: json('前一状态', 4000),
      data: json('内容', 60_000),
      happened_on: date('发生日期'),
      recorded_at: instant('录入时间'),
      acted_by: maybeStaff('经办人'),
      typed_by: maybeStaff('代录人'),
    },
  },
  /** Letter-box: sealed to the compartment; base sees that something was sealed, when and by whom, never about whom. */
  sealed_item: {
    kind: 'record',
    label: '密封转介',
    dumpedAsHash: 'ciphertext',
    fields: {
      compartment: text('专库', 20),
      ciphertext: text('密文', 400_000),
      /** Sealed to the sender's account: tells the sender alone what it was about. */
      receipt: text('回执密文', 20_000),
      sealed_at: instant('密封时间'),
      sealed_by: ref('转介人', 'staff'),
      state: text('状态', 20),
    },
  },
} as const satisfies Schema

export const BASE_TABLES = { ...COMMON_TABLES, ...ORGANISATION, ...WORK } as const satisfies Schema
