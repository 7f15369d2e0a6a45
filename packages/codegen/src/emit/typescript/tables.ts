import type { StructDef, StructTable } from '@rivulet/wire'
import { commentDoc } from '../print/comment.ts'
import { type Doc, group, hardLine, ifBroken, indent, join, line, softLine } from '../print/doc.ts'
import { createNames } from '../print/identifier.ts'
import { literalDoc, openObject, type Plain, propertyDoc, propertyKey } from '../print/literal.ts'
import type { ModulePlan, Plan } from './plan.ts'
import { type ModuleWriter, specifier } from './module-writer.ts'

/** The struct table of a module and the list of tables that its descriptors need: plain data, which a bundler drops where no descriptor is used. */
export function tableDocs(writer: ModuleWriter): readonly Doc[] {
  const { module, plan, imports, spelling } = writer
  const { names, reaches, pkg } = module
  if (reaches.length === 0) return []
  const own = hasOwnTable(module)
  const tables = reaches.map((name) => {
    const other = plan.module(name)
    if (other === module && own) return names.structs
    if (hasOwnTable(other)) return imports.value(specifier(plan, other.path), other.names.structs, `${name}Structs`)
    const shared = circleNames(other).get(name) as string
    return imports.value(specifier(plan, circlePath(plan, other)), shared, `${name}StructTable`)
  })
  // The module's own table first: it is where most names are found.
  const ordered = own ? [names.structs, ...tables.filter((_, at) => reaches[at] !== pkg.name)] : tables
  const list = group('[', indent(softLine, join([',', line], ordered)), ifBroken(','), softLine, ']')
  return [
    ...(own ? [tableDoc(names.structs, spelling.wire('StructTable'), module.table)] : []),
    [
      commentDoc('The tables that the descriptors of this module refer to.'),
      `export const ${names.tables}: ${spelling.wire('Types')} = `,
      list,
    ],
  ]
}

function hasOwnTable({ circle, table }: ModulePlan): boolean {
  return circle.length <= 1 && Object.keys(table).length > 0
}

/** What the tables of modules that need each other's are called in the file that has them. */
export function circleNames({ circle }: ModulePlan): ReadonlyMap<string, string> {
  const names = createNames(['StructTable'])
  return new Map(circle.map((name) => [name, names.take(`${name}Structs`)]))
}

/** The file that has the tables of modules which need each other's. */
export function circlePath(plan: Plan, module: ModulePlan): string {
  const [first = module.pkg.name] = module.circle
  return plan.module(first).path.replace(/\.ts$/, 'Tables.ts')
}

/** An exported struct table. */
export function tableDoc(name: string, typeName: string, table: StructTable): Doc {
  const entries = Object.entries(table).map(([ref, def]): Doc => propertyDoc(propertyKey(ref), structDoc(def)))
  return [
    commentDoc('Every struct of this module, as it travels.'),
    `export const ${name}: ${typeName} = `,
    openObject(entries),
  ]
}

function structDoc({ form, fields }: StructDef): Doc {
  if (fields.length === 0) return literalDoc({ form, fields: [] })
  const rows = fields.map((field): Doc => [hardLine, literalDoc(field as unknown as Plain), ','])
  return openObject([
    ['form: ', literalDoc(form)],
    ['fields: ', fields.length === 1 ? literalDoc(fields as unknown as Plain) : ['[', indent(rows), hardLine, ']']],
  ])
}
