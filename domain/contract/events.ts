/** What the core tells windows without being asked. Types only: they come from our own process. */
export type CoreEvent =
  /** Rows changed, here or by an import: lists ask again. Never steals the focus. */
  | { readonly kind: 'changed'; readonly tables: readonly string[]; readonly counter: number }
  | { readonly kind: 'locked' }
  | { readonly kind: 'signed_out' }
  | { readonly kind: 'exchange' }
  /** Sent by the core host of the main process, not by the core itself. */
  | { readonly kind: 'core_gone'; readonly restarting: boolean }
  | { readonly kind: 'core_back' }
