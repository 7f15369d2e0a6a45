import { type Path, RivuletError, stateNode, type StoreDef, type TypeNode } from '@rivulet/wire'
import type { ConditionOp, PlainCondition, RowSelection, Scalar } from '../list-query.ts'
import type { Condition, KeysOptions } from './list-types.ts'
import { pathKey } from './path-key.ts'
import { behindPointers, childNode, typeAt } from './schema-walk.ts'

/** What is asked of a list, checked and in its plain form. */
export interface ListPlan {
  /** Different for plans that differ. */
  readonly id: string
  /** A list in its own order: its keys are known from its length. */
  readonly indices: boolean
  /** A size is enough. */
  readonly plain: boolean
  readonly select: RowSelection
  readonly offset: number
  readonly limit: number | undefined
}

const OPS: readonly ConditionOp[] = ['=', '!=', '<', '<=', '>', '>=', 'in', 'contains']

/** The collection's type at `path`. Throws `path` where there is none. */
export function listAt(def: StoreDef, path: Path): TypeNode {
  const node = behindPointers(typeAt(def, stateNode(def), path))
  if (node.kind === 'map' || node.kind === 'array' || node.kind === 'set') return node
  throw new RivuletError('path', `a ${node.kind} has no keys`, {
    store: def.name,
    path,
    hint: 'Name a map, a list or a set.',
  })
}

/**
 * Checks the options. Throws `path` for a field that rows do not have or that has parts, `invalid-value` for a value that is not of the field's type, `config` for a window, operator or locale that cannot be.
 */
export function planList(def: StoreDef, path: Path, options: KeysOptions): ListPlan {
  const { orderBy, direction, collation, offset = 0, limit } = options
  const node = listAt(def, path)
  for (const [name, n] of Object.entries({ offset, limit })) {
    if (n !== undefined && !(Number.isSafeInteger(n) && n >= 0))
      throw bad('config', def, path, `${name} cannot be ${n}`, 'It is a whole number, 0 or more.')
  }
  if (collation !== undefined) checkLocale(def, path, collation.locale)
  const where = conditionsOf(options).map((condition) => plainCondition(def, path, node, condition))
  const select: RowSelection = {
    ...(orderBy === undefined ? {} : { orderBy: fieldAt(def, path, node, orderBy).field }),
    ...(orderBy !== undefined && direction === 'desc' ? { descending: true } : {}),
    ...(orderBy === undefined || collation === undefined ? {} : { collation }),
    ...(where.length === 0 ? {} : { where }),
  }
  const plain = orderBy === undefined && where.length === 0
  const indices = plain && node.kind === 'array'
  return { id: idOf(path, select, offset, limit), indices, plain, select, offset, limit }
}

function conditionsOf({ where }: KeysOptions): readonly Condition[] {
  if (where === undefined) return []
  return Array.isArray(where) ? (where as readonly Condition[]) : [where as Condition]
}

function plainCondition(def: StoreDef, path: Path, node: TypeNode, { field, op, value }: Condition): PlainCondition {
  const { field: plain, type } = fieldAt(def, path, node, field)
  const place: Path = [...path, ...plain]
  if (!OPS.includes(op)) throw bad('config', def, place, `"${op}" is no operator`, `Use one of: ${OPS.join(' ')}.`)
  if ((op === 'in') !== Array.isArray(value))
    throw bad('invalid-value', def, place, 'a list of values goes with "in"', 'Other operators take one value.')
  const wanted = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
  for (const one of wanted) {
    const blank = one === null && op !== 'contains'
    if (!blank && typeOf(one) !== type)
      throw bad('invalid-value', def, place, `a ${typeOf(one)} cannot be compared with this field`, `Give a ${type}.`)
  }
  if (op === 'contains' && type !== 'string')
    throw bad('invalid-value', def, place, 'only strings contain something', 'Use another operator.')
  return { field: plain, op, value }
}

function fieldAt(def: StoreDef, path: Path, node: TypeNode, given: string | Path): { field: Path; type: string } {
  const field = typeof given === 'string' ? [given] : given
  let at: TypeNode | undefined = rowOf(node)
  for (const part of field) at = at && childNode(def.types, at, part)
  const type = at === undefined ? undefined : scalarOf(behindPointers(at))
  if (type === undefined) {
    const hint = 'Name a field of the row without parts: a string, number, bigint, boolean or time.'
    throw bad('path', def, [...path, ...field], 'rows cannot be ordered or compared by this', hint)
  }
  return { field, type }
}

function rowOf(node: TypeNode): TypeNode | undefined {
  if (node.kind === 'map') return node.value
  if (node.kind === 'array') return node.elem
  return node.kind === 'set' ? node.key : undefined
}

/** What values of a type are to JavaScript; undefined for types with parts. */
function scalarOf(node: TypeNode): string | undefined {
  switch (node.kind) {
    case 'string':
      return 'string'
    case 'bool':
      return 'boolean'
    case 'time':
      return node.as === 'millis' ? 'number' : 'Date'
    case 'int64':
    case 'uint64':
      return node.as === 'bigint' ? 'bigint' : 'number'
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'float32':
    case 'float64':
      return 'number'
    default:
      return undefined
  }
}

function typeOf(value: unknown): string {
  return value instanceof Date ? 'Date' : typeof value
}

function checkLocale(def: StoreDef, path: Path, locale: string): void {
  try {
    Intl.getCanonicalLocales(locale)
  } catch (cause) {
    throw new RivuletError('config', `"${locale}" is no locale`, {
      store: def.name,
      path,
      hint: 'Use a BCP 47 tag, such as "de" or "en-US".',
      cause,
    })
  }
}

function idOf(path: Path, { orderBy, descending, collation, where }: RowSelection, offset: number, limit?: number) {
  const conditions = where?.map(({ field, op, value }) => [pathKey(field), op, plainValue(value)])
  const { locale, numeric, sensitivity } = collation ?? {}
  const order = orderBy && [pathKey(orderBy), descending === true, locale, numeric, sensitivity]
  return JSON.stringify([pathKey(path), order, conditions, offset, limit])
}

function plainValue(value: Scalar | readonly Scalar[]): unknown {
  if (Array.isArray(value)) return value.map((one: Scalar) => plainValue(one))
  return [typeOf(value), value instanceof Date ? value.getTime() : String(value)]
}

function bad(
  code: 'path' | 'config' | 'invalid-value',
  def: StoreDef,
  path: Path,
  what: string,
  hint: string,
): RivuletError {
  return new RivuletError(code, what, { store: def.name, path, hint })
}
