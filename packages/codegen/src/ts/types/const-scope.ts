import type { Expression, ObjectExpression, PropertyKey, TSEnumMember } from 'oxc-parser'
import type { Modules } from '../project/load-modules.ts'
import type { Declaration, TsModule } from '../syntax/declarations.ts'
import { type Constant, createEvaluate, type Evaluate } from './constants.ts'

type Of<Kind extends Declaration['kind']> = Declaration & { readonly kind: Kind }

/** A member of an enum as far as it is known: the value is undefined where it cannot be worked out, and then for those that count on from it. */
interface ReadMember {
  readonly node: TSEnumMember
  readonly name: string | undefined
  readonly value: string | number | undefined
}

/** Works out constants across modules: other constants, members of enums and of constant objects, by their names. */
export interface ConstScope {
  /** Evaluates expressions that stand in `module`. */
  readonly in: (module: TsModule) => Evaluate
  /** The value of a constant; undefined for one that cannot be worked out, or that needs itself. */
  readonly valueOf: (declared: Of<'const'>) => Constant | undefined
  readonly membersOf: (declared: Of<'enum'>) => readonly ReadMember[]
}

/** Constants that need each other through more steps than this are not worked out. */
const MAX_STEPS = 200

/** A scope in which the constants of `modules` are known. Each is worked out once. */
export function createConstScope(modules: Modules): ConstScope {
  const values = new Map<Declaration, Constant | undefined>()
  const members = new Map<Declaration, Map<string, Constant | undefined>>()
  const enums = new Map<Declaration, readonly ReadMember[]>()
  let steps = 0

  // What is being worked out has no value yet: what needs itself never gets one.
  const once = <Key>(
    known: Map<Key, Constant | undefined>,
    key: Key,
    work: () => Constant | undefined,
  ): Constant | undefined => {
    if (known.has(key) || steps > MAX_STEPS) return known.get(key)
    known.set(key, undefined)
    steps += 1
    const value: Constant | undefined = work()
    steps -= 1
    known.set(key, value)
    return value
  }

  const valueOf: ConstScope['valueOf'] = (declared) =>
    once(values, declared, () =>
      declared.node.init === null ? undefined : within(declared.module)(declared.node.init),
    )

  const knownOf = (declared: Declaration): Map<string, Constant | undefined> => {
    const known = members.get(declared) ?? new Map<string, Constant | undefined>()
    members.set(declared, known)
    return known
  }

  const membersOf: ConstScope['membersOf'] = (declared) => {
    const found = enums.get(declared)
    if (found !== undefined) return found
    const read: ReadMember[] = []
    enums.set(declared, read)
    const known = knownOf(declared)
    // Inside of an enum its earlier members are known by their names alone.
    const evaluate = within(declared.module, known)
    let next: number | undefined = 0
    for (const node of declared.node.body.members) {
      const { id, initializer } = node
      const name = id.type === 'Identifier' ? id.name : id.type === 'Literal' ? id.value : undefined
      const given: Constant | undefined = initializer === null ? next : evaluate(initializer)
      const value: ReadMember['value'] = typeof given === 'string' || typeof given === 'number' ? given : undefined
      if (name !== undefined) known.set(name, value)
      next = typeof value === 'number' ? value + 1 : undefined
      read.push({ node, name, value })
    }
    return read
  }

  const memberOf = (declared: Declaration, name: string): Constant | undefined => {
    if (declared.kind === 'enum') {
      membersOf(declared)
      return knownOf(declared).get(name)
    }
    if (declared.kind !== 'const' || declared.node.init === null) return undefined
    const property = frozenObject(declared.node.init)?.properties.find(
      (one) => one.type === 'Property' && !one.computed && keyName(one.key) === name,
    )
    if (property?.type !== 'Property') return undefined
    return once(knownOf(declared), name, () => within(declared.module)(property.value))
  }

  const within = (module: TsModule, own?: ReadonlyMap<string, Constant | undefined>): Evaluate =>
    createEvaluate(([name = '', member]) => {
      if (member === undefined && own?.has(name) === true) return own.get(name)
      const found = modules.value(module, name)
      if (found.kind !== 'declared') return undefined
      if (member !== undefined) return memberOf(found.declared, member)
      return found.declared.kind === 'const' ? valueOf(found.declared) : undefined
    })

  return { in: (module) => within(module), valueOf, membersOf }
}

/** The object of `{ … } as const`; undefined for anything else: without `as const` TypeScript itself sees only numbers and strings. */
export function frozenObject(init: Expression): ObjectExpression | undefined {
  if (init.type === 'TSSatisfiesExpression') return frozenObject(init.expression)
  if (init.type !== 'TSAsExpression' || init.expression.type !== 'ObjectExpression') return undefined
  const { typeAnnotation: type } = init
  const frozen =
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'const'
  return frozen ? init.expression : undefined
}

/** The name of a property that is not computed. */
export const keyName = (key: PropertyKey): string | undefined =>
  key.type === 'Identifier' ? key.name : key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined
