import { validateTypes } from '@rivulet/wire'
import type { SchemaModel } from '../../model/schema-model.ts'
import { bannerOf } from '../banner.ts'
import type { EmittedFile } from '../emitted-file.ts'
import { type Doc, hardLine, join, printDoc } from '../print/doc.ts'
import { constDocs, enumDocs, interfaceDocs, isEmptyPackage, namedTypeDocs } from './declarations.ts'
import { descriptorDocs } from './descriptors.ts'
import { createModuleWriter, WIRE } from './module-writer.ts'
import { type ModuleOptions, type ModulePlan, type Plan, planModules } from './plan.ts'
import { circleNames, circlePath, tableDoc, tableDocs } from './tables.ts'

/** Columns of generated code. */
const WIDTH = 120

/**
 * One TypeScript module per package of the model (spec: codegen.md §3): readonly interfaces, enums as objects with a union of their values,
 * named primitives, constants, and descriptors for stores, calls and events. Nothing runs when a module is imported.
 *
 * What the wire can leave out is `null`; a pointer to something that can be null itself is a `Box`. 64-bit integers are checked numbers, or bigints;
 * times are `Date`s, or Unix milliseconds: see {@link ModuleOptions}. Generic structs become one interface per list of type arguments. The text does
 * not depend on the order of the model, and is formatted.
 *
 * @throws RivuletError `config` for options that cannot work, `schema` for a model that contradicts itself.
 *
 * @example
 * const { model } = await readGo(diskTree('host'))
 * for (const { path, text } of emitTypeScript(model, { wide: 'bigint' })) writeFileSync(join('src/schema', path), text)
 */
export function emitTypeScript(model: SchemaModel, options: ModuleOptions = {}): readonly EmittedFile[] {
  const plan = planModules(model, options)
  const modules = plan.modules.filter(({ pkg }) => !isEmptyPackage(pkg))
  for (const { reaches } of modules) validateTypes(reaches.map((name) => plan.module(name).table))
  const files = [...modules.map((module) => moduleFile(plan, module)), ...circleFiles(plan)]
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function moduleFile(plan: Plan, module: ModulePlan): EmittedFile {
  const writer = createModuleWriter(plan, module)
  const sections = [
    ...constDocs(writer),
    ...enumDocs(writer),
    ...namedTypeDocs(writer),
    ...interfaceDocs(writer),
    ...tableDocs(writer),
    ...descriptorDocs(writer),
  ]
  return { path: module.path, text: fileText(bannerOf([module.pkg]), writer.imports.doc(), sections) }
}

function circleFiles(plan: Plan): readonly EmittedFile[] {
  const circles = plan.modules.filter(({ circle, pkg }) => circle.length > 1 && circle[0] === pkg.name)
  return circles.map((module) => {
    const members = module.circle.map((name) => plan.module(name))
    const names = circleNames(module)
    const tables = members.map(({ pkg, table }) => tableDoc(names.get(pkg.name) as string, 'StructTable', table))
    const imports = [`import type { StructTable } from '${WIRE}'`, hardLine]
    return { path: circlePath(plan, module), text: fileText(bannerOf(members.map(({ pkg }) => pkg)), imports, tables) }
  })
}

/** A file: banner, imports, and the rest with a blank line in between. */
export function fileText(banner: string, imports: Doc, sections: readonly Doc[]): string {
  const body = printDoc([imports, hardLine, join([hardLine, hardLine], sections)], WIDTH)
  return `${banner}\n${body.replace(/^\n+/, '\n').replace(/^(?=\S)/, '\n')}\n`
}
