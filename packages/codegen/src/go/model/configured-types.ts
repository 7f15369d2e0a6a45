import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { ConfigPlaces } from '../project/config-places.ts'
import type { Declared, GoPackage } from '../project/go-package.ts'
import type { PackageLoader } from '../project/load-packages.ts'
import type { TypeSyntax } from '../syntax/read-declarations.ts'

interface Configured {
  readonly configPlace: ConfigPlaces
  readonly additionalEnums: readonly string[]
  readonly buildSerializers: readonly string[]
}

/** Adds the types that restream.yaml names: `additionalEnums` (`<import path>.<Type>`) and `buildSerializers` (`<import path>/<Type>`). */
export function addConfigured(
  { configPlace, additionalEnums, buildSerializers }: Configured,
  loader: PackageLoader,
  packages: readonly GoPackage[],
  diagnostics: Diagnostics,
  on: {
    readonly struct: (declared: Declared<TypeSyntax>) => void
    readonly name: (ref: string, pkg: GoPackage) => void
  },
): void {
  const find = (setting: string, entry: string, index: number, separator: string): Declared<TypeSyntax> | undefined => {
    const cut = entry.lastIndexOf(separator)
    const [path, name] = [entry.slice(0, Math.max(cut, 0)), entry.slice(cut + 1)]
    const [from] = packages
    const pkg = packages.find(({ importPath }) => importPath === path) ?? (from && loader.imported(path, from))
    const declared = pkg?.types.get(name)
    if (declared === undefined) {
      const message =
        pkg === undefined
          ? `${setting}: the sources of package "${path}" are not here`
          : `${setting}: package "${path}" has no type ${name}`
      const hint = `Entries read <import path>${separator}<Type>, of this module or one that go.mod replaces by a folder.`
      diagnostics.error(
        pkg === undefined ? 'foreign-package' : 'unknown-type',
        configPlace(setting, index),
        message,
        hint,
      )
    }
    return declared
  }
  for (const [index, entry] of additionalEnums.entries()) {
    const declared = find('additionalEnums', entry, index, '.')
    if (declared !== undefined) on.name(`${declared.file.pkg.name}.${declared.syntax.name}`, declared.file.pkg)
  }
  for (const [index, entry] of buildSerializers.entries()) {
    const declared = find('buildSerializers', entry, index, '/')
    if (declared === undefined) continue
    if (declared.syntax.type.kind === 'struct') on.struct(declared)
    else {
      const at = configPlace('buildSerializers', index)
      diagnostics.error('config', at, `buildSerializers: ${entry} is no struct`, 'Name a struct.')
    }
  }
}
