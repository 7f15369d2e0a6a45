import type { Path, PathPart } from '@rivulet/wire'
import type { PathStatus, PlainError } from '../protocol.ts'
import type { ListView } from './key-views/list-view.ts'
import type { RowKey } from '../row-block.ts'

/** The parts of a watched value that changed since the last patch; a leaf is `null`: everything from there on. */
export type ChangedParts = Map<PathPart, ChangedParts | null>

/** What one page has not been told yet about one store. */
export interface Untold {
  readonly news: Set<WatchEntry>
  /** Watches that the page was told to be missing. */
  readonly absent: Set<WatchEntry>
}

/** One watch of a page, and what it has not been told yet. */
export interface WatchEntry {
  /** What its page calls it. */
  readonly id: number
  /** Where it says that it has news. */
  readonly untold: Untold
  readonly path: Path
  /** The page shows something that came later than whatever was kept. */
  readonly shown: boolean
  status: PathStatus
  error: PlainError | undefined
  /** The status has changed since the last patch. */
  statusDirty: boolean
  /** The store holds this path's value (it may be outdated: that is the status' business). */
  known: boolean
  /** `'whole'` = send the value; a map = only these parts; null = nothing changed. */
  dirty: 'whole' | ChangedParts | null
  /** The page holds a value that parts can be put into. */
  given: boolean
  /** Leaves in `dirty`. */
  parts: number
  /** Keeps account of a watch with a query; `dirty` says only that there may be news then. */
  view: ListView | null
  /** What makes its view is being loaded: the page is told nothing before it is there. */
  late: boolean
  /** What the page has is a table: its rows' numbers. Changes inside of rows are of no interest then, only which rows. */
  rows: RowNumbers | null
}

/** The numbers of the rows of a table that the page has (row-block.ts). */
export interface RowNumbers {
  /** In the order of the numbers. */
  readonly of: Map<RowKey, number>
  next: number
}

/** From this many changed parts on, the whole value is sent instead: bounds what a page that grants no credits can make the engine keep. */
const MAX_PARTS = 4096

/** The same for a table, whose rows stay what they are to the page only when they are not sent again: twice its rows. */
function mostParts({ rows }: WatchEntry): number {
  return rows === null ? MAX_PARTS : Math.max(MAX_PARTS, 2 * rows.of.size)
}

export function createWatchEntry(id: number, path: Path, untold: Untold, shown = false): WatchEntry {
  return {
    id,
    untold,
    path,
    shown,
    status: 'idle',
    error: undefined,
    statusDirty: false,
    known: false,
    dirty: null,
    given: false,
    parts: 0,
    view: null,
    late: false,
    rows: null,
  }
}

/** It cannot be, for a reason that does not pass with the store's troubles: the page has been told so for good. */
export function isHopeless({ error }: WatchEntry): boolean {
  return error?.code === 'path' || error?.code === 'worker'
}

/** The whole value has to be sent. */
export function markWhole(entry: WatchEntry): void {
  entry.dirty = 'whole'
  entry.parts = 0
  entry.view?.touchAll()
}

/** Nothing has to be sent. */
export function markClean(entry: WatchEntry): void {
  entry.dirty = null
  entry.parts = 0
}

/** The part at `path[from..to)` changed. */
export function markPart(entry: WatchEntry, path: readonly PathPart[], from: number, to: number): void {
  if (entry.view !== null) {
    entry.dirty = 'whole'
    entry.view.touch(path, from, to)
    return
  }
  if (entry.dirty === 'whole') return
  entry.dirty ??= new Map()
  let parts = entry.dirty
  const end = entry.rows === null ? to : from + 1
  for (let i = from; i < end - 1; i++) {
    const part = path[i] as PathPart
    let below = parts.get(part)
    if (below === null) return
    if (below === undefined) parts.set(part, (below = new Map()))
    parts = below
  }
  const last = path[end - 1] as PathPart
  const old = parts.get(last)
  if (old === null) return
  parts.set(last, null)
  // Leaves that this one swallows stay counted: the bound is on what was recorded, and over-counting only sends the whole value sooner.
  if (++entry.parts > mostParts(entry)) markWhole(entry)
}
