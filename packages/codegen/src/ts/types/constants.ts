import type { Expression } from 'oxc-parser'

/** The value of a constant expression; undefined when it is none, or not one that an enum can have. */
export type Evaluate = (expression: Expression) => string | number | undefined

/** Evaluates what TypeScript allows in enums, as TypeScript does: literals, operators, and earlier members by their names. */
export function createEvaluate(known: ReadonlyMap<string, string | number>, enumName: string): Evaluate {
  const evaluate: Evaluate = (node) => {
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'string' || typeof node.value === 'number' ? node.value : undefined
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined
      case 'ParenthesizedExpression':
        return evaluate(node.expression)
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        return evaluate(node.expression)
      case 'Identifier':
        return known.get(node.name)
      case 'MemberExpression':
        return node.object.type === 'Identifier' && node.object.name === enumName && node.property.type === 'Identifier'
          ? known.get(node.property.name)
          : undefined
      case 'UnaryExpression': {
        const value = evaluate(node.argument)
        const operate = Object.hasOwn(UNARY, node.operator) ? UNARY[node.operator] : undefined
        return typeof value === 'number' ? operate?.(value) : undefined
      }
      case 'BinaryExpression': {
        const left = node.left.type === 'PrivateIdentifier' ? undefined : evaluate(node.left)
        const right = evaluate(node.right)
        const operate = Object.hasOwn(BINARY, node.operator) ? BINARY[node.operator] : undefined
        return typeof left === 'number' && typeof right === 'number' ? operate?.(left, right) : undefined
      }
      default:
        return undefined
    }
  }
  return evaluate
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
