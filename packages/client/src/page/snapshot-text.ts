import { type Path, type PathPart, RivuletError } from '@rivulet/wire'
import type { SnapshotEntry } from './create-snapshot.ts'

/** Says what the text is; another number is another form. */
const VERSION = 1
/** Text of more characters is not read: what makes a page this heavy is a mistake. */
const MAX_LENGTH = 64 * 1024 * 1024

/**
 * Entries as JSON which may stand in a script element, whatever is in it: `<`, `>`, `&` and the line ends that only JSON allows are escaped.
 *
 * ```
 * text  = { "rivulet": 1, "stores": [[name, hash, [[path, base64 | null], …]], …] }
 * path  = list of parts: "s…" text, "n…" number, "i…" bigint, "b…" boolean
 * ```
 */
export function writeEntries(
  entries: readonly SnapshotEntry[],
  bytesOf: (entry: SnapshotEntry) => Uint8Array | null,
): string {
  const stores = new Map<string, [name: string, hash: string, entries: unknown[]]>()
  for (const entry of entries) {
    let store = stores.get(entry.store)
    if (store === undefined) stores.set(entry.store, (store = [entry.store, entry.hash, []]))
    const bytes = bytesOf(entry)
    store[2].push([entry.path.map(writePart), bytes === null ? null : toBase64(bytes)])
  }
  return JSON.stringify({ rivulet: VERSION, stores: [...stores.values()] }).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The entries in a text. Throws `protocol` when it is not one of {@link writeEntries}. */
export function readEntries(text: string): SnapshotEntry[] {
  if (text.length > MAX_LENGTH) throw broken(`it has more than ${MAX_LENGTH} characters`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw broken('it is no JSON', cause)
  }
  const { rivulet, stores } = (parsed ?? {}) as { readonly rivulet?: unknown; readonly stores?: unknown }
  if (rivulet !== VERSION) throw broken('it is of another version')
  return list(stores).flatMap((store) => {
    const [name, hash, entries] = list(store)
    if (typeof name !== 'string' || typeof hash !== 'string') throw broken('a store has no name')
    return list(entries).map((entry) => {
      const [path, bytes] = list(entry)
      return { store: name, hash, path: list(path).map(readPart), bytes: bytes === null ? null : fromBase64(bytes) }
    })
  })
}

function writePart(part: PathPart): string {
  // String(-0) is "0", and the map keys 0 and -0 differ.
  if (typeof part === 'number') return `n${Object.is(part, -0) ? '-0' : part}`
  return `${typeof part === 'string' ? 's' : typeof part === 'bigint' ? 'i' : 'b'}${part}`
}

function readPart(text: unknown): Path[number] {
  const rest = typeof text === 'string' ? text.slice(1) : ''
  switch (typeof text === 'string' ? text[0] : undefined) {
    case 's':
      return rest
    case 'n':
      return Number(rest)
    case 'i':
      if (/^-?\d+$/.test(rest)) return BigInt(rest)
      break
    case 'b':
      return rest === 'true'
    default:
  }
  throw broken('a part of a path has no type')
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // In steps, because arguments are limited.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw broken('a value has no bytes')
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch (cause) {
    throw broken('a value is no base64', cause)
  }
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw broken('a list is missing')
  return value
}

function broken(what: string, cause?: unknown): RivuletError {
  return new RivuletError('protocol', `the state in the page cannot be read: ${what}`, {
    hint: 'Pass what dehydrate() returned, as it is.',
    ...(cause === undefined ? {} : { cause }),
  })
}
