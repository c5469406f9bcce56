/** The only way to bind values: a tagged template. Fragments nest; identifiers come from declarations through `ident`. */
export type SqlValue = string | number | bigint | null | Uint8Array
export interface Sql {
  readonly text: string
  readonly params: readonly SqlValue[]
}

const isSql = (value: SqlValue | Sql): value is Sql =>
  typeof value === 'object' && value !== null && 'text' in value && 'params' in value

export function sql(strings: TemplateStringsArray, ...values: readonly (SqlValue | Sql)[]): Sql {
  let text = strings[0] ?? ''
  const params: SqlValue[] = []
  values.forEach((value, index) => {
    if (isSql(value)) {
      text += value.text
      params.push(...value.params)
    } else {
      text += '?'
      params.push(value)
    }
    text += strings[index + 1] ?? ''
  })
  return { text, params }
}

/** A name of ours (table, column) as SQL. Refuses anything that is not lower snake_case. */
export function ident(name: string): Sql {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`not an identifier: ${name}`)
  return { text: `"${name}"`, params: [] }
}

/** Joins fragments: `join(conditions, ' AND ')`. */
export function join(parts: readonly Sql[], separator: string): Sql {
  return {
    text: parts.map((part) => part.text).join(separator),
    params: parts.flatMap((part) => [...part.params]),
  }
}

/** `(?, ?, …)` for an IN list; an empty list matches nothing. */
export function list(values: readonly SqlValue[]): Sql {
  return values.length === 0 ? sql`(NULL)` : { text: `(${values.map(() => '?').join(', ')})`, params: values }
}
