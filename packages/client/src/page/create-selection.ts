import type { Path } from '@rivulet/wire'
import { notify, register, type Registration } from './notify.ts'
import { pathKey } from './path-key.ts'
import type { PathOf } from './path-types.ts'
import { type Outcome, runSelector } from './select.ts'
import { shallowEqual } from './shallow-equal.ts'
import type { PageStore, Readable } from './types.ts'

interface Kept<T> {
  readonly outcome: Outcome<T>
  readonly versions: readonly number[]
}

/** The result of a selector, and what it was made of. */
export interface Selection<T> extends Readable<T> {
  /** The paths that the selector reads, also when it throws. */
  reads(): readonly Path[]
}

/**
 * The result of a selector as a value to follow. While somebody listens, exactly the paths that the selector reads are followed; when it reads others, the new ones are followed
 * before the old ones are given up.
 *
 * `get` runs the selector only when something it read has changed, and returns the previous result when the new one is equal: a selector that builds a fresh
 * object every time is fine. It throws what the selector throws, until one of the paths read changes.
 *
 * @example
 * const turn = createSelection(board, (s) => (s.xTurn ? 'X' : 'O'))
 * const stop = turn.subscribe(() => console.log(turn.get()))
 */
export function createSelection<S, T>(
  store: PageStore<S>,
  selector: (state: S) => T,
  equality: (a: T, b: T) => boolean = shallowEqual,
): Selection<T> {
  const registrations = new Set<Registration>()
  const followed = new Map<string, () => void>()
  let kept: Kept<T> | undefined
  /** The last outcome that the listeners were told of. */
  let told: Outcome<T> | undefined

  // Selectors read schema paths, which is what the store's typed paths are.
  const version = (path: Path): number => store.version(path as PathOf<S>)
  const follow = (path: Path, listener: () => void): (() => void) => store.subscribe(path as PathOf<S>, listener)

  const current = (): Outcome<T> => {
    if (kept !== undefined && kept.outcome.reads.every((path, i) => version(path) === kept?.versions[i]))
      return kept.outcome
    const before = kept?.outcome
    let outcome = runSelector(store, selector)
    if (before?.ok === true && outcome.ok) {
      try {
        if (equality(before.value, outcome.value)) outcome = { ok: true, value: before.value, reads: outcome.reads }
      } catch (error) {
        // Application code like the selector, so it fails like the selector.
        outcome = { ok: false, error, reads: outcome.reads }
      }
    }
    kept = { outcome, versions: outcome.reads.map((path) => version(path)) }
    return outcome
  }

  const refollow = (): void => {
    const wanted = new Map(current().reads.map((path) => [pathKey(path), path]))
    for (const [key, path] of wanted) if (!followed.has(key)) followed.set(key, follow(path, onChange))
    for (const [key, stop] of followed) {
      if (wanted.has(key)) continue
      followed.delete(key)
      stop()
    }
  }

  const onChange = (): void => {
    const before = told
    refollow()
    told = current()
    if (!same(before, told)) notify([...registrations])
  }

  return {
    get() {
      const outcome = current()
      if (!outcome.ok) throw outcome.error
      return outcome.value
    },
    reads: () => current().reads,
    subscribe(listener) {
      const stop = register(registrations, listener, () => {
        if (registrations.size > 0) return
        for (const unfollow of followed.values()) unfollow()
        followed.clear()
      })
      if (registrations.size === 1) {
        refollow()
        told = current()
      }
      return stop
    },
  }
}

function same<T>(a: Outcome<T> | undefined, b: Outcome<T>): boolean {
  if (a?.ok === true && b.ok) return Object.is(a.value, b.value)
  return a?.ok === false && !b.ok && Object.is(a.error, b.error)
}
