import type { FeedEntry } from '@rivulet/client/inspect'

/** What the columns of the list say of an entry. */
export interface Described {
  /** `in` and `out` between engine and host; `page` between engine and page; `engine` for what is no message. */
  readonly dir: 'in' | 'out' | 'page' | 'engine'
  readonly kind: string
  readonly what: string
  readonly bytes?: number
  readonly took?: number
}

/**
 * Says what an entry is.
 *
 * @example
 * describeEntry({ type: 'page', seq: 1, at: 0, page: 2, step: 'left' }) // { dir: 'engine', kind: 'page', what: 'page 2 left' }
 */
export function describeEntry(entry: FeedEntry): Described {
  switch (entry.type) {
    case 'frame': {
      const { dir, store, name, key, update, action, call, bytes, took } = entry
      const what = [
        name ?? store,
        name !== undefined && store !== undefined ? `of ${store}` : undefined,
        key === undefined || key === '' ? undefined : key.replaceAll('%&', ' › '),
        update ?? (action === 'unsubscribe' ? 'no more' : undefined),
        call === undefined ? undefined : `#${call}`,
      ]
      return {
        dir,
        kind: kindOf(entry),
        what: what.filter((part) => part !== undefined).join(' '),
        bytes,
        ...(took === undefined ? {} : { took }),
      }
    }
    case 'patch':
      return {
        dir: 'page',
        kind: 'patch',
        what: `${entry.number % 1e10} to page ${entry.page}${entry.from === undefined ? '' : ` from #${entry.from}–${entry.to}`}`,
        bytes: entry.bytes,
      }
    case 'call':
      return {
        dir: 'page',
        kind: 'call',
        what: `${entry.name} ${entry.step}`,
        ...(entry.took === undefined ? {} : { took: entry.took }),
      }
    case 'connection':
      return { dir: 'engine', kind: 'connection', what: entry.status.state }
    case 'resync':
      return { dir: 'engine', kind: 'resync', what: `${entry.store}: ${entry.error.what}` }
    case 'error':
      return { dir: 'engine', kind: 'error', what: entry.error.what }
    default:
      return { dir: 'engine', kind: 'page', what: `page ${entry.page} ${entry.step}` }
  }
}

/** The name of the kind of an entry. */
export function kindOf(entry: FeedEntry): string {
  if (entry.type !== 'frame') return entry.type
  return entry.kind === 'other' ? (entry.event ?? entry.kind) : entry.kind
}

/** The error that an entry is about, or has. */
export function errorOf(entry: FeedEntry): { readonly what: string; readonly hint?: string } | undefined {
  return entry.type === 'connection' ? entry.status.error : 'error' in entry ? entry.error : undefined
}

/** What the list shows of everything. */
export interface Filter {
  readonly dir: string
  readonly kind: string
  readonly store: string
  /** In lower case. */
  readonly text: string
}

/** Whether an entry is wanted. */
export function passes(filter: Filter, entry: FeedEntry): boolean {
  // Most of the time nothing is filtered, and this is asked of every entry.
  if (filter.kind !== '' && filter.kind !== kindOf(entry)) return false
  if (filter.store !== '' && filter.store !== storeOf(entry)) return false
  if (filter.dir === '' && filter.text === '') return true
  const { dir, kind, what } = describeEntry(entry)
  if (filter.dir !== '' && filter.dir !== dir) return false
  // A key is found as it travels and as it is shown.
  const key = 'key' in entry ? (entry.key ?? '') : ''
  return filter.text === '' || `${kind} ${what} ${storeOf(entry) ?? ''} ${key}`.toLowerCase().includes(filter.text)
}

/** The store that an entry is about. */
export function storeOf(entry: FeedEntry): string | undefined {
  return entry.type === 'frame' || entry.type === 'resync' ? entry.store : undefined
}
