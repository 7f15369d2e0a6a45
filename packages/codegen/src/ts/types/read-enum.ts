import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { EnumMember, SchemaEnum, SourcePlace } from '../../model/schema-model.ts'
import type { IntegerKind, PrimitiveKind } from '../../model/schema-node.ts'
import { upperFirst } from '../../model/ts-name.ts'
import type { Modules } from '../project/load-modules.ts'
import type { Declaration } from '../syntax/declarations.ts'
import { type ConstScope, frozenObject, keyName } from './const-scope.ts'
import type { EnumShape } from './enum-shape.ts'

interface Member {
  readonly name: string
  readonly value: string | number | undefined
  readonly at: SourcePlace
}

/** The integers of each kind, as far as a literal can say them. */
const RANGES: Readonly<Record<IntegerKind, readonly [number, number]>> = {
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0, Number.MAX_SAFE_INTEGER],
}

/** The kind of an enum of integers that has no `@kind`. The wire writes small values in few bytes whatever the width. */
const DEFAULT_KIND: IntegerKind = 'int32'

/** What reading enums needs. */
export interface EnumTools {
  readonly modules: Modules
  readonly scope: ConstScope
  readonly diagnostics: Diagnostics
}

/** Reads an enum's members, sorted by value. Undefined after a diagnostic. */
export function readEnum(declared: Declaration, shape: EnumShape, tools: EnumTools): SchemaEnum | undefined {
  const { name, doc, module, start } = declared
  const at = module.file.placeAt(start)
  const { diagnostics } = tools
  const members = membersOf(declared, shape, tools)
  if (members === undefined) return undefined
  const kind = kindOf(declared, members, diagnostics)
  if (kind === undefined) return undefined
  const seen = new Map<string, Member>()
  for (const member of members) {
    const other = seen.get(member.name)
    seen.set(member.name, member)
    if (other === undefined) continue
    const message = `two members would both be ${name}.${member.name}`
    const hint = `Name them: const ${name} = { … } as const, and type ${name} = (typeof ${name})[keyof typeof ${name}].`
    diagnostics.error('enum-member', member.at, message, hint)
    return undefined
  }
  const sorted = members.map((member): EnumMember => ({
    name: member.name,
    goName: name + upperFirst(member.name),
    value: member.value as string | number,
    extra: { at: member.at },
  }))
  return {
    name,
    kind,
    members: sorted.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)),
    extra: doc.text === undefined ? { at } : { at, doc: doc.text },
  }
}

function kindOf(
  declared: Declaration,
  members: readonly Member[],
  diagnostics: Diagnostics,
): PrimitiveKind | undefined {
  const { name, doc, module, start } = declared
  const [first] = members
  if (first === undefined) {
    diagnostics.error('enum-member', module.file.placeAt(start), `${name} has no values`, 'Add one, or remove it.')
    return undefined
  }
  const tag = doc.tags.find(({ word }) => word === 'kind')
  const strings = typeof first.value === 'string'
  if (tag !== undefined && (strings || !Object.hasOwn(RANGES, tag.value))) {
    const message = strings ? `${name} has strings, and a @kind` : `"${tag.value}" is no kind of integer`
    const hint =
      'Integers may have @kind int8, int16, int32, int64, uint8, uint16, uint32 or uint64; strings have none.'
    diagnostics.error('enum-kind', tag.at, message, hint)
    return undefined
  }
  const kind = (tag?.value as IntegerKind | undefined) ?? DEFAULT_KIND
  const [low, high] = RANGES[kind]
  const wrong = members.find(({ value }) => {
    if (typeof value === 'string') return !strings
    return strings || value === undefined || !Number.isInteger(value) || value < low || value > high
  })
  if (wrong === undefined) return strings ? 'string' : kind
  const hint = strings
    ? 'Make all of its values strings.'
    : 'Make all of its values integers of its kind, which is int32 without a tag such as @kind uint32.'
  diagnostics.error('enum-kind', wrong.at, `${name}.${wrong.name} is no ${strings ? 'string' : kind}`, hint)
  return undefined
}

function membersOf(declared: Declaration, shape: EnumShape, tools: EnumTools): readonly Member[] | undefined {
  if (shape.kind === 'literals') return literalMembers(declared, shape.parts, tools.diagnostics)
  if (shape.kind === 'object') return objectMembers(declared, shape.name, tools)
  return declared.kind === 'enum' ? enumMembers(declared, tools.scope, tools.diagnostics) : undefined
}

function enumMembers(
  declared: Declaration & { readonly kind: 'enum' },
  scope: ConstScope,
  diagnostics: Diagnostics,
): readonly Member[] | undefined {
  const { name: enumName, module } = declared
  const found: Member[] = []
  for (const { node, name, value } of scope.membersOf(declared)) {
    const at = module.file.placeAt(node.id.start)
    if (name === undefined || value === undefined) {
      const message = `the value of ${enumName}.${name ?? '…'} cannot be worked out`
      diagnostics.error('constant', at, message, 'Use literals, operators, constants and earlier members of the enum.')
      return undefined
    }
    found.push({ name: memberName(name), value, at })
  }
  return found
}

function objectMembers(
  declared: Declaration,
  objectName: string,
  { modules, scope, diagnostics }: EnumTools,
): readonly Member[] | undefined {
  const { name, module, start } = declared
  const found = modules.value(module, objectName)
  const constant = found.kind === 'declared' && found.declared.kind === 'const' ? found.declared : undefined
  const object = constant?.node.init ? frozenObject(constant.node.init) : undefined
  if (constant === undefined || object === undefined) {
    const hint = `Write const ${objectName} = { … } as const.`
    const message = `the values of ${name} cannot be read: ${objectName} is no constant object`
    diagnostics.error('constant', module.file.placeAt(start), message, hint)
    return undefined
  }
  const { file } = constant.module
  const evaluate = scope.in(constant.module)
  const members: Member[] = []
  for (const property of object.properties) {
    const at = file.placeAt(property.start)
    const key = property.type === 'Property' && !property.computed ? keyName(property.key) : undefined
    const value = property.type === 'Property' ? evaluate(property.value) : undefined
    if (key === undefined || (typeof value !== 'string' && typeof value !== 'number')) {
      const message = `the value of ${objectName}.${key ?? '…'} cannot be worked out`
      diagnostics.error('constant', at, message, 'Use literals: { Idle: 0, Busy: 1 }.')
      return undefined
    }
    members.push({ name: memberName(key), value, at })
  }
  return members
}

function literalMembers(
  { name, module: { file } }: Declaration,
  parts: (EnumShape & { kind: 'literals' })['parts'],
  diagnostics: Diagnostics,
): readonly Member[] | undefined {
  const members: Member[] = []
  for (const { start, value } of parts) {
    const at = file.placeAt(start)
    const member = value === undefined ? undefined : literalName(value)
    if (member === undefined) {
      const message =
        value === undefined ? `a value of ${name} is no string or number` : `"${value}" of ${name} makes no name`
      const hint =
        value === undefined
          ? 'Use strings, or integers; for a truth value write `boolean`.'
          : `Name it: const ${name} = { … } as const, and type ${name} = (typeof ${name})[keyof typeof ${name}].`
      diagnostics.error('literal-type', at, message, hint)
      return undefined
    }
    members.push({ name: member, value, at })
  }
  return members
}

/** The member's name of a literal: `half-shade` is `HalfShade`, 3 is `Value3`, -1 is `ValueMinus1`. */
function literalName(value: string | number): string | undefined {
  if (typeof value === 'number') return `Value${String(value).replace('-', 'Minus')}`
  if (value === '') return 'Empty'
  const words = value.split(/[^\p{L}\p{Nd}]+/u).filter((word) => word !== '')
  const joined = words.map(upperFirst).join('')
  if (joined === '') return undefined
  return /^\p{Nd}/u.test(joined) ? `Value${joined}` : joined
}

// What is no identifier in other languages becomes one.
const memberName = (name: string): string =>
  /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(name) ? name : (literalName(name) ?? name)
