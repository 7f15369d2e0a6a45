import {
  isRivuletError,
  type KeyNode,
  type PathPart,
  RivuletError,
  structOf,
  type TypeNode,
  type Types,
  withPlace,
  zeroOf,
} from '@rivulet/wire'
import { isBoxed } from './to-text.ts'

/**
 * Reads what `toText` wrote, or somebody typed: fields that are left out are zero. Throws `invalid-value` with the path of what does not fit its type; ranges are left to the encoder.
 *
 * @example
 * fromText(types, { kind: 'array', elem: { kind: 'uint64', as: 'bigint' } }, '[18446744073709551615]') // [18446744073709551615n]
 */
export function fromText(types: Types, node: TypeNode, text: string): unknown {
  let json: unknown
  try {
    json = JSON.parse(text, exactNumbers)
  } catch (error) {
    throw new RivuletError('invalid-value', `not JSON: ${(error as Error).message}`, { cause: error })
  }
  return read(types, node, json)
}

/** Whole numbers that a number cannot hold become bigints, where the runtime shows their digits. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
    ? BigInt(source)
    : value
}

type Json = Readonly<Record<string, unknown>>

function read(types: Types, node: TypeNode, json: unknown): unknown {
  switch (node.kind) {
    case 'pointer':
      // Marked not-null it is its pointee, which has a null of its own or none.
      if (json === null && node.notNull !== true) return null
      if (!isBoxed(node)) return read(types, node.elem, json)
      return { value: below('value', () => read(types, node.elem, objectOf(json, 'value')['value'])) }
    case 'any': {
      if (json === null) return null
      const { type, value } = objectOf(json, 'type', 'value')
      const held = typeof type === 'string' ? ({ kind: type } as TypeNode) : (type as TypeNode)
      if (typeof held?.kind !== 'string') throw bad('the type of an any: a kind such as "int32"', type)
      return { type: held, value: below('value', () => read(types, held, value)) }
    }
    case 'struct': {
      const { fields } = structOf(types, node.ref)
      const object = objectOf(json, ...fields.map(({ name }) => name))
      return Object.fromEntries(
        fields.map(({ name, type }) => [
          name,
          Object.hasOwn(object, name) ? below(name, () => read(types, type, object[name])) : zeroOf(types, type),
        ]),
      )
    }
    case 'array':
      if (json === null) return notNull(node, json)
      return listOf(json).map((item, i) => below(i, () => read(types, node.elem, item)))
    case 'set':
      if (json === null) return notNull(node, json)
      return new Set(listOf(json).map((item, i) => below(i, () => read(types, node.key, item))))
    case 'map':
      if (json === null) return notNull(node, json)
      return new Map(
        Object.entries(objectOf(json)).map(([key, item]) =>
          below(key, () => [readLeaf(node.key, keyJson(node.key, key)), read(types, node.value, item)] as const),
        ),
      )
    default:
      return readLeaf(node, json)
  }
}

/** Names of an object are always texts. */
function keyJson(node: KeyNode, key: string): unknown {
  return node.kind === 'bool' && (key === 'true' || key === 'false') ? key === 'true' : key
}

/**
 * Reads a value without parts from JSON, or from the text that stands for it.
 *
 * Throws `invalid-value` when it does not fit.
 */
export function readLeaf(node: TypeNode, json: unknown): unknown {
  switch (node.kind) {
    case 'bool':
      if (typeof json !== 'boolean') throw bad('true or false', json)
      return json
    case 'string':
      if (typeof json !== 'string') throw bad('a text', json)
      return json
    case 'bytes':
      return json === null ? notNull(node, json) : bytesOf(json)
    case 'time': {
      const millis = typeof json === 'number' ? json : typeof json === 'string' ? timeOf(json) : NaN
      if (Number.isNaN(millis)) throw bad('a time such as 2026-01-31T12:00:00Z', json)
      return node.as === 'millis' ? millis : new Date(millis)
    }
    case 'float32':
    case 'float64':
      return numberOf(json)
    case 'int64':
    case 'uint64':
      return wideOf(json, node.as === 'bigint')
    default:
      return wideOf(json, false)
  }
}

function numberOf(json: unknown): number {
  const value = typeof json === 'bigint' || (typeof json === 'string' && json.trim() !== '') ? Number(json) : json
  if (typeof value !== 'number' || (Number.isNaN(value) && json !== 'NaN')) throw bad('a number', json)
  return value
}

function wideOf(json: unknown, asBigint: boolean): number | bigint {
  const text = typeof json === 'string' ? json.trim() : json
  const whole =
    typeof text === 'bigint' || (typeof text === 'number' && Number.isInteger(text)) || /^-?\d+$/.test(String(text))
  if (!whole || typeof text === 'boolean') throw bad('a whole number', json)
  const big = BigInt(text as string | number | bigint)
  const number = Number(big)
  // An `any` has no choice of its own: exact numbers where they can be.
  return asBigint || !Number.isSafeInteger(number) ? big : number
}

/** Milliseconds also where a time is written as such. */
function timeOf(text: string): number {
  const millis = /^(-?\d+) ms$/.exec(text)?.[1]
  return millis === undefined ? Date.parse(text) : Number(millis)
}

function bytesOf(json: unknown): Uint8Array {
  const hex = typeof json === 'string' ? json.replaceAll(/\s/g, '') : ''
  if (typeof json !== 'string' || hex.length % 2 === 1 || /[^\da-f]/i.test(hex)) throw bad('bytes in hex', json)
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}

function notNull(node: { readonly notNull?: boolean }, json: unknown): null {
  if (node.notNull === true) throw bad('something other than null', json)
  return null
}

function objectOf(json: unknown, ...names: readonly string[]): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('an object', json)
  const unknown = names.length === 0 ? undefined : Object.keys(json).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new RivuletError('invalid-value', `there is no ${JSON.stringify(unknown)} here`, {
      hint: `Known are ${names.join(', ')}.`,
    })
  return json as Json
}

function listOf(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw bad('a list', json)
  return json
}

function below<T>(part: PathPart, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw isRivuletError(error) ? withPlace(error, { path: [part, ...error.path] }) : error
  }
}

function bad(expected: string, got: unknown): RivuletError {
  const text = JSON.stringify(got, (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part)) ?? 'nothing'
  return new RivuletError(
    'invalid-value',
    `expected ${expected}, got ${text.length > 40 ? `${text.slice(0, 39)}…` : text}`,
  )
}
