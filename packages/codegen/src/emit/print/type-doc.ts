import { type Doc, group, ifBroken, indent, join, line, softLine } from './doc.ts'

/** A TypeScript type, as far as generated modules need it. */
export type TypeText =
  | { readonly kind: 'word'; readonly name: string }
  | { readonly kind: 'ref'; readonly name: string; readonly args: readonly TypeText[] }
  | { readonly kind: 'list'; readonly elem: TypeText }
  | { readonly kind: 'orNull'; readonly of: TypeText }

/** A type that is a keyword, `string` for one. */
export const word = (name: string): TypeText => ({ kind: 'word', name })

/** A type with a name, and arguments if it takes any. */
export const ref = (name: string, ...args: readonly TypeText[]): TypeText => ({ kind: 'ref', name, args })

/** `of | null`. */
export const orNull = (of: TypeText): TypeText => (of.kind === 'orNull' ? of : { kind: 'orNull', of })

/** Where a type stands decides how a union breaks. */
type Place = 'property' | 'argument' | 'element'

/** A type as the formatter would lay it out. */
export function typeDoc(type: TypeText, place: Place = 'property'): Doc {
  switch (type.kind) {
    case 'word':
      return type.name
    case 'ref':
      return [type.name, argumentsDoc(type.args)]
    case 'list':
      // `readonly` binds to the list, so a list of lists needs brackets; so does a union.
      return type.elem.kind === 'word' || type.elem.kind === 'ref'
        ? ['readonly ', typeDoc(type.elem, 'element'), '[]']
        : ['readonly (', typeDoc(type.elem, 'element'), ')[]']
    default:
      return unionDoc(type.of, place)
  }
}

function unionDoc(of: TypeText, place: Place): Doc {
  if (of.kind === 'ref') return [typeDoc(of), ' | null']
  const parts = [indent(typeDoc(of)), 'null']
  const lead = place === 'argument' ? ifBroken('| ') : ifBroken([place === 'property' ? line : softLine, '| '])
  const code = [lead, join([line, '| '], parts)]
  if (place === 'argument') return group(code)
  return place === 'property' ? group(indent(code)) : group(indent(code), softLine)
}

function argumentsDoc(args: readonly TypeText[]): Doc {
  if (args.length === 0) return ''
  const [only] = args
  if (args.length === 1 && isHugged(only as TypeText)) return ['<', typeDoc(only as TypeText, 'argument'), '>']
  const parts = args.map((arg) => typeDoc(arg, 'argument'))
  return group('<', indent(softLine, join([',', line], parts)), softLine, '>')
}

function isHugged(type: TypeText): boolean {
  if (type.kind === 'orNull') return type.of.kind === 'ref'
  return type.kind === 'word' || (type.kind === 'ref' && type.args.length === 0)
}
