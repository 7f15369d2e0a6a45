import type { Names } from '../print/identifier.ts'
import { type Doc, group, hardLine, ifBroken, indent, join, line } from '../print/doc.ts'

interface Imported {
  readonly name: string
  readonly as: string
  readonly typeOnly: boolean
}

/** What a module imports, found out while it is written. */
export interface Imports {
  /** The name that `name` of `from` has in this module: its own, or one of `instead` where that is taken. */
  readonly type: (from: string, name: string, ...instead: readonly string[]) => string
  readonly value: (from: string, name: string, ...instead: readonly string[]) => string
  /** The import statements, by module. */
  readonly doc: () => Doc
}

/** No imports yet. */
export function createImports(names: Names): Imports {
  const modules = new Map<string, Map<string, Imported>>()
  const add = (from: string, name: string, instead: readonly string[], typeOnly: boolean): string => {
    const known = modules.get(from) ?? new Map<string, Imported>()
    modules.set(from, known)
    const found = known.get(name)
    if (found !== undefined) {
      // A type and a value of one name come together.
      known.set(name, { ...found, typeOnly: found.typeOnly && typeOnly })
      return found.as
    }
    const as = names.take(name, ...instead)
    known.set(name, { name, as, typeOnly })
    return as
  }
  return {
    type: (from, name, ...instead) => add(from, name, instead, true),
    value: (from, name, ...instead) => add(from, name, instead, false),
    doc: () =>
      [...modules].toSorted(byModule).map(([from, imported]) => [importDoc(from, [...imported.values()]), hardLine]),
  }
}

// Packages come before files, as most people sort them.
function byModule([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const [left, right] = [a.startsWith('.'), b.startsWith('.')]
  return left === right ? (a < b ? -1 : 1) : left ? 1 : -1
}

function importDoc(from: string, imported: readonly Imported[]): Doc {
  const typeOnly = imported.every((one) => one.typeOnly)
  const parts = imported
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, as, typeOnly: type }) => `${type && !typeOnly ? 'type ' : ''}${name === as ? name : `${name} as ${as}`}`,
    )
  const open = group('{', indent(line, join([',', line], parts)), ifBroken(','), line, '}')
  // One name alone does not break, however long.
  const list = parts.length === 1 ? `{ ${parts[0]} }` : open
  return ['import ', typeOnly ? 'type ' : '', list, ` from '${from}'`]
}
