import type { Compartment } from '../../domain/compartments'
import { BASE_TABLES } from './base'
import { CHILDREN_TABLES, PSYCH_TABLES, ROSTER_TABLES } from './confidential'
import type { RowInput, Schema, TableDecl } from './declare'

/** What each compartment's file holds. */
export const SCHEMAS = {
  base: BASE_TABLES,
  psych: PSYCH_TABLES,
  roster: ROSTER_TABLES,
  children: CHILDREN_TABLES,
} as const satisfies Record<Compartment, Schema>

type Schemas = typeof SCHEMAS
type AllTables = Schemas['base'] & Schemas['psych'] & Schemas['roster'] & Schemas['children']
export type TableName = keyof AllTables & string
/** Values of a table's row as services give them. */
export type RowOf<T extends TableName> = RowInput<AllTables[T]>

/** @returns the declaration of a replicated table of this compartment, or undefined. */
export function tableOf(compartment: Compartment, name: string): TableDecl | undefined {
  const schema: Schema = SCHEMAS[compartment]
  return Object.hasOwn(schema, name) ? schema[name] : undefined
}
