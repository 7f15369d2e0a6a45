import type { PathPart, TypeNode } from '@rivulet/wire'
import type { PatchWriter } from '../../write-patch.ts'

/** What the engine works out for one watch instead of giving it the value. It is told of changes like any watch, and asked for news when a patch is built. */
export interface ListView {
  /** The part at `path[from..to)` changed; `path[from]` is the row's key. */
  touch(path: readonly PathPart[], from: number, to: number): void
  /** Anything may have changed. */
  touchAll(): void
  /** Writes what the page does not know yet of the rows of a value, null where there is none; nothing when there is nothing. */
  put(w: PatchWriter, id: number, node: TypeNode, value: unknown): void
  /** The page did not get what was written last: the next record gives everything. */
  restart(): void
  /** The watch is gone. */
  close(): void
}
