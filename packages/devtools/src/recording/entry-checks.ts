import type { FeedEntry } from '@rivulet/client/inspect'
import type { PathPart } from '@rivulet/wire'
import { bad, type Check, inside, kindOf, list, number, object, oneOf, plain, text, whole, yes } from './checks.ts'

/** How JSON says the numbers and bigints of a path that it has no way of its own for. */
export function writePart(part: PathPart): unknown {
  if (typeof part === 'bigint') return { bigint: String(part) }
  if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))) {
    return { number: Object.is(part, -0) ? '-0' : String(part) }
  }
  return part
}

const readPart: Check<PathPart> = (value) => {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  const { bigint, number: special } = plain(value)
  if (typeof bigint === 'string' && /^-?\d{1,20}$/.test(bigint)) return BigInt(bigint)
  if (typeof special === 'string' && ['NaN', 'Infinity', '-Infinity', '-0'].includes(special)) return Number(special)
  throw bad(`expected a part of a path, got ${kindOf(value)}`)
}

const plainError = object(
  { code: text(100), what: text() },
  { store: text(), path: list(readPart, 1000), offset: number, hint: text() },
)

const status = object(
  {
    state: oneOf('connecting', 'authenticating', 'connected', 'disconnected', 'disposed'),
    since: number,
    attempt: whole(),
    clockOffset: (value) => (value === null ? null : number(value)),
  },
  { session: oneOf('fresh', 'resumed'), error: plainError },
)

const base = { type: text(20), seq: whole(1), at: number }

/** By `type`: what an entry must have, and what it may have. */
const ENTRIES: Readonly<Record<FeedEntry['type'], Check<Record<string, unknown>>>> = {
  frame: object(
    {
      ...base,
      dir: oneOf('in', 'out'),
      kind: oneOf(
        'storeupdate',
        'storesub',
        'event',
        'keyedevent',
        'keyedeventsub',
        'rpccall',
        'rpccallresp',
        'viewernotice',
        'datastreamendpoint',
        'other',
      ),
      bytes: whole(),
    },
    {
      event: text(),
      store: text(),
      name: text(),
      key: text(),
      update: oneOf('full', 'partial'),
      action: oneOf('subscribe', 'unsubscribe'),
      call: whole(),
      took: number,
      error: plainError,
      unapplied: yes,
    },
  ),
  patch: object({ ...base, page: whole(), number: whole(), bytes: whole() }, { from: whole(), to: whole() }),
  call: object(
    {
      ...base,
      page: whole(),
      id: whole(),
      name: text(),
      step: oneOf('asked', 'answered', 'failed', 'cancelled'),
    },
    { error: plainError, took: number },
  ),
  connection: object({ ...base, status }),
  resync: object({ ...base, store: text(), error: plainError }),
  error: object({ ...base, error: plainError }),
  page: object({ ...base, page: whole(), step: oneOf('joined', 'left') }),
}

/** Flags that engines may put on an entry beyond those above are kept: plain ones say no more than they say. */
function flagsOf(from: Readonly<Record<string, unknown>>, known: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value === 'boolean' && name !== '__proto__' && !Object.hasOwn(known, name)) known[name] = yes(value)
  }
  return known
}

/** One entry of the feed, as JSON has it. */
export const readEntry: Check<FeedEntry> = (value) => {
  const from = plain(value)
  const type = inside('type', oneOf(...(Object.keys(ENTRIES) as FeedEntry['type'][])), from['type'])
  return flagsOf(from, ENTRIES[type](from)) as unknown as FeedEntry
}

/** An entry as JSON has it: what is in it already, but for the paths of errors. */
export function writeEntry(entry: FeedEntry): unknown {
  if (entry.type === 'connection') {
    const { error } = entry.status
    return error === undefined ? entry : { ...entry, status: { ...entry.status, error: writeError(error) } }
  }
  return 'error' in entry && entry.error !== undefined ? { ...entry, error: writeError(entry.error) } : entry
}

function writeError(error: { readonly path?: readonly PathPart[] }): unknown {
  return error.path === undefined ? error : { ...error, path: error.path.map(writePart) }
}
