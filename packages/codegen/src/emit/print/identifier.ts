const KEYWORDS =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'
const TYPE_NAMES = 'any bigint boolean never number object string symbol unknown'
const keywords = new Set(KEYWORDS.split(' '))
const typeNames = new Set(TYPE_NAMES.split(' '))

/** Whether `text` can stand behind a dot, or as a key without quotes. */
export function isIdentifierName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)
}

/** `text` as the name of something declared in a module: characters that no name can have are dropped, keywords get a `_`. */
function identifier(text: string): string {
  const kept = text.replaceAll(/[^\p{ID_Continue}$]/gu, '')
  const name = isIdentifierName(kept) ? kept : `_${kept}`
  return keywords.has(name) || typeNames.has(name) ? `${name}_` : name
}

/** Names of one scope, each given once. */
export interface Names {
  /** The first of `wishes` that is free, else the last one with as many `_` as it takes. */
  readonly take: (...wishes: readonly string[]) => string
  readonly has: (name: string) => boolean
}

/** A scope in which `taken` are given already. */
export function createNames(taken: Iterable<string> = []): Names {
  const given = new Set(taken)
  return {
    has: (name) => given.has(name),
    take: (...wishes) => {
      const wanted = wishes.map(identifier)
      let name = wanted.find((wish) => !given.has(wish)) ?? wanted.at(-1) ?? '_'
      while (given.has(name)) name += '_'
      given.add(name)
      return name
    },
  }
}
