import { RivuletError } from '@rivulet/wire'
import type { NodeExtra, SchemaNode } from '../../model/schema-node.ts'
import { partsOf } from '../../model/node-parts.ts'
import { fieldName, type ModelIndex } from '../model-index.ts'

/** How values that JavaScript has two types for are read. */
export interface Reading {
  /** 64-bit integers: `number`, where a value that would not be exact is an error, or `bigint`. */
  readonly wide: 'number' | 'bigint'
  /** Points in time: `Date`, or Unix milliseconds as a number. The wire has whole milliseconds, so there is nothing finer to read. */
  readonly time: 'date' | 'millis'
}

/** How values are read, for a project and for single fields. */
export interface ReadingOptions extends Partial<Reading> {
  /** By `package.Struct.Field`, as the host spells them. */
  readonly fields?: Readonly<Record<string, Partial<Reading>>>
}

/** How the fields of a model are read. */
export interface Readings {
  readonly project: Reading
  /** Of a field. */
  readonly field: (name: string) => FieldReading
  /** Whether a named 64-bit integer is declared as a bigint: as the source says where it is used, else as the project has it. */
  readonly namedBigint: (ref: string) => boolean
}

/** How one field is read: what its options say, then what the source says, then the project's. */
export interface FieldReading {
  readonly own: Partial<Reading>
  readonly project: Reading
}

/** Throws `config` for a field that the model does not have. */
export function createReadings(options: ReadingOptions, index: ModelIndex): Readings {
  const { wide = 'number', time = 'date', fields = {} } = options
  const project: Reading = { wide, time }
  const known = new Set(
    index.model.packages.flatMap((pkg) =>
      [...pkg.structs, ...pkg.packets].flatMap((def) =>
        def.fields.map((field) => fieldName(`${pkg.name}.${def.name}`, field)),
      ),
    ),
  )
  for (const name of Object.keys(fields)) {
    if (known.has(name)) continue
    const hint = "Fields are named package.Struct.Field, as in the host's source."
    throw new RivuletError('config', `the option "fields" names ${name}, which the model does not have`, { hint })
  }
  const said = namedWide(index)
  return {
    project,
    namedBigint: (ref) => (said.get(ref) ?? wide) === 'bigint',
    field: (name) => ({ own: Object.hasOwn(fields, name) ? (fields[name] as Partial<Reading>) : {}, project }),
  }
}

// A source that chooses does so where it declares the type, so all the places that use it agree.
function namedWide({ model }: ModelIndex): ReadonlyMap<string, NodeExtra['as']> {
  const said = new Map<string, NodeExtra['as']>()
  const visit = (node: SchemaNode): void => {
    if ((node.kind === 'int64' || node.kind === 'uint64') && node.named !== undefined && node.extra?.as !== undefined)
      said.set(node.named, node.extra.as)
    for (const part of partsOf(node)) visit(part)
  }
  for (const pkg of model.packages)
    for (const def of [...pkg.structs, ...pkg.packets]) for (const field of def.fields) visit(field.node)
  return said
}

/** Whether a 64-bit integer is read as a bigint. */
export function readsBigint({ own, project }: FieldReading, extra: NodeExtra | undefined): boolean {
  const said = extra?.as === 'number' || extra?.as === 'bigint' ? extra.as : undefined
  return (own.wide ?? said ?? project.wide) === 'bigint'
}

/** Whether a point in time is read as a number. */
export function readsMillis({ own, project }: FieldReading, extra: NodeExtra | undefined): boolean {
  const said = extra?.as === 'date' || extra?.as === 'millis' ? extra.as : undefined
  return (own.time ?? said ?? project.time) === 'millis'
}
