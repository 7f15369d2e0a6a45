import { RivuletError, type Types } from '@rivulet/wire'
import type { RowKey, RowsBlock, TableBlock, TableNode } from '../row-block.ts'
import { readRow } from './row-segment.ts'
import { applyRows, keyOf, openTable, place, placeIn, type RowTable, rowOf } from './row-table.ts'
import { VERSIONED } from './versioned.ts'

/**
 * A map of structs as the page reads it: rows are decoded when they are asked for, each once. Read-only; a change gives another map, in which all other rows are the same objects.
 *
 * A Map to everybody who uses its methods or iterates it. Its own entries, which only native code sees (`structuredClone`, `postMessage`, IndexedDB, the inspector), cannot be the rows: they are not decoded
 * yet. One entry is there, which cannot be cloned, so that whoever tries gets an error that says what to do, and not an empty map.
 */
export class RowMap extends Map<RowKey, unknown> {
  readonly #table: RowTable

  constructor(table: RowTable) {
    super()
    this.#table = table
    // One symbol for each map, so that two maps are never taken for equal by what they do not hold.
    super.set('rows are read when they are asked for', Symbol('a map of rows; copy it first, new Map(value): it'))
  }

  /** The next map, after these changes. */
  after(block: RowsBlock): RowMap {
    return new RowMap(applyRows(this.#table, block))
  }

  override get(key: RowKey): unknown {
    const row = rowOf(this.#table, key)
    return row < 0 ? undefined : this.#read(row)
  }

  override has(key: RowKey): boolean {
    return rowOf(this.#table, key) >= 0
  }

  override get size(): number {
    return this.#table.size
  }

  override entries(): Generator<[RowKey, unknown], undefined> {
    return this.#each((row) => [this.#key(row), this.#read(row)])
  }

  override keys(): Generator<RowKey, undefined> {
    return this.#each((row) => this.#key(row))
  }

  override values(): Generator<unknown, undefined> {
    return this.#each((row) => this.#read(row))
  }

  override forEach(use: (value: unknown, key: RowKey, map: Map<RowKey, unknown>) => void, self?: unknown): void {
    for (const [key, value] of this.entries()) use.call(self, value, key, this)
  }

  override [Symbol.iterator](): Generator<[RowKey, unknown], undefined> {
    return this.entries()
  }

  override set(): never {
    return refuse()
  }

  override delete(): never {
    return refuse()
  }

  override clear(): never {
    return refuse()
  }

  *#each<T>(make: (row: number) => T): Generator<T, undefined> {
    const table = this.#table
    for (let row = 0; row < table.count; row++) if (place(table, row) !== null) yield make(row)
  }

  #key(row: number): RowKey {
    return keyOf(this.#table.shared, row) as RowKey
  }

  #read(row: number): unknown {
    const table = this.#table
    const segment = place(table, row)
    return segment === null ? undefined : readRow(segment, placeIn(table, row))
  }
}

// For those who compare or copy by constructor: it is a Map, and a copy is an ordinary one.
Object.defineProperty(RowMap.prototype, 'constructor', { value: Map, configurable: true, writable: true })
Object.defineProperty(RowMap.prototype, VERSIONED, { value: true })

/** The map that a table is. Costs the same for any number of rows. */
export function openRows(types: Types, node: TableNode, block: TableBlock): RowMap {
  return new RowMap(openTable(types, node, block))
}

function refuse(): never {
  throw new RivuletError('handler', 'the values of a store cannot be changed', {
    hint: 'State changes on the host; copy what you want to change: new Map(value).',
  })
}
