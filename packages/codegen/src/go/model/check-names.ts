import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaModel, SchemaPackage, SourcePlace } from '../../model/schema-model.ts'

/** Names that must be one of a kind: packages, stores, and what a package generates. */
export function checkNames({ packages }: SchemaModel, diagnostics: Diagnostics): void {
  const files = new Map<string, SchemaPackage>()
  const stores = new Map<string, SourcePlace | undefined>()
  for (const pkg of packages) {
    const other = files.get(pkg.tsFile)
    const place = pkg.extra?.files?.[0] ?? pkg.name
    if (other !== undefined) {
      const message = `package ${pkg.name} is in ${other.extra?.dir} and in ${pkg.extra?.dir}: both would be ${pkg.tsFile}`
      diagnostics.error('duplicate-package', place, message, 'Rename one of the packages.')
    }
    files.set(pkg.tsFile, pkg)
    for (const store of pkg.stores) {
      if (stores.has(store.name)) {
        const before = stores.get(store.name)
        const message = `the store "${store.name}" is there already, at ${before?.file}:${before?.line}`
        diagnostics.error('duplicate-name', store.extra?.at ?? place, message, 'Give one of them another name.')
      }
      stores.set(store.name, store.extra?.at)
    }
  }
}
