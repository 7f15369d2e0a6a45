import {
  type FieldDef,
  type StoreDef,
  type StructDef,
  type StructTable,
  type TypeNode,
  type Types,
  validateTypes,
} from '@rivulet/wire'
import { bad, type Check, inside, list, object, oneOf, plain, text, whole, yes } from './checks.ts'
import type { RecordingDefs } from './recording.ts'

/** Types that lie inside one another; the wire refuses values long before. */
const MAX_DEPTH = 64
const MAX_STRUCTS = 10_000

const SIMPLE = [
  'bool',
  'string',
  'float32',
  'float64',
  'any',
  'int8',
  'int16',
  'int32',
  'uint8',
  'uint16',
  'uint32',
] as const

/** By kind: what a type node has besides it. */
function nodeChecks(depth: number): Readonly<Record<string, Check<Record<string, unknown>>>> {
  const below = typeNode(depth + 1)
  const one = { kind: text(20) }
  const named = { named: text() }
  const wide = object(one, { ...named, as: oneOf('number', 'bigint') })
  const notNull = { notNull: yes }
  return {
    ...Object.fromEntries(SIMPLE.map((kind) => [kind, object(one, named)])),
    int64: wide,
    uint64: wide,
    time: object(one, { ...named, as: oneOf('date', 'millis') }),
    bytes: object(one, notNull),
    pointer: object({ ...one, elem: below }, notNull),
    array: object({ ...one, elem: below }, notNull),
    map: object({ ...one, key: below, value: below }, notNull),
    set: object({ ...one, key: below }, notNull),
    struct: object({ ...one, ref: text() }),
  }
}

function typeNode(depth: number): Check<TypeNode> {
  return (value) => {
    if (depth > MAX_DEPTH) throw bad(`a type nested more than ${MAX_DEPTH} deep`)
    const from = plain(value)
    const checks = nodeChecks(depth)
    const kind = inside('kind', text(20), from['kind'])
    const check = Object.hasOwn(checks, kind) ? checks[kind] : undefined
    if (check === undefined) throw bad(`"${kind}" is not a kind of type`)
    return check(from) as unknown as TypeNode
  }
}

const field = object({ name: text(), type: typeNode(0) }, { wire: text(), id: whole(1), mod: yes })

const struct = object({
  form: oneOf('flat', 'fielded', 'partial'),
  fields: list((value) => field(value) as unknown as FieldDef, 1000),
})

const table: Check<StructTable> = (value) => {
  const from = Object.entries(plain(value))
  if (from.length > MAX_STRUCTS) throw bad(`the table has ${from.length} structs, at most ${MAX_STRUCTS} are read`)
  return Object.fromEntries(
    from.map(([name, def]) => [name, inside(name, (it) => struct(it) as unknown as StructDef, def)]),
  )
}

function structIn(types: Types): Check<string> {
  return (value) => {
    const ref = text()(value)
    if (!types.some((known) => Object.hasOwn(known, ref))) throw bad(`no table has the struct "${ref}"`)
    return ref
  }
}

/** Descriptors refer to tables by their numbers; those with the same tables share one list, because codecs are kept for it. */
function typesOf(tables: readonly StructTable[]): Check<Types> {
  const made = new Map<string, Types>()
  const tableOf: Check<StructTable> = (n) => {
    const found = tables[n as number]
    if (found === undefined) throw bad(`there is no table ${String(n)}`)
    return found
  }
  return (value) => {
    const numbers = list(whole(), 1000)(value)
    const id = numbers.join()
    let types = made.get(id)
    if (types === undefined) {
      types = numbers.map((_, i) => inside(i, tableOf, numbers[i]))
      validateTypes(types)
      made.set(id, types)
    }
    return types
  }
}

/** The descriptors of a recording, as JSON has them. Throws `malformed` or, from the wire's own checks, `schema`. */
export const readDefs: Check<RecordingDefs> = (value) => {
  const from = plain(value)
  const tables = inside('tables', list(table, 1000), from['tables'])
  const types = typesOf(tables)
  const named = { kind: text(20), name: text(), types }
  const access = { access: whole() }
  const kinds: Readonly<Record<string, Check<Record<string, unknown>>>> = {
    store: object({ ...named, state: text() }, access),
    rpc: object({ ...named, request: text(), response: text() }, access),
    send: object({ ...named, request: text() }, access),
    event: object({ ...named, packet: text() }),
    keyedEvent: object({ ...named, store: text(), packet: text() }),
  }
  const def =
    (...allowed: readonly string[]): Check<unknown> =>
    (it) => {
      const kind = inside('kind', oneOf(...allowed), plain(it)['kind'])
      const made = (kinds[kind] as Check<Record<string, unknown>>)(it)
      for (const part of ['state', 'request', 'response', 'packet']) {
        if (made[part] !== undefined) inside(part, structIn(made['types'] as Types), made[part])
      }
      return made
    }
  return {
    stores: inside('stores', list(def('store'), 10_000), from['stores']) as readonly StoreDef[],
    requests: inside('requests', list(def('rpc', 'send'), 10_000), from['requests']),
    events: inside('events', list(def('event', 'keyedEvent'), 10_000), from['events']),
  } as RecordingDefs
}

/** The descriptors as {@link readDefs} takes them: every table once. */
export function writeDefs({ stores, requests, events }: RecordingDefs): Record<string, readonly unknown[]> {
  const tables: StructTable[] = []
  const numberOf = (one: StructTable): number => {
    const at = tables.indexOf(one)
    return at >= 0 ? at : tables.push(one) - 1
  }
  const write = (def: { readonly types: Types }): unknown => ({ ...def, types: def.types.map(numberOf) })
  const written = { stores: stores.map(write), requests: requests.map(write), events: events.map(write) }
  return { tables, ...written }
}
