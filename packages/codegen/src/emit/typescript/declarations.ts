import { RivuletError } from '@rivulet/wire'
import type { NamedType, SchemaConst, SchemaEnum, SchemaField, SchemaPackage } from '../../model/schema-model.ts'
import { fieldName } from '../model-index.ts'
import { commentDoc } from '../print/comment.ts'
import { beside, type Doc, hardLine, indent } from '../print/doc.ts'
import { isIdentifierName, createNames } from '../print/identifier.ts'
import { literalDoc, openObject, propertyDoc, propertyKey } from '../print/literal.ts'
import { ref, typeDoc } from '../print/type-doc.ts'
import { plainValue } from '../sort-model.ts'
import type { ModuleWriter } from './module-writer.ts'
import { type Spelling, typeText } from './type-text.ts'
import type { FieldReading } from './reading.ts'

/**
 * The constants of a package. Names of stores are left out, because the stores' descriptors have them; so is the first member of an enum, which the
 * reference also exports as a constant.
 */
export function constDocs({ module }: ModuleWriter): readonly Doc[] {
  const { pkg, names } = module
  const members = new Set(pkg.enums.flatMap((type) => type.members.map(({ goName }) => goName)))
  const shown = pkg.consts.filter(({ name, origin }) => origin !== 'storeName' && !members.has(name))
  return shown.map((one) => [
    commentDoc(one.extra?.doc),
    assignment(`export const ${names.values.get(one.name)}`, literalDoc(plainValue(one.value))),
  ])
}

function assignment(head: string, value: Doc): Doc {
  return [head, ' =', beside(value)]
}

/** The enums of a package: an object of its members, and the type of their values. */
export function enumDocs(writer: ModuleWriter): readonly Doc[] {
  const { pkg, names } = writer.module
  return pkg.enums.map((type) => {
    const name = names.values.get(type.name) as string
    const members = memberNames(type).map(([member, value, doc]): Doc => [
      commentDoc(doc),
      propertyDoc(propertyKey(member), literalDoc(memberValue(type, value, writer))),
    ])
    const values = assignment(`export type ${names.types.get(type.name)}`, `(typeof ${name})[keyof typeof ${name}]`)
    const object = ['export const ', name, ' = ', openObject(members), ' as const']
    const note = `A value of {@link ${name}}; a newer host may send others.`
    return [commentDoc(type.extra?.doc), object, hardLine, hardLine, commentDoc(note), values]
  })
}

type Member = readonly [name: string, value: boolean | number | string | bigint, doc: string | undefined]

// What is left of `E0` without the `E` is no name: such members keep the whole one, and so does whoever is in their way.
function memberNames(type: SchemaEnum): readonly Member[] {
  const whole = type.members.some(({ name }, at) =>
    type.members.some((other, otherAt) => otherAt !== at && (other.name === name || other.goName === name)),
  )
  const names = createNames()
  return type.members.map(({ name, goName, value, extra }) => {
    const wanted = !whole && isIdentifierName(name) && !names.has(name) ? name : goName
    return [names.has(wanted) ? names.take(wanted) : wanted, plainValue(value), extra?.doc]
  })
}

function memberValue({ name, kind }: SchemaEnum, value: Member[1], { plan, module }: ModuleWriter): Member[1] {
  if (kind !== 'int64' && kind !== 'uint64') return value
  if (plan.readings.namedBigint(`${module.pkg.name}.${name}`)) return BigInt(value)
  if (typeof value !== 'bigint') return value
  throw new RivuletError('schema', `a member of ${module.pkg.name}.${name} is ${value}, which a number cannot hold`, {
    hint: 'Read 64-bit integers as bigint: set the option "wide".',
  })
}

/** The named primitives of a package. */
export function namedTypeDocs(writer: ModuleWriter): readonly Doc[] {
  const { names, pkg } = writer.module
  return pkg.namedTypes.map((type) => [
    commentDoc(type.extra?.doc),
    assignment(`export type ${names.types.get(type.name)}`, primitiveOf(type, writer)),
  ])
}

function primitiveOf({ name, kind }: NamedType, { plan, module: { pkg } }: ModuleWriter): string {
  if (kind === 'string') return 'string'
  if (kind === 'bool') return 'boolean'
  return (kind === 'int64' || kind === 'uint64') && plan.readings.namedBigint(`${pkg.name}.${name}`)
    ? 'bigint'
    : 'number'
}

/** The interfaces of a package's structs, of the packets that an app has in hand, and of generic structs with arguments. */
export function interfaceDocs(writer: ModuleWriter): readonly Doc[] {
  const { module, plan, spelling } = writer
  const { pkg, names, instances } = module
  const written = (name: string, of: string, fields: readonly SchemaField[], doc: string | undefined): Doc =>
    interfaceDoc(names.types.get(name) as string, fields, doc, {
      spelling,
      reading: (field) => plan.readings.field(fieldName(of, field)),
    })
  const structs = pkg.structs.filter(({ typeParams = [] }) => typeParams.length === 0)
  // A response never reaches an app as such: its result does.
  const packets = pkg.packets.filter(({ packet }) => packet !== 'rpcResponse')
  const users = packetUsers(writer)
  return [
    ...structs.map((def) => written(def.name, `${pkg.name}.${def.name}`, def.fields, def.extra?.doc)),
    ...instances.map((one) => written(one.ref, one.of, one.fields, one.def.extra?.doc)),
    ...packets.map((def) =>
      written(def.name, `${pkg.name}.${def.name}`, def.fields, def.extra?.doc ?? users.get(`${pkg.name}.${def.name}`)),
    ),
  ]
}

function packetUsers({ module: { pkg, names } }: ModuleWriter): ReadonlyMap<string, string> {
  return new Map([
    ...pkg.rpcs.map((one) => [one.request, `The arguments of {@link ${names.rpcs.get(one.name)}}.`] as const),
    ...pkg.ffrpcs.map((one) => [one.request, `The arguments of {@link ${names.sends.get(one.name)}}.`] as const),
    ...pkg.events.map((one) => [one.packet, `What {@link ${names.events.get(one.name)}} carries.`] as const),
    ...pkg.keyedEvents.map((one) => [one.packet, `What {@link ${names.keyedEvents.get(one.name)}} carries.`] as const),
  ])
}

function interfaceDoc(
  name: string,
  fields: readonly SchemaField[],
  doc: string | undefined,
  { spelling, reading }: { readonly spelling: Spelling; readonly reading: (field: SchemaField) => FieldReading },
): Doc {
  // An empty interface would accept everything that is not null.
  if (fields.length === 0) {
    const none = ref(
      spelling.global('Readonly'),
      ref(spelling.global('Record'), { kind: 'word', name: 'string' }, { kind: 'word', name: 'never' }),
    )
    return [commentDoc(doc), `export type ${name} = `, typeDoc(none)]
  }
  const parts = fields.map((field): Doc => [
    hardLine,
    commentDoc(field.extra?.doc),
    `readonly ${propertyName(field.tsName)}: `,
    typeDoc(typeText(field.node, reading(field), spelling)),
  ])
  return [commentDoc(doc), `export interface ${name} {`, indent(parts), hardLine, '}']
}

const propertyName = (name: string): string => (name === '__proto__' ? name : propertyKey(name))

/** Whether a package declares anything at all. */
export function isEmptyPackage(pkg: SchemaPackage): boolean {
  const lists: readonly (readonly unknown[])[] = [
    pkg.enums,
    pkg.namedTypes,
    pkg.structs,
    pkg.packets,
    pkg.stores,
    pkg.streams ?? [],
  ]
  return lists.every((list) => list.length === 0) && pkg.consts.every(isStoreName)
}

const isStoreName = ({ origin }: SchemaConst): boolean => origin === 'storeName'
