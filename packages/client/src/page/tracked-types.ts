import type { Path, PathPart, TypeNode } from '@rivulet/wire'

/** One place that a run has come by. */
export interface Place {
  readonly run: TrackedRun
  readonly path: Path
  readonly type: TypeNode
  children: Map<PathPart, Place> | null
  /** The whole value was used, so finer reads below do not matter. */
  whole: boolean
  /** It was only gone through. */
  passed: boolean
  proxy: object | null
}

/**
 * One run of a selector: hands out a read-only image of the state that notes what is read of it.
 *
 * What is not loaded yet reads as if it were there (structs and collections) or as zero, so that the very first run finds out all fine paths.
 */
export interface TrackedRun {
  readonly root: unknown
  /** The reads so far; a path that is read whole stands for all below it. */
  reads(): Path[]
  /** A result without images: what the selector took from the state becomes the real, immutable value. */
  unwrap(value: unknown): unknown
  /** Afterwards images refuse to be read: what they returned would not be noted. */
  close(): void
  /** The value of a child of `place` for the selector. */
  child(place: Place, part: PathPart, element: boolean): unknown
  /** Notes `place` as read whole and returns its value. */
  take(place: Place): unknown
  placeBelow(place: Place, part: PathPart): Place | undefined
}
