const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
}

/** The value of an integer literal: decimal, `0x`, `0b`, `0o`, or octal with a leading zero; `_` between digits. Undefined when it is none. */
export function parseIntLiteral(text: string): bigint | undefined {
  const digits = text.replaceAll('_', '').toLowerCase()
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`)
  return /^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined
}

/** The value of a floating-point literal, decimal or hexadecimal. Undefined when it is none. */
export function parseFloatLiteral(text: string): number | undefined {
  const digits = text.replaceAll('_', '').toLowerCase()
  const hex = /^0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/.exec(digits)
  if (hex !== null) {
    const [, whole = '', fraction = '', exponent = ''] = hex
    if (whole + fraction === '') return undefined
    return Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length)
  }
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(digits) ? Number(digits) : undefined
}

/** The code point of a rune literal, with its quotes. Undefined when it is none. */
export function parseRuneLiteral(text: string): number | undefined {
  if (!/^'.+'$/su.test(text)) return undefined
  const units = unescape(text.slice(1, -1))
  if (units?.length !== 1) return undefined
  const [unit] = units
  return typeof unit === 'string' ? unit.codePointAt(0) : unit
}

/** The value of a string literal, interpreted or raw, with its quotes. Bytes that are not UTF-8 become U+FFFD. Undefined when it is none. */
export function parseStringLiteral(text: string): string | undefined {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1).replaceAll('\r', '')
  if (text.length < 2 || !/^".*"$/s.test(text)) return undefined
  const units = unescape(text.slice(1, -1))
  if (units === undefined) return undefined
  if (units.every((unit) => typeof unit === 'string')) return units.join('')
  const encoder = new TextEncoder()
  const bytes = units.flatMap((unit) => (typeof unit === 'string' ? Array.from(encoder.encode(unit)) : [unit]))
  return new TextDecoder().decode(new Uint8Array(bytes))
}

// Characters as texts, and bytes written as \x41 or \101 as numbers.
function unescape(text: string): (string | number)[] | undefined {
  const units: (string | number)[] = []
  const pattern = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([^\\])/gsu
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const [whole, hex, octal, short, long, single, plain] = match
    if (match.index !== end) return undefined
    end += whole.length
    if (plain !== undefined) units.push(plain)
    else if (hex !== undefined) units.push(Number.parseInt(hex, 16))
    else if (octal !== undefined) units.push(Number.parseInt(octal, 8))
    else if (single !== undefined) {
      const code = ESCAPES[single]
      if (code === undefined) return undefined
      units.push(String.fromCodePoint(code))
    } else {
      const point = Number.parseInt(short ?? (long as string), 16)
      if (point > 0x10ffff) return undefined
      units.push(String.fromCodePoint(point))
    }
  }
  return end === text.length ? units : undefined
}
