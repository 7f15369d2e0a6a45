import type { Declared, GoFile, GoPackage } from '../project/go-package.ts'
import type { PackageLoader } from '../project/load-packages.ts'
import type { ConstSyntax, FuncSyntax, TypeSyntax, VarSyntax } from '../syntax/read-declarations.ts'

/** A package as an import names it. `pkg` is absent when its sources are not here. */
interface ImportedPackage {
  readonly path: string
  readonly pkg?: GoPackage
}

/** A name that stands for something declared. */
type Found<Syntax> =
  | { readonly kind: 'declared'; readonly declared: Declared<Syntax> }
  /** In a package whose sources are not here. */
  | { readonly kind: 'foreign'; readonly path: string }
  /** Neither declared nor imported; `pkg` is the package that should have it. */
  | { readonly kind: 'missing'; readonly pkg?: GoPackage }

/** Finds what names mean, in the scope of a file. `pkg` is the part in front of the dot, if there is one. */
export interface Lookup {
  readonly importOf: (file: GoFile, local: string) => ImportedPackage | undefined
  readonly type: (file: GoFile, pkg: string | undefined, name: string) => Found<TypeSyntax>
  readonly constant: (file: GoFile, pkg: string | undefined, name: string) => Found<ConstSyntax>
  readonly variable: (file: GoFile, pkg: string | undefined, name: string) => Found<VarSyntax>
  readonly func: (file: GoFile, pkg: string | undefined, name: string) => Found<FuncSyntax>
}

/** Looks names up in packages that `loader` loads. */
export function createLookup(loader: PackageLoader): Lookup {
  const importsOf = new WeakMap<GoFile, { readonly named: Map<string, ImportedPackage>; readonly dots: GoPackage[] }>()

  const imports = (file: GoFile) => {
    let known = importsOf.get(file)
    if (known === undefined) {
      known = { named: new Map(), dots: [] }
      importsOf.set(file, known)
      for (const { path, name } of file.imports) {
        const pkg = loader.imported(path, file.pkg)
        if (name === '.' && pkg !== undefined) known.dots.push(pkg)
        known.named.set(name ?? pkg?.name ?? guessName(path), pkg === undefined ? { path } : { path, pkg })
      }
    }
    return known
  }

  const find =
    <Syntax>(map: (pkg: GoPackage) => ReadonlyMap<string, Declared<Syntax>>) =>
    (file: GoFile, local: string | undefined, name: string): Found<Syntax> => {
      if (local !== undefined) {
        const target = imports(file).named.get(local)
        if (target === undefined) return { kind: 'missing' }
        if (target.pkg === undefined) return { kind: 'foreign', path: target.path }
        const declared = map(target.pkg).get(name)
        return declared === undefined ? { kind: 'missing', pkg: target.pkg } : { kind: 'declared', declared }
      }
      const declared = map(file.pkg).get(name) ?? imports(file).dots.flatMap((pkg) => map(pkg).get(name) ?? [])[0]
      return declared === undefined ? { kind: 'missing', pkg: file.pkg } : { kind: 'declared', declared }
    }

  return {
    importOf: (file, local) => imports(file).named.get(local),
    type: find((pkg) => pkg.types),
    constant: find((pkg) => pkg.consts),
    variable: find((pkg) => pkg.vars),
    func: find((pkg) => pkg.funcs),
  }
}

// What a package whose clause cannot be read is most probably called: its last element, without a version.
function guessName(path: string): string {
  const parts = path.split('/')
  const last = parts.at(-1) as string
  const name = /^v\d+$/.test(last) && parts.length > 1 ? (parts.at(-2) as string) : last
  return name.replace(/\.v\d+$/, '').replaceAll('-', '_')
}
