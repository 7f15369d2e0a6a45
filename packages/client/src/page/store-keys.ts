import type { Path, PathPart } from '@rivulet/wire'
import { keysChannel, knownChannel, NO_SNAPSHOT } from './keys-channel.ts'
import { type ListPlan, planList } from './list-plan.ts'
import type { KeyAt, KeysOptions, KeysSnapshot, ListPath, RowAt, SizeOptions, StoreKeys } from './list-types.ts'
import { notify, register, type Registration } from './notify.ts'
import type { PathOf } from './path-types.ts'
import type { PageStore, Readable } from './types.ts'

/**
 * The keys of a map or set, or the indices of a list, as a value to follow. The engine keeps the order and sends what changes about the window that is asked for: a page with a window of 50 rows of 100,000 pays for
 * 50, and a row whose contents change costs it nothing unless it moves. Follow the rows themselves with `useStore(Def, [...path, key])`.
 *
 * All rows have a part in the order, so the whole map is subscribed at the host, and the status is `loading` until it is there. Before that there are no keys. Everybody who asks for the same shares one subscription.
 *
 * Throws `RivuletError` `path` where there is no map, list or set, or rows have no such field; `invalid-value` for a `where` value of another type than the field; `config` for a window or locale that cannot be.
 *
 * @example
 * const fastest = storeKeys(fleet, 'boats', { orderBy: 'speed', direction: 'desc', limit: 20 })
 * const stop = fastest.subscribe(() => draw(fastest.get().keys, fastest.get().total))
 * fastest.change({ orderBy: 'speed', direction: 'desc', offset: 20, limit: 20 })
 */
export function storeKeys<S, const P extends PathOf<S>>(
  store: PageStore<S>,
  path: P & ListPath<S, P>,
  options?: KeysOptions<RowAt<S, P>>,
): StoreKeys<KeyAt<S, P>, RowAt<S, P>>
export function storeKeys(
  store: PageStore<unknown>,
  given: string | Path,
  options: KeysOptions = {},
): StoreKeys<PathPart> {
  const path = typeof given === 'string' ? [given] : given
  const registrations = new Set<Registration>()
  let wanted = planList(store.def, path, options)
  /** What is shown; another plan than `wanted` only while that one is loading. */
  let shown = wanted
  let stopShown: (() => void) | undefined
  let stopWanted: (() => void) | undefined
  let latest: KeysSnapshot<PathPart> = NO_SNAPSHOT

  const peek = (plan: ListPlan): KeysSnapshot<PathPart> => knownChannel(store, plan)?.get() ?? NO_SNAPSHOT

  const get = (): KeysSnapshot<PathPart> => {
    const now = peek(shown)
    if (shown === wanted) return now
    const { status, error } = peek(wanted)
    if (now.status === status && now.error === error) return now
    const { keys, total, offset, loaded } = now
    const same = latest.keys === keys && latest.total === total && latest.offset === offset && latest.loaded === loaded
    if (!same || latest.status !== status || latest.error !== error) {
      latest = Object.freeze({ keys, total, offset, status, loaded, error })
    }
    return latest
  }

  const tell = (): void => notify([...registrations])
  const follow = (plan: ListPlan): (() => void) => keysChannel(store, path, plan).subscribe(onChange)

  const onChange = (): void => {
    if (shown !== wanted && peek(wanted).loaded) settle()
    tell()
  }

  /** The new keys are there: they take the place of the old ones. */
  const settle = (): void => {
    stopShown?.()
    stopShown = stopWanted
    stopWanted = undefined
    shown = wanted
  }

  return {
    get,
    subscribe(listener) {
      const stop = register(registrations, listener, () => {
        if (registrations.size > 0) return
        stopShown?.()
        stopWanted?.()
        stopShown = stopWanted = undefined
        shown = wanted
      })
      stopShown ??= follow(shown)
      return stop
    },
    change(next) {
      const plan = planList(store.def, path, next)
      if (plan.id === wanted.id) return
      wanted = plan
      if (stopShown === undefined) {
        shown = plan
        return
      }
      const before = stopWanted
      stopWanted = undefined
      if (plan.id === shown.id) wanted = shown
      else {
        stopWanted = follow(plan)
        if (peek(plan).loaded || !peek(shown).loaded) settle()
      }
      before?.()
      tell()
    },
  }
}

/**
 * How many rows a map, list or set has, or how many meet a condition: a number, which crosses when it changes and costs the page nothing else. 0 until it is known. What is subscribed at the host is the whole map.
 *
 * Throws as {@link storeKeys} does.
 *
 * @example
 * const moored = storeSize(fleet, 'boats', { where: { field: 'speed', op: '=', value: 0 } })
 * moored.subscribe(() => console.log(moored.get()))
 */
export function storeSize<S, const P extends PathOf<S>>(
  store: PageStore<S>,
  path: P & ListPath<S, P>,
  options?: SizeOptions<RowAt<S, P>>,
): Readable<number>
export function storeSize(store: PageStore<unknown>, path: string | Path, options: SizeOptions = {}): Readable<number> {
  const keys = storeKeys(store, path as never, { ...options, limit: 0 })
  return { get: () => keys.get().total, subscribe: (listener) => keys.subscribe(listener) }
}
