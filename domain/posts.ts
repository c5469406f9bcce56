/**
 * Posts (岗位). One person may hold several; a session acts in one of them (当前岗位). What a post may do is the one
 * permission table below; what it may see of a given record is decided by `db/visibility`.
 */
import type { ConfidentialCompartment } from './compartments'

export const POSTS = [
  'clerk',
  'mediator',
  'director',
  'psych_worker',
  'roster_officer',
  'child_officer',
  'reviewer',
  'leader',
  'administrator',
  'auditor',
] as const
export type Post = (typeof POSTS)[number]

export const POST_NAMES: Readonly<Record<Post, string>> = {
  clerk: '接待岗',
  mediator: '调解岗',
  director: '主任岗',
  psych_worker: '心理服务岗',
  roster_officer: '特殊人群岗',
  child_officer: '儿童督导岗',
  reviewer: '司法所审核岗',
  leader: '领导查阅岗',
  administrator: '系统管理岗',
  auditor: '安全审计岗',
}

/** The compartment that a post opens when it is entered; its key is dropped when the post is left (DESIGN.md section 5). */
export const POST_COMPARTMENT: Readonly<Partial<Record<Post, ConfidentialCompartment>>> = {
  psych_worker: 'psych',
  roster_officer: 'roster',
  child_officer: 'children',
}

/**
 * The one permission table. `anyone`: before sign-in; `signed_in`: every post. A route names one of these; a route
 * without a permission does not compile.
 */
export const PERMISSIONS = {
  anyone: 'anyone',
  signed_in: POSTS,
  'visit.register': ['clerk', 'director', 'mediator'],
  'visit.read': ['clerk', 'director', 'mediator', 'leader'],
  'matter.register': ['clerk', 'director'],
  'matter.read': ['clerk', 'director', 'mediator', 'leader', 'reviewer'],
  'matter.edit': ['clerk', 'director', 'mediator'],
  'matter.void': ['clerk', 'director'],
  'person.read': ['clerk', 'director', 'mediator'],
  'person.edit': ['clerk', 'director', 'mediator'],
  'person.reveal': ['clerk', 'director', 'mediator'],
  'handling.assign': ['director'],
  'handling.decide': ['director'],
  'handling.mediate': ['mediator', 'director'],
  'handling.verify': ['clerk', 'director'],
  'pool.read': ['clerk', 'director', 'mediator'],
  'pool.edit': ['director', 'administrator'],
  'statistics.read': ['director', 'leader', 'reviewer', 'clerk'],
  'statistics.export': ['director', 'reviewer', 'clerk'],
  'sealed.send': ['clerk', 'mediator', 'director'],
  'psych.read': ['psych_worker'],
  'psych.edit': ['psych_worker'],
  'roster.read': ['roster_officer'],
  'roster.edit': ['roster_officer'],
  'children.read': ['child_officer'],
  'children.edit': ['child_officer'],
  'search.use': [
    'clerk',
    'director',
    'mediator',
    'leader',
    'reviewer',
    'psych_worker',
    'roster_officer',
    'child_officer',
  ],
  'exchange.run': [
    'administrator',
    'director',
    'clerk',
    'mediator',
    'psych_worker',
    'roster_officer',
    'child_officer',
  ],
  'exchange.manage': ['administrator', 'director'],
  'difference.read': [
    'clerk',
    'director',
    'mediator',
    'administrator',
    'psych_worker',
    'roster_officer',
    'child_officer',
  ],
  'difference.decide': [
    'clerk',
    'director',
    'mediator',
    'administrator',
    'psych_worker',
    'roster_officer',
    'child_officer',
  ],
  'join.admit': ['administrator', 'director'],
  'account.manage': ['administrator'],
  'grant.give': ['psych_worker', 'roster_officer', 'child_officer'],
  'staff.read': POSTS,
  'setting.edit': ['administrator'],
  'backup.make': ['administrator', 'director'],
  'verify.run': ['administrator', 'auditor', 'director'],
  'audit.read': ['auditor'],
} as const satisfies Record<string, 'anyone' | readonly Post[]>
export type Permission = keyof typeof PERMISSIONS

/**
 * @param permission as a route declares it
 * @param post the session's current post, or undefined when nobody is signed in
 * @returns whether the permission table allows it
 */
export function isAllowed(permission: Permission, post: Post | undefined): boolean {
  const allowed: 'anyone' | readonly Post[] = PERMISSIONS[permission]
  if (allowed === 'anyone') return true
  return post !== undefined && allowed.includes(post)
}
