import type { ConstValue } from '../../model/schema-model.ts'
import type { IntegerKind, PrimitiveKind } from '../../model/schema-node.ts'

/** The type a constant was given. `kind` is unknown for types whose package is not here. */
export interface ConstType {
  /** `package.Name`, or the name of a basic type. */
  readonly ref: string
  readonly kind?: PrimitiveKind
}

/** The value of a constant expression; untyped without `type`. */
export type Constant = { readonly type?: ConstType } & (
  | { readonly kind: 'int'; readonly value: bigint; readonly rune?: true }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
)

const WIDTHS: Readonly<Record<IntegerKind, readonly [bits: number, signed: boolean]>> = {
  int8: [8, true],
  int16: [16, true],
  int32: [32, true],
  int64: [64, true],
  uint8: [8, false],
  uint16: [16, false],
  uint32: [32, false],
  uint64: [64, false],
}

/** Bits and signedness of an integer kind; undefined for the others. */
export function widthOf(kind: string | undefined): readonly [bits: number, signed: boolean] | undefined {
  return kind !== undefined && Object.hasOwn(WIDTHS, kind) ? WIDTHS[kind as IntegerKind] : undefined
}

/**
 * The constant as a value of `type`, as Go converts it when it is declared or assigned with one. Undefined when it does not fit: Go refuses to
 * compile that.
 */
export function asType(constant: Constant, type: ConstType): Constant | undefined {
  const { kind } = type
  if (kind === undefined) return { ...constant, type }
  const width = widthOf(kind)
  if (width !== undefined) {
    const value = integerIn(constant)
    if (value === undefined) return undefined
    const [bits, signed] = width
    const inRange = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value
    return inRange ? { kind: 'int', value, type } : undefined
  }
  if (kind === 'float32' || kind === 'float64') {
    if (constant.kind !== 'int' && constant.kind !== 'float') return undefined
    const value = Number(constant.value)
    return { kind: 'float', value: kind === 'float32' ? Math.fround(value) : value, type }
  }
  if (kind === 'string') return constant.kind === 'string' ? { ...constant, type } : undefined
  return constant.kind === 'bool' ? { ...constant, type } : undefined
}

function integerIn(constant: Constant): bigint | undefined {
  if (constant.kind === 'int') return constant.value
  return constant.kind === 'float' && Number.isInteger(constant.value) ? BigInt(constant.value) : undefined
}

/** The constant as the model has it: integers beyond what a number holds exactly keep their digits. */
export function constValue({ kind, value }: Constant): ConstValue {
  if (kind !== 'int') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : { $int: String(value) }
}
