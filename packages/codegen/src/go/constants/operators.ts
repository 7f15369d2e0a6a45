import { asType, type Constant, type ConstType, widthOf } from './constant.ts'

/** More bits than any constant of a program needs; a shift beyond them is refused instead of computed. */
const MAX_BITS = 1024n

type Int = Extract<Constant, { kind: 'int' }>

const INT_OPERATORS: Readonly<Record<string, (a: bigint, b: bigint) => bigint | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? undefined : a / b),
  '%': (a, b) => (b === 0n ? undefined : a % b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '&^': (a, b) => a & ~b,
}

const FLOAT_OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

/** Applies a unary operator. Undefined where Go would not compile it. */
export function unary(operator: string, operand: Constant): Constant | undefined {
  if (operator === '!' && operand.kind === 'bool') return { ...operand, value: !operand.value }
  if (operator === '+' && (operand.kind === 'int' || operand.kind === 'float')) return operand
  if (operator === '-' && operand.kind === 'int') return typed({ ...operand, value: -operand.value }, operand.type)
  if (operator === '-' && operand.kind === 'float') return { ...operand, value: -operand.value }
  if (operator !== '^' || operand.kind !== 'int') return undefined
  const width = widthOf(operand.type?.kind)
  const flipped = ~operand.value
  return { ...operand, value: width !== undefined && !width[1] ? BigInt.asUintN(width[0], flipped) : flipped }
}

/** Applies a binary operator. Undefined where Go would not compile it. */
export function binary(operator: string, left: Constant, right: Constant): Constant | undefined {
  if (operator === '<<' || operator === '>>') return shift(operator, left, right)
  const type = left.type ?? right.type
  if (left.type !== undefined && right.type !== undefined && left.type.ref !== right.type.ref) return undefined
  const compared = compare(operator, left, right)
  if (compared !== undefined) return { kind: 'bool', value: compared }
  if (left.kind === 'bool' && right.kind === 'bool') {
    if (operator === '&&') return { ...left, value: left.value && right.value }
    return operator === '||' ? { ...left, value: left.value || right.value } : undefined
  }
  if (left.kind === 'string' && right.kind === 'string') {
    return operator === '+' ? typed({ kind: 'string', value: left.value + right.value }, type) : undefined
  }
  if (left.kind === 'int' && right.kind === 'int' && !isFloat(type)) return integer(operator, left, right, type)
  if (!isNumber(left) || !isNumber(right)) return undefined
  const result = FLOAT_OPERATORS[operator]?.(Number(left.value), Number(right.value))
  return result === undefined || !Number.isFinite(result) ? undefined : typed({ kind: 'float', value: result }, type)
}

function integer(operator: string, left: Int, right: Int, type: ConstType | undefined): Constant | undefined {
  const value = INT_OPERATORS[operator]?.(left.value, right.value)
  if (value === undefined || tooWide(value)) return undefined
  const rune = left.rune === true || right.rune === true
  return typed({ kind: 'int', value, ...(rune ? { rune } : {}) }, type)
}

function shift(operator: '<<' | '>>', left: Constant, right: Constant): Constant | undefined {
  const value = left.kind === 'float' && Number.isInteger(left.value) ? BigInt(left.value) : left.value
  if (typeof value !== 'bigint' || right.kind !== 'int' || right.value < 0n || right.value > MAX_BITS) return undefined
  const shifted = operator === '<<' ? value << right.value : value >> right.value
  return tooWide(shifted) ? undefined : typed({ kind: 'int', value: shifted }, left.type)
}

function compare(operator: string, left: Constant, right: Constant): boolean | undefined {
  if (left.kind !== right.kind && !(isNumber(left) && isNumber(right))) return undefined
  const [a, b] = [left.value, right.value]
  // Loosely, so that 1 equals 1.0: one may be a bigint and the other a number.
  const equal = isNumber(left) ? !(a < b) && !(a > b) : a === b
  if (operator === '==') return equal
  if (operator === '!=') return !equal
  if (left.kind === 'bool') return undefined
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  if (operator === '>') return a > b
  return operator === '>=' ? a >= b : undefined
}

function typed(constant: Constant, type: ConstType | undefined): Constant | undefined {
  return type === undefined ? constant : asType(constant, type)
}

const isNumber = ({ kind }: Constant): boolean => kind === 'int' || kind === 'float'
const isFloat = (type: ConstType | undefined): boolean => type?.kind === 'float32' || type?.kind === 'float64'
const tooWide = (value: bigint): boolean => value >> MAX_BITS !== 0n && value >> MAX_BITS !== -1n
