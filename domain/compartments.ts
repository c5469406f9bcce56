/**
 * Compartments (保密专库): each an encrypted SQLite file with its own key, connection, exchange identity, change log,
 * audit chain, search index, blobs and backup. One code path serves all; another one costs a line here and a
 * migration list in `db/migrations`.
 */
export const COMPARTMENTS = ['base', 'psych', 'roster', 'children'] as const
export type Compartment = (typeof COMPARTMENTS)[number]
export type ConfidentialCompartment = Exclude<Compartment, 'base'>
export const CONFIDENTIAL_COMPARTMENTS = COMPARTMENTS.filter(
  (name): name is ConfidentialCompartment => name !== 'base',
)

/** Chinese name as shown to people. */
export const COMPARTMENT_NAMES: Readonly<Record<Compartment, string>> = {
  base: '基础库',
  psych: '心理服务专库',
  roster: '特殊人群专库',
  children: '未成年人关爱专库',
}
