import type { SchemaPackage, SchemaStruct } from '../../model/schema-model.ts'
import type { ModelIndex } from '../model-index.ts'

/** Which file of a package each of its structs is in. */
export interface GoFiles {
  readonly index: ModelIndex
  /** The file of the struct called `name`; undefined for what is no struct of the package. */
  readonly fileOf: (name: string) => string | undefined
  /** The structs of each file, by the file's name. */
  readonly files: ReadonlyMap<string, readonly SchemaStruct[]>
}

/**
 * Structs stay together as they are in their source, and those that deltas reach through come together, because in Go deltas reach no further than
 * a file (wire.md §9.1).
 */
export function goFiles(pkg: SchemaPackage, index: ModelIndex): GoFiles {
  const groups = new Map(pkg.structs.map((def) => [def.name, def.file]))
  for (const def of pkg.structs) {
    for (const { partial } of def.fields) {
      const child = partial?.sub?.startsWith(`${pkg.name}.`) ? partial.sub.slice(pkg.name.length + 1) : def.name
      const [here, there] = [groups.get(def.name) as string, groups.get(child) ?? (groups.get(def.name) as string)]
      if (here === there) continue
      for (const [name, group] of groups) if (group === there) groups.set(name, here)
    }
  }
  const sources = [...new Set(groups.values())].toSorted()
  const names = new Map<string, string>()
  for (const source of sources) names.set(source, uniqueName(source, [...names.values()]))
  const fileOf = (name: string): string | undefined => names.get(groups.get(name) ?? '')
  const files = new Map<string, SchemaStruct[]>()
  for (const def of pkg.structs) {
    const file = fileOf(def.name) as string
    files.set(file, [...(files.get(file) ?? []), def])
  }
  return { index, fileOf, files }
}

function uniqueName(source: string, taken: readonly string[]): string {
  const wanted = goFileName(source)
  let name = wanted
  for (let count = 2; taken.includes(name); count++) name = wanted.replace(/\.go$/, `${count}.go`)
  return name
}

// Names that end in a system, a machine or `_test` mean something to Go.
function goFileName(file: string): string {
  if (file.endsWith('.go')) return file
  const stem = file.replace(/(\.d)?\.[cm]?[jt]sx?$/, '').replaceAll(/[^\p{L}\p{Nd}]+/gu, '')
  return `${stem.toLowerCase() || 'model'}.go`
}
