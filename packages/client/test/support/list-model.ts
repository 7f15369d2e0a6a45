import type { PathPart } from '@rivulet/wire'
import type { PlainCondition, RowSelection } from '../../src/list-query.ts'

// What the engine keeps incrementally, worked out from scratch in the plainest way.

type Rows = ReadonlyMap<PathPart, unknown>

/** The value of a row's field: undefined where a null or nothing is on the way. */
function valueOf(row: unknown, path: readonly PathPart[]): unknown {
  let at = row
  for (const part of path) at = (at as Record<PathPart & string, unknown> | null | undefined)?.[part as string]
  return at
}

/** 0 value, 1 NaN, 2 nothing. */
function rank(value: unknown): number {
  if (value === null || value === undefined) return 2
  return Number.isNaN(value) ? 1 : 0
}

function byCodePoints(a: string, b: string): number {
  const pointsA = Array.from(a, (c) => c.codePointAt(0) as number)
  const pointsB = Array.from(b, (c) => c.codePointAt(0) as number)
  for (let i = 0; ; i++) {
    const x = pointsA[i]
    const y = pointsB[i]
    if (x === undefined || y === undefined) return pointsA.length - pointsB.length
    if (x !== y) return x - y
  }
}

function byValue(a: unknown, b: unknown): number {
  if (rank(a) !== 0 || rank(b) !== 0) return rank(a) - rank(b)
  if (typeof a === 'string') return byCodePoints(a, b as string)
  const [x, y] = [Number(a), Number(b)]
  return x === y ? 0 : x < y ? -1 : 1
}

export function meets(row: unknown, { field, op, value }: PlainCondition): boolean {
  const has = valueOf(row, field)
  const equals = (wanted: unknown): boolean =>
    rank(has) === rank(wanted) && (rank(has) > 0 || byValue(has, wanted) === 0)
  if (op === '=') return equals(value)
  if (op === '!=') return !equals(value)
  if (op === 'in') return (value as readonly unknown[]).some(equals)
  if (op === 'contains') return typeof has === 'string' && has.includes(value as string)
  if (rank(has) > 0 || rank(value) > 0) return false
  const order = byValue(has, value)
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[op]
}

/** Keys of the rows that count, in order. `arrived`: the order without `orderBy`. */
export function orderedKeys(rows: Rows, select: RowSelection, arrived: readonly PathPart[]): PathPart[] {
  const { orderBy, descending, where = [] } = select
  const keys = [...rows.keys()].filter((key) => where.every((condition) => meets(rows.get(key), condition)))
  if (orderBy === undefined) return keys.toSorted((a, b) => arrived.indexOf(a) - arrived.indexOf(b))
  return keys.toSorted((a, b) => {
    const x = valueOf(rows.get(a), orderBy)
    const y = valueOf(rows.get(b), orderBy)
    const order = descending === true && rank(x) === 0 && rank(y) === 0 ? byValue(y, x) : byValue(x, y)
    return order === 0 ? byValue(a, b) : order
  })
}
