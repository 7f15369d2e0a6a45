/** What JSON has no word for is `{ [TAG]: [kind, value] }`; so is an object that has this key itself. */
const TAG = '$rivulet'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * Any data of a transport as JSON: also bytes, buffers, bigints, dates, maps, sets, `undefined`, and numbers that JSON does not have. Throws `TypeError` for functions, symbols, and instances of other classes.
 *
 * @example
 * fromJsonValue(JSON.parse(JSON.stringify(toJsonValue(new Map([[1n, new Uint8Array([1])]])))))
 */
export function toJsonValue(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : tag('number', Object.is(value, -0) ? '-0' : `${value}`)
    case 'bigint':
      return tag('bigint', `${value}`)
    case 'undefined':
      return tag('undefined', null)
    case 'object':
      return value === null ? null : fromObject(value)
    default:
      throw new TypeError(`a ${typeof value} cannot be sent`)
  }
}

function fromObject(value: object): Json {
  if (Array.isArray(value)) return Array.from(value, toJsonValue)
  if (value instanceof Uint8Array) return tag('bytes', toBase64(value))
  if (value instanceof ArrayBuffer) return tag('buffer', toBase64(new Uint8Array(value)))
  if (value instanceof Date) return tag('date', Number.isNaN(value.getTime()) ? null : value.getTime())
  if (value instanceof Set) return tag('set', [...value].map(toJsonValue))
  if (value instanceof Map)
    return tag(
      'map',
      [...value].map(([key, item]) => [toJsonValue(key), toJsonValue(item)]),
    )
  const proto: unknown = Object.getPrototypeOf(value)
  // Of another frame, too: its prototype is the end of a chain.
  if (proto !== null && Object.getPrototypeOf(proto) !== null)
    throw new TypeError('an instance of a class cannot be sent')
  const fields = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJsonValue(item)]))
  return Object.hasOwn(value, TAG) ? tag('object', fields) : fields
}

/** What {@link toJsonValue} was given. Takes `json` apart. Throws `TypeError` for what it never makes. */
export function fromJsonValue(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Object.hasOwn(json, TAG)) return untag((json as { readonly [TAG]: unknown })[TAG])
  return inPlace(json)
}

/** `JSON.parse` has made this object for us alone; a key `__proto__` is one of its own, and stays that. */
function inPlace(json: object): object {
  const fields = json as Record<string, unknown>
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    if (typeof value === 'object') fields[key] = fromJsonValue(value)
  }
  return fields
}

function untag(given: unknown): unknown {
  const [kind, value] = Array.isArray(given) ? (given as readonly unknown[]) : []
  switch (kind) {
    case 'number':
      return Number(value)
    case 'bigint':
      return BigInt(value as string)
    case 'undefined':
      return undefined
    case 'bytes':
      return fromBase64(value as string)
    case 'buffer':
      return fromBase64(value as string).buffer
    case 'date':
      return new Date(value === null ? Number.NaN : (value as number))
    case 'set':
      return new Set((value as readonly unknown[]).map(fromJsonValue))
    case 'map':
      return new Map(
        (value as readonly (readonly [unknown, unknown])[]).map(([key, item]) => [
          fromJsonValue(key),
          fromJsonValue(item),
        ]),
      )
    case 'object':
      return inPlace(value as object)
    default:
      throw new TypeError(`nothing is called ${String(kind)} here`)
  }
}

function tag(kind: string, value: Json): Json {
  return { [TAG]: [kind, value] }
}

/** Arguments that one call takes everywhere. */
const MAX_ARGUMENTS = 8192

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += MAX_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, at + MAX_ARGUMENTS))
  }
  return btoa(text)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
