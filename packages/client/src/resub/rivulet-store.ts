import type { Path, StoreDef } from '@rivulet/wire'
import { StoreBase, type Types } from 'resub'
import type { PathOf } from '../page/path-types.ts'
import type { PageStore } from '../page/types.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import { createFollowedPaths, type FollowedPaths } from './followed-paths.ts'
import { pathOfKey } from './key-path.ts'
import { type ImageSource, stateImage } from './state-image.ts'

type AutoSubscription = Parameters<StoreBase['trackAutoSubscription']>[0]

interface Tracked {
  readonly path: Path
  readonly stop: () => void
}

/**
 * A Rivulet store as a ReSub `StoreBase`: `@AutoSubscribeStore`, `@autoSubscribe`, `@autoSubscribeWithKey`, `@key`, `withResubAutoSubscriptions` and `ComponentBase` of an existing app
 * work on a subclass. A key is a path into the state (`'board'`, `formCompoundKey('items', id)`); while somebody listens to it, exactly that path is followed, down to the host, and for the
 * client's `graceMs` longer. Without a key the whole store is.
 *
 * Getters read `this.state` (or `this._state`, its name in ReStream apps); values are immutable. All that one patch changed is one trigger.
 *
 * What ReSub gets wrong does not reach it: a callback that throws silences nobody, a trigger block that is never popped holds nothing back (a patch is a batch already, so blocks are ignored), and one callback may
 * listen to several keys. Components need {@link withRivuletSubscriptions} instead of `withResubAutoSubscriptions` to lose no update and to survive React Compiler.
 *
 * @throws RivuletError `path` when a key that leads nowhere in the schema is subscribed to and {@link RivuletStore.isLocalKey} does not claim it (see {@link RivuletStore.unknownKey}).
 *
 * @example
 * class Boards extends RivuletStore<BoardStoreState> {
 *   getXTurn() { return this._state.xTurn }
 * }
 * Object.defineProperty(Boards.prototype, 'getXTurn', autoSubscribeWithKey('xTurn')(Boards.prototype, 'getXTurn', Object.getOwnPropertyDescriptor(Boards.prototype, 'getXTurn')))
 * AutoSubscribeStore(Boards)
 * const boards = new Boards(client.store(BoardStore))
 */
// A class, because ReSub's decorators and components work on classes only.
export abstract class RivuletStore<S> extends StoreBase {
  readonly #page: PageStore<S>
  readonly #deliveries: Deliveries = createDeliveries(StoreBase.Key_All)
  readonly #paths: FollowedPaths = createFollowedPaths()
  readonly #tracked = new Map<string, Tracked>()
  readonly #manual = new Map<number, () => void>()
  readonly #auto = new Map<AutoSubscription, { readonly registered: AutoSubscription; readonly stop: () => void }>()
  readonly #image: ImageSource
  #dirty = new Set<string>()
  #triggers = 0

  constructor(page: PageStore<S>) {
    super()
    this.#page = page
    this.#image = {
      page: page as PageStore<unknown>,
      followedBelow: (path) => this.#paths.below(path),
      present: (value, path) => this.present(value, path),
      blank: (path) => this.blank(path),
    }
  }

  /** The state as far as it is known; what is not followed reads as its zero value. */
  protected get state(): S {
    return stateImage(this.#image) as S
  }

  /** {@link RivuletStore.state} under the name that it has in ReStream apps. */
  protected get _state(): S {
    return this.state
  }

  /** The definition of the store. */
  get def(): StoreDef<S> {
    return this.#page.def
  }

  /** The store's name on the wire. */
  getName(): string {
    return this.#page.def.name
  }

  /** Whether the whole state has arrived; stays true through disconnects, while it is followed. For a store that is followed by key, ask `page.loaded(path)`. */
  hasReceivedFullState(): boolean {
    return this.#page.loaded([] as unknown as PathOf<S>)
  }

  /**
   * A number that differs whenever what a getter with this key reads may differ. Components compare it to find out whether they have missed something.
   *
   * Local keys count their triggers.
   */
  versionOf(key: string): number {
    const path = this.#pathOf(key)
    const version = path === null ? 0 : this.#page.version(path as PathOf<S>)
    // Both count up, but a version may fall back when its path was given up: a plain sum could then be what it was.
    return version * 4096 + (this.#triggers % 4096)
  }

  /** Calls `callback` after `key` was triggered. Returns the token for {@link RivuletStore.unsubscribe}. */
  override subscribe(
    callback: Types.SubscriptionCallbackFunction,
    rawKey: string | number = StoreBase.Key_All,
  ): number {
    const key = String(rawKey)
    this.#pathOf(key)
    // A callback of its own for the base class, which forgets the pending calls of other subscriptions of the same one when it unsubscribes.
    const token = super.subscribe(() => undefined, key)
    this.#manual.set(token, this.#deliveries.add(key, callback))
    return token
  }

  override unsubscribe(token: number): void {
    this.#manual.get(token)?.()
    this.#manual.delete(token)
    super.unsubscribe(token)
  }

  /** For ReSub's `ComponentBase`. */
  override trackAutoSubscription(subscription: AutoSubscription): void {
    this.#pathOf(subscription.key)
    const registered: AutoSubscription = { ...subscription, callback: () => undefined }
    super.trackAutoSubscription(registered)
    const stop = this.#deliveries.add(subscription.key, () => subscription.callback())
    this.#auto.set(subscription, { registered, stop })
  }

  override removeAutoSubscription(subscription: AutoSubscription): void {
    const known = this.#auto.get(subscription)
    known?.stop()
    this.#auto.delete(subscription)
    super.removeAutoSubscription(known?.registered ?? subscription)
  }

  /** Tells those who listen to these keys, and those who listen to everything; without keys, everybody. For what a subclass keeps beside the state: the state triggers by itself. */
  protected override trigger(keyOrKeys?: string | number | (string | number)[]): void {
    this.#triggers++
    if (keyOrKeys === undefined || keyOrKeys === '') {
      this.#deliveries.deliver(null)
      return
    }
    const keys = (Array.isArray(keyOrKeys) ? keyOrKeys : [keyOrKeys]).map(String)
    this.#deliveries.deliver(keys, keys)
  }

  /** Whether `key` names something that the subclass keeps beside the state and triggers itself. None by default: a key that leads nowhere is a mistake that ought to show. */
  protected isLocalKey(_key: string): boolean {
    return false
  }

  /** What happens with a key that leads nowhere: it throws `error` by default. A subclass that returns instead makes the key one that only its own triggers reach. */
  protected unknownKey(_key: string, error: unknown): void {
    throw error
  }

  /** What getters see of a value; the value itself by default. */
  protected present(value: unknown, _path: Path): unknown {
    return value
  }

  /** The object that the image of a partly known struct starts from. */
  protected blank(_path: Path): object {
    return {}
  }

  protected override _startedTrackingSub(key?: string): void {
    const name = key ?? StoreBase.Key_All
    const path = this.#pathOf(name)
    if (path === null) return
    this.#paths.add(path)
    this.#tracked.set(name, { path, stop: this.#page.subscribe(path as PathOf<S>, () => this.#changed(name)) })
  }

  protected override _stoppedTrackingSub(key?: string): void {
    const name = key ?? StoreBase.Key_All
    const tracked = this.#tracked.get(name)
    if (tracked === undefined) return
    this.#tracked.delete(name)
    this.#paths.remove(tracked.path)
    tracked.stop()
  }

  /** The path that a key means; `null` for a local key. */
  #pathOf(key: string): Path | null {
    if (key === StoreBase.Key_All) return []
    const tracked = this.#tracked.get(key)
    if (tracked !== undefined) return tracked.path
    if (this.isLocalKey(key)) return null
    try {
      return pathOfKey(this.#page.def, key)
    } catch (error) {
      this.unknownKey(key, error)
      return null
    }
  }

  /** A path has changed. The others of the same patch are told in the same task, so one trigger tells of all. */
  #changed(key: string): void {
    this.#dirty.add(key)
    if (this.#dirty.size > 1) return
    queueMicrotask(() => {
      const keys = [...this.#dirty]
      this.#dirty = new Set()
      // Who follows everything is not told which keys: those that happen to be followed would not be all that changed.
      this.#deliveries.deliver(keys)
    })
  }
}
