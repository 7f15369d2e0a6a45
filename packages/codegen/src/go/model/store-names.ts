import { createDiagnostics } from '../../diagnostics/diagnostic.ts'
import type { Constant } from '../constants/constant.ts'
import type { GoFile } from '../project/go-package.ts'
import type { Lookup } from '../types/lookup.ts'
import { readAnnotations } from './annotations.ts'

/** The constants `<Store>Name`, which the generated Go declares and sources may use before that is there. */
export function storeNameConstant(lookup: Lookup) {
  return (file: GoFile, pkg: string | undefined, name: string): Constant | undefined => {
    if (!name.endsWith('Name')) return undefined
    const found = lookup.type(file, pkg, name.slice(0, -'Name'.length))
    if (found.kind !== 'declared') return undefined
    const { syntax, file: home } = found.declared
    // What is wrong with the annotation is said where the store is read.
    const { store } = readAnnotations(home.path, syntax.comments, createDiagnostics())
    return store === undefined ? undefined : { kind: 'string', value: store.name }
  }
}
