import type { Constant } from './constant.ts'

const int = (value: bigint): Constant => ({ kind: 'int', value })
const float = (value: number): Constant => ({ kind: 'float', value })
const duration = (value: bigint): Constant => ({
  kind: 'int',
  value,
  type: { ref: 'time.Duration', kind: 'int64' },
})

const KNOWN: Readonly<Record<string, Constant>> = {
  'math.MaxInt': int(2n ** 63n - 1n),
  'math.MinInt': int(-(2n ** 63n)),
  'math.MaxInt8': int(127n),
  'math.MinInt8': int(-128n),
  'math.MaxInt16': int(32_767n),
  'math.MinInt16': int(-32_768n),
  'math.MaxInt32': int(2_147_483_647n),
  'math.MinInt32': int(-2_147_483_648n),
  'math.MaxInt64': int(2n ** 63n - 1n),
  'math.MinInt64': int(-(2n ** 63n)),
  'math.MaxUint': int(2n ** 64n - 1n),
  'math.MaxUint8': int(255n),
  'math.MaxUint16': int(65_535n),
  'math.MaxUint32': int(4_294_967_295n),
  'math.MaxUint64': int(2n ** 64n - 1n),
  'math.Pi': float(Math.PI),
  'math.E': float(Math.E),
  'math.MaxFloat64': float(Number.MAX_VALUE),
  'time.Nanosecond': duration(1n),
  'time.Microsecond': duration(1_000n),
  'time.Millisecond': duration(1_000_000n),
  'time.Second': duration(1_000_000_000n),
  'time.Minute': duration(60_000_000_000n),
  'time.Hour': duration(3_600_000_000_000n),
}

/** A constant of Go's library, whose sources need not be here; undefined when it is not one of those that schemas use. */
export function libraryConstant(path: string, name: string): Constant | undefined {
  const key = `${path}.${name}`
  return Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined
}
