import type { TypeNode, Types } from '@rivulet/wire'
import type { ConditionOp, PlainCondition, Scalar } from '../../list-query.ts'
import { blankness, comparerOf } from './compare.ts'
import { fieldReader } from './rows.ts'

const compare = comparerOf(false, undefined)

/**
 * Whether a row meets all conditions. What is missing equals null, NaN equals NaN, times are compared by instant, strings by code point; nothing is less or greater than a blank, and a blank contains nothing.
 */
export function rowFilter(types: Types, row: TypeNode, where: readonly PlainCondition[]): (row: unknown) => boolean {
  const tests = where.map(({ field, op, value }) => {
    const read = fieldReader(types, row, field)
    const test = testOf(op, value)
    return (candidate: unknown) => test(read(candidate))
  })
  return (candidate) => tests.every((test) => test(candidate))
}

function testOf(op: ConditionOp, given: Scalar | readonly Scalar[]): (value: unknown) => boolean {
  switch (op) {
    case '=':
      return (value) => equal(value, given)
    case '!=':
      return (value) => !equal(value, given)
    case 'in':
      return (value) => (given as readonly Scalar[]).some((one) => equal(value, one))
    case 'contains':
      return (value) => typeof value === 'string' && value.includes(given as string)
    default:
      return (value) => blankness(value) === 0 && blankness(given) === 0 && ordered(op, compare(value, given))
  }
}

function equal(a: unknown, b: unknown): boolean {
  return blankness(a) === blankness(b) && (blankness(a) !== 0 || compare(a, b) === 0)
}

function ordered(op: ConditionOp, order: number): boolean {
  if (order === 0) return op === '<=' || op === '>='
  return order < 0 ? op === '<' || op === '<=' : op === '>' || op === '>='
}
