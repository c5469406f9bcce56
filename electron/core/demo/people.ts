/** Invented people: documents of an area that was never assigned, telephones of a block no network uses. */
import { addDays } from '../../../domain/calendar/workdays'
import { DEMO_AREA_PREFIX } from '../../../domain/rules/areaCode'
import { idCheckChar } from '../../../domain/rules/idNumber'
import { DEMO_PHONE_PREFIX } from '../../../domain/rules/phone'
import type { Chance } from './seeded'
import { HOMES } from './town'

export interface DemoPerson {
  readonly name: string
  readonly gender: 'male' | 'female'
  readonly birthDate: string
  /** Empty: did not show it. */
  readonly idNumber: string
  readonly phone: string
  /** Name of the village or community. */
  readonly home: string
  readonly address: string
}

const SURNAMES =
  '王李张刘陈杨赵黄周吴徐孙马朱胡郭何林罗郑梁谢唐许冯韩邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕姜卢沈钟崔谭陆汪范金廖贾夏付方邹熊白孟秦邱侯江尹薛段雷龙史陶贺顾毛郝龚邵万钱武戴莫孔向汤'
const MALE = '国建志文永德福长庆明海林军强伟平勇刚峰成龙春根生水木金火土贵富顺安宁康兴旺发祥瑞山川河江'
const FEMALE = '秀桂玉春凤兰英芳梅芬霞莲菊香琴珍巧娟丽红燕静敏慧淑翠银月云雪晴荷桃杏素娥仙蓉'
const SECOND = '华生林明英云安平贵成波强元山海兰芳梅珍荣辉民发根芝'

const chars = (text: string): string[] => [...text]

function nameOf(chance: Chance, gender: 'male' | 'female'): string {
  const first = chance.pick(chars(gender === 'male' ? MALE : FEMALE))
  const second = chance.hit(0.75) ? chance.pick(chars(SECOND)) : ''
  return chance.pick(chars(SURNAMES)) + first + (second === first ? '' : second)
}

/** 18 digits with a check character that is right, of an area that belongs to nobody. */
function idNumberOf(chance: Chance, birthDate: string, gender: 'male' | 'female'): string {
  const order = chance.int(0, 49) * 2 + (gender === 'male' ? 1 : 0)
  const serial = String(chance.int(0, 9) * 100 + order).padStart(3, '0')
  const first17 = `${DEMO_AREA_PREFIX}0000${birthDate.replaceAll('-', '')}${serial}`
  return first17 + idCheckChar(first17)
}

/** @returns a number of the demonstration block. */
export function phoneOf(chance: Chance): string {
  return DEMO_PHONE_PREFIX + String(chance.int(0, 99_999_999)).padStart(8, '0')
}

function addressOf(chance: Chance, home: string): string {
  return home.endsWith('社区')
    ? `${chance.pick(['柳荫路', '桥东街', '新街', '惠民小区', '桥南里'])}${chance.int(1, 88)}号${chance.int(1, 6)}单元${chance.int(1, 6)}0${chance.int(1, 4)}室`
    : `${chance.int(1, 12)}组${chance.int(1, 90)}号`
}

const GROWN_UP = '2007-12-31'

/** A grown-up somewhere in the town, or in `home`. */
export function inventPerson(
  chance: Chance,
  home: string = chance.pick(HOMES),
  gender: DemoPerson['gender'] = chance.hit(0.55) ? 'male' : 'female',
): DemoPerson {
  const birthDate = addDays(GROWN_UP, -chance.int(0, 58 * 365))
  return {
    name: nameOf(chance, gender),
    gender,
    birthDate,
    idNumber: chance.hit(0.7) ? idNumberOf(chance, birthDate, gender) : '',
    phone: chance.hit(0.95) ? phoneOf(chance) : '',
    home,
    address: addressOf(chance, home),
  }
}
