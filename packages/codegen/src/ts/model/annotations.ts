import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { STORE_TYPES, type SourcePlace, type StoreType } from '../../model/schema-model.ts'
import type { Flavour } from '../../model/schema-node.ts'
import type { Declaration } from '../syntax/declarations.ts'
import type { Doc, DocTag } from '../syntax/doc-tags.ts'

/** A store that a struct is the state of. */
export interface StoreTag {
  readonly name: string
  readonly type: StoreType
  readonly at: SourcePlace
}

/** What an interface of signatures declares. */
type CallKind = 'rpc' | 'send' | 'event' | 'keyedEvent' | 'stream'

/** An interface of signatures. */
export interface CallTag {
  readonly kind: CallKind
  /** What stands in front of the names on the wire; undefined for the interface's name. */
  readonly prefix: string | undefined
  /** Of keyed events and streams. */
  readonly store: string | undefined
  readonly at: SourcePlace
}

/** What the doc comment of a declaration says. */
export interface Annotations {
  readonly flavour?: Flavour
  readonly store?: StoreTag
  readonly calls?: CallTag
  /** Where a constant is annotated as one that travels. */
  readonly constant?: SourcePlace
  /** The group of structs that see each other's partials. */
  readonly group?: string
  /** Of the first annotation that makes the declaration travel. */
  readonly at?: SourcePlace
}

const FLAVOURS: Readonly<Record<string, Flavour>> = { serializers: 'flat', fields: 'fielded', partials: 'partial' }
const STRENGTH: readonly (Flavour | undefined)[] = [undefined, 'flat', 'fielded', 'partial']
const CALLS = new Set<string>(['rpc', 'send', 'event', 'keyedEvent', 'stream'] satisfies CallKind[])
const WORDS =
  'serializers, fields, partials, store(Name, Type), file(name), rpc, send, event, keyedEvent(Store), stream(Store) and const'

/** Reads the annotations above a declaration. What cannot be read is in `diagnostics`. */
export function readAnnotations({ doc }: Declaration, diagnostics: Diagnostics): Annotations {
  const result: { -readonly [Key in keyof Annotations]: Annotations[Key] } = {}
  for (const tag of doc.tags) {
    if (!tag.word.startsWith('restream.')) continue
    const word = tag.word.slice('restream.'.length)
    if (Object.hasOwn(FLAVOURS, word)) {
      const flavour = FLAVOURS[word] as Flavour
      if (STRENGTH.indexOf(flavour) > STRENGTH.indexOf(result.flavour)) result.flavour = flavour
    } else if (word === 'store') {
      const store = readStore(tag, diagnostics)
      if (store !== undefined) result.store = store
    } else if (CALLS.has(word)) {
      const calls = readCalls(tag, word as CallKind, diagnostics)
      if (calls !== undefined) result.calls = calls
    } else if (word === 'const') {
      result.constant = tag.at
    } else if (word === 'file') {
      const [group = '', ...more] = argumentsOf(tag)
      if (group !== '' && more.length === 0) result.group = group
      else diagnostics.error('annotation', tag.at, '@restream.file names no group', 'Write @restream.file(name).')
      continue
    } else {
      diagnostics.error('annotation', tag.at, `there is no annotation @${tag.word}`, `There are ${WORDS}.`)
    }
    result.at ??= tag.at
  }
  return result
}

const argumentsOf = ({ argument }: DocTag): readonly string[] =>
  argument === undefined || argument.trim() === '' ? [] : argument.split(',').map((part) => unquote(part.trim()))

const unquote = (text: string): string => /^(["'`])(.*)\1$/.exec(text)?.[2] ?? text

function readStore(tag: DocTag, diagnostics: Diagnostics): StoreTag | undefined {
  const { at } = tag
  const [name = '', typeText, ...more] = argumentsOf(tag)
  if (name === '' || more.length > 0) {
    const hint = 'Write @restream.store(Name) or @restream.store(Name, Type).'
    diagnostics.error('annotation', at, '@restream.store does not name one store', hint)
    return undefined
  }
  if (typeText === undefined) return { name, type: 'DeviceWithRelay', at }
  const spelled = unquote(typeText.replace(/^(type|storeType)\s*=\s*/, ''))
    .replace(/^restream\./, '')
    .replace(/^StoreType/, '')
  const type = STORE_TYPES.find((known) => known === spelled)
  if (type === undefined) {
    const message = `"${typeText}" is not a store type`
    diagnostics.error('store-type', at, message, `The store types are ${STORE_TYPES.join(', ')}.`)
    return undefined
  }
  return { name, type, at }
}

// `rpc` = the interface's name in front; `rpc(Board)` = Board; `rpc()` = nothing. Keyed events and streams have their store first.
function readCalls(tag: DocTag, kind: CallKind, diagnostics: Diagnostics): CallTag | undefined {
  const { at, argument } = tag
  const args = argumentsOf(tag)
  const ofStore = kind === 'keyedEvent' || kind === 'stream'
  const [store, prefix, ...more] = ofStore ? args : [undefined, ...args]
  if (more.length > 0 || (ofStore && !store)) {
    const form = ofStore ? `${kind}(Store) or @restream.${kind}(Store, Prefix)` : `${kind} or @restream.${kind}(Prefix)`
    const message = `@restream.${kind} has ${ofStore && !store ? 'no store' : 'too much'} in its parentheses`
    diagnostics.error('annotation', at, message, `Write @restream.${form}.`)
    return undefined
  }
  return { kind, store, at, prefix: !ofStore && argument !== undefined ? (prefix ?? '') : prefix }
}

/** The only tag called `word`. */
export function tagOf(doc: Doc, word: string): DocTag | undefined {
  return doc.tags.find((tag) => tag.word === word)
}

/** The level of `@access N`; undefined without the tag, and after a diagnostic. */
export function accessOf(doc: Doc, what: string, diagnostics: Diagnostics): number | undefined {
  const tag = tagOf(doc, 'access')
  if (tag === undefined) return undefined
  const level = /^\d{1,3}$/.test(tag.value) ? Number(tag.value) : 256
  if (level <= 255) return level
  const message = `the access level of ${what} is no number from 0 to 255`
  diagnostics.error('access-level', tag.at, message, 'Write @access 1, for example; 0 is for everybody.')
  return undefined
}
