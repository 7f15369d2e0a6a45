import type { AccountStoreState } from './generated/schema.ts'

/** What an account starts with. */
export function freshAccount(): AccountStoreState {
  return { title: 'first', count: 0, rows: new Map([['a', 1]]), marks: [1, 2, 3] }
}
