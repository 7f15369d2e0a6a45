import type { PathPart } from '@rivulet/wire'
import type { Collation } from '../../list-query.ts'

/** What a comparison says: negative, 0 or positive. */
export type Compare<T> = (a: T, b: T) => number

/**
 * Compares values of one field. Numbers, bigints and times by size (-0 equals 0), `false` before `true`, strings by code point unless there is a `collation`. NaN, and after it whatever is missing or null, comes last
 * in both directions: blanks belong at the bottom of a table, whichever way it is sorted.
 *
 * Throws a RangeError for a locale that is none.
 */
export function comparerOf(descending: boolean, collation: Collation | undefined): Compare<unknown> {
  const compareStrings = collation === undefined ? compareText : new Intl.Collator(collation.locale, collation).compare
  return (a, b) => {
    const blankA = blankness(a)
    const blankB = blankness(b)
    if (blankA !== 0 || blankB !== 0) return blankA - blankB
    const order = typeof a === 'string' ? compareStrings(a, b as string) : compareNumbers(a, b)
    return descending ? -order : order
  }
}

/** 0 for a value, more for what comes after all values. */
export function blankness(value: unknown): 0 | 1 | 2 {
  if (value === null || value === undefined) return 2
  return typeof value === 'number' && Number.isNaN(value) ? 1 : 0
}

/** The order of keys, which decides where values are equal: strings by code point, NaN after all numbers. */
export function compareKeys(a: PathPart, b: PathPart): number {
  const blank = blankness(a) - blankness(b)
  if (blank !== 0 || a === b) return blank
  return typeof a === 'string' ? compareText(a, b as string) : compareNumbers(a, b)
}

/** Whatever `<` orders by size. */
function compareNumbers(a: unknown, b: unknown): number {
  if ((a as number) < (b as number)) return -1
  return (a as number) > (b as number) ? 1 : 0
}

/** By code point, which is what the hosts' languages do; `<` goes by UTF-16 units, where an emoji comes before a fullwidth letter. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const unitA = a.charCodeAt(i)
    const unitB = b.charCodeAt(i)
    if (unitA !== unitB) return byCodePoint(unitA) - byCodePoint(unitB)
  }
  return a.length - b.length
}

/** Puts surrogates, which stand for the highest code points, above all other units. */
function byCodePoint(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
