import { readCount, readLength, readNullFlag, type Reader } from '../reader.ts'
import type { PathPart, Types } from '../schema.ts'
import type { AttributedValue, Attribution } from './attribution.ts'

/** A message on its way from bytes to names. */
export interface Walk {
  readonly types: Types
  readonly r: Reader
  readonly parts: Attribution[]
  /** Parts at most; then the walk ends. */
  readonly maxParts: number
  /** Bytes of a text or of raw bytes that are spelled out. */
  readonly maxValue: number
}

/** Ends a walk that has all the parts that were wanted. */
export const ENOUGH: Error = new Error('enough parts')

/** Attributes the bytes from `start` to the reader's position; none is no part. Throws {@link ENOUGH} after the last part that is wanted. */
export function note(walk: Walk, start: number, path: string, meaning: string, value?: AttributedValue): void {
  const length = walk.r.pos - start
  if (length === 0) return
  if (walk.parts.length >= walk.maxParts) throw ENOUGH
  walk.parts.push({ offset: start, length, path, meaning, ...(value === undefined ? {} : { value }) })
}

/** Reads a null flag: true = null. `meanings` are what it says when it is 0, and when it is 1. */
export function walkFlag(walk: Walk, path: string, meanings: readonly [string, string]): boolean {
  const start = walk.r.pos
  const isNull = readNullFlag(walk.r)
  note(walk, start, path, isNull ? meanings[1] : meanings[0], isNull ? 1 : 0)
  return isNull
}

/** The null flag of a pointer or collection in a value. */
export const NULL_FLAG = ['null flag: present', 'null flag: null'] as const

/** Reads the number of elements that follow. */
export function walkCount(walk: Walk, path: string, minSize: number, meaning: string): number {
  const start = walk.r.pos
  const count = readCount(walk.r, minSize)
  note(walk, start, path, meaning, count)
  return count
}

/** Reads a length in bytes. */
export function walkLength(walk: Walk, path: string, meaning: string): number {
  const start = walk.r.pos
  const length = readLength(walk.r)
  note(walk, start, path, meaning, length)
  return length
}

/** Moves to `end` over bytes that no reader looks at. */
export function walkIgnored(walk: Walk, end: number, path: string, meaning: string): void {
  const start = walk.r.pos
  walk.r.pos = end
  note(walk, start, path, meaning)
}

/** The path of what is at `key` in a collection. */
export function below(path: string, key: PathPart): string {
  return `${path}[${typeof key === 'string' ? JSON.stringify(key) : String(key)}]`
}
