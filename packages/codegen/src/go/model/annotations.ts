import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { STORE_TYPES, type SourcePlace, type StoreType } from '../../model/schema-model.ts'
import type { Flavour } from '../../model/schema-node.ts'
import { commentText } from '../syntax/comments.ts'
import { type Node, placeOf } from '../syntax/node.ts'

/** What `@restream.store(…)` says. */
export interface StoreAnnotation {
  readonly name: string
  readonly type: StoreType
  readonly at: SourcePlace
}

/** What the comment above a declaration says (codegen.md §1). */
export interface Annotations {
  /** The strongest of `serializers`, `fields` and `partials`. */
  readonly flavour?: Flavour
  readonly store?: StoreAnnotation
  readonly ignored: boolean
  /** Of the first annotation. */
  readonly at?: SourcePlace
}

const FLAVOURS: Readonly<Record<string, Flavour>> = { serializers: 'flat', fields: 'fielded', partials: 'partial' }
const STRENGTH: readonly (Flavour | undefined)[] = [undefined, 'flat', 'fielded', 'partial']

/** Reads the annotations in `comments`. What cannot be read is in `diagnostics`. */
export function readAnnotations(file: string, comments: readonly Node[], diagnostics: Diagnostics): Annotations {
  let flavour: Flavour | undefined
  let store: StoreAnnotation | undefined
  let ignored = false
  let at: SourcePlace | undefined
  for (const comment of comments) {
    for (const line of commentText(comment).split('\n')) {
      for (const match of line.matchAll(/@restream\.(\w+)/g)) {
        const [, word = ''] = match
        const place = placeOf(file, comment)
        at ??= place
        const found = Object.hasOwn(FLAVOURS, word) ? FLAVOURS[word] : undefined
        if (found !== undefined) flavour = STRENGTH.indexOf(found) > STRENGTH.indexOf(flavour) ? found : flavour
        else if (word === 'store') store = parseStore(line.slice(match.index + match[0].length), place, diagnostics)
        else if (word === 'Ignore') ignored = true
        else {
          const hint = 'There are serializers, fields, partials, store(Name, Type) and Ignore.'
          diagnostics.error('annotation', place, `there is no annotation @restream.${word}`, hint)
        }
      }
    }
  }
  return {
    ignored,
    ...(flavour === undefined ? {} : { flavour }),
    ...(store === undefined ? {} : { store }),
    ...(at === undefined ? {} : { at }),
  }
}

function parseStore(rest: string, at: SourcePlace, diagnostics: Diagnostics): StoreAnnotation | undefined {
  const hint = 'Write @restream.store(Name) or @restream.store(Name, Type).'
  const inside = /^\s*\(([^()]*)\)/.exec(rest)?.[1]
  if (inside === undefined) {
    diagnostics.error('annotation', at, '@restream.store has no name in parentheses', hint)
    return undefined
  }
  const [name = '', typeText, ...more] = inside.split(',').map((part) => unquote(part.trim()))
  if (name === '' || more.length > 0) {
    diagnostics.error('annotation', at, `@restream.store(${inside}) does not name one store`, hint)
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

const unquote = (text: string): string => /^(["'`])(.*)\1$/.exec(text)?.[2] ?? text
