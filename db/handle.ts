/** Handles on an open compartment file. A reader cannot be handed where a writer is asked for, nor the other way by cast. */
import type Database from 'better-sqlite3'
import type { Sql } from './sql'

export interface ReadableDb {
  all<T>(query: Sql): T[]
  get<T>(query: Sql): T | undefined
  iterate<T>(query: Sql): IterableIterator<T>
}
export interface WritableDb extends ReadableDb {
  run(query: Sql): { readonly changes: number }
}

/** Wraps a connection with a cache of prepared statements by text; texts come from templates, so their number is small. */
export function handleOf(connection: Database.Database): WritableDb {
  const cache = new Map<string, Database.Statement>()
  const prepare = (query: Sql): Database.Statement => {
    let statement = cache.get(query.text)
    if (!statement) {
      statement = connection.prepare(query.text)
      if (cache.size >= 500) cache.clear()
      cache.set(query.text, statement)
    }
    return statement
  }
  return {
    all: <T>(query: Sql) => prepare(query).all(...query.params) as T[],
    get: <T>(query: Sql) => prepare(query).get(...query.params) as T | undefined,
    iterate: <T>(query: Sql) =>
      connection.prepare(query.text).iterate(...query.params) as IterableIterator<T>,
    run: (query: Sql) => ({ changes: prepare(query).run(...query.params).changes }),
  }
}
