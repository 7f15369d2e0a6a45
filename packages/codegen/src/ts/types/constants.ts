import type { Expression } from 'oxc-parser'

/** What a constant can be. */
export type Constant = string | number | boolean | bigint

/** The value of an expression; undefined when it cannot be worked out from its syntax. */
export type Evaluate = (expression: Expression) => Constant | undefined

/** Expressions nested deeper than this are not worked out: nobody writes them. */
const MAX_DEPTH = 1000

/** Texts longer than this, and integers of more bits, are not worked out: a few constants that double each other would fill the memory. */
const MAX_TEXT = 65_536
const MAX_BITS = 512n
const TOO_LARGE = 1n << MAX_BITS

/**
 * Evaluates literals, templates, operators and names as JavaScript does; `lookup` says what a name stands for, `['Phase', 'Idle']` for `Phase.Idle`. Types are
 * looked through: `5 as Slot` is 5.
 */
export function createEvaluate(lookup: (path: readonly string[]) => Constant | undefined): Evaluate {
  let depth = 0
  const evaluate: Evaluate = (node) => {
    if (depth > MAX_DEPTH) return undefined
    depth += 1
    const value = evaluateNode(node)
    depth -= 1
    return value
  }
  const evaluateNode: Evaluate = (node) => {
    switch (node.type) {
      case 'Literal':
        return literalOf(node.value, node.raw)
      case 'TemplateLiteral': {
        const texts = node.quasis.map(({ value }) => value.cooked)
        const values = node.expressions.map(evaluate)
        if (!values.every((value) => value !== undefined) || !texts.every((text) => text !== null)) return undefined
        return bounded(texts.map((text, at) => text + String(values[at] ?? '')).join(''))
      }
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        return evaluate(node.expression)
      case 'Identifier':
        return lookup([node.name])
      case 'MemberExpression': {
        if (node.object.type !== 'Identifier') return undefined
        const { object, property } = node
        if (node.computed) {
          const key = evaluate(property as Expression)
          return typeof key === 'string' ? lookup([object.name, key]) : undefined
        }
        return property.type === 'Identifier' ? lookup([object.name, property.name]) : undefined
      }
      case 'UnaryExpression':
        return unary(node.operator, evaluate(node.argument))
      case 'BinaryExpression': {
        const left = node.left.type === 'PrivateIdentifier' ? undefined : evaluate(node.left)
        const right = evaluate(node.right)
        return left === undefined || right === undefined ? undefined : binary(node.operator, left, right)
      }
      default:
        return undefined
    }
  }
  return evaluate
}

function literalOf(value: unknown, raw: string | null): Constant | undefined {
  if (typeof value !== 'number') return isConstant(value) ? value : undefined
  const digits = (raw ?? '').replaceAll('_', '')
  // A literal that a number rounds is another number than it says.
  return /^(\d+|0[xob][\da-f]+)$/i.test(digits) && BigInt(digits) !== BigInt(value) ? undefined : value
}

const isConstant = (value: unknown): value is Constant => ['string', 'boolean', 'bigint'].includes(typeof value)

const bounded = (text: string): string | undefined => (text.length > MAX_TEXT ? undefined : text)

function unary(operator: string, value: Constant | undefined): Constant | undefined {
  if (operator === '!') return typeof value === 'boolean' ? !value : undefined
  if (typeof value === 'bigint') return operator === '-' ? -value : operator === '~' ? ~value : undefined
  const operate = Object.hasOwn(UNARY, operator) ? UNARY[operator] : undefined
  return typeof value === 'number' ? operate?.(value) : undefined
}

function binary(operator: string, left: Constant, right: Constant): Constant | undefined {
  if (typeof left === 'number' && typeof right === 'number')
    return Object.hasOwn(BINARY, operator) ? BINARY[operator]?.(left, right) : undefined
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(operator, left, right)
  const joins = operator === '+' && (typeof left === 'string' || typeof right === 'string')
  return joins ? bounded(`${left}${right}`) : undefined
}

function integers(operator: string, left: bigint, right: bigint): bigint | undefined {
  // What JavaScript throws for, and what would take long.
  if ((operator === '/' || operator === '%') && right === 0n) return undefined
  if (['**', '<<', '>>'].includes(operator) && (right < 0n || right > MAX_BITS)) return undefined
  const result = Object.hasOwn(INTEGERS, operator) ? INTEGERS[operator]?.(left, right) : undefined
  return result === undefined || result >= TOO_LARGE || -result >= TOO_LARGE ? undefined : result
}

const UNARY: Readonly<Record<string, (a: number) => number>> = { '-': (a) => -a, '+': (a) => a, '~': (a) => ~a }

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
}

const INTEGERS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
}
