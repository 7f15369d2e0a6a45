import { RivuletStore } from '@rivulet/client/resub'
import { type Path, RivuletError } from '@rivulet/wire'
import type { BinaryReader } from './binary-reader.ts'
import { createLatePage, type LatePage } from './late-page.ts'
import { present, varInfoAt } from './present.ts'
import { addStore, allStores, type Bindable, type Connection } from './registry.ts'
import { storeDefOf } from './schema-of.ts'
import { type FieldInfo, type PartialFor, type VarInfo, VarInfoPointer, VarInfoStruct } from './var-info.ts'

/** The generated class of a state. */
export interface GeneratedStateType<S extends object> {
  fromValues: () => S
  deserialized: (r: BinaryReader) => S
  readonly fieldInfo?: readonly FieldInfo[]
}

/**
 * A store of a ReStream app, on Rivulet: bytes are decoded and applied in the worker, and what its getters are subscribed to is followed, down to the host. It finds its connection by itself: the newest
 * `ReStreamSocket` that serves its name. Components that use `useStore` with the same store share its subscriptions.
 *
 * `this._state` holds instances of the generated classes, frozen, with `undefined` for nil. What is not followed reads as zero.
 *
 * Throws `schema` when the classes have no tables that the generator made.
 *
 * @example
 * class BoardStore extends TriggerStore<BoardStoreState> {
 *   constructor() { super(BoardStoreName, BoardStoreState, BoardStoreStatePartial) }
 *   getXTurn() { return this._state.xTurn }
 * }
 */
export abstract class TriggerStore<S extends object> extends RivuletStore<S> implements Bindable {
  readonly #page: LatePage<S>
  readonly #type: VarInfo
  #connection: Connection | undefined

  /** `partialType` says which structs the host changes in place. */
  constructor(
    storeName: string,
    stateType: GeneratedStateType<S>,
    partialType: { deserialized: (r: BinaryReader) => PartialFor<S> },
  ) {
    const page = createLatePage(storeDefOf(storeName, stateType, partialType))
    super(page as LatePage<S>)
    this.#page = page as LatePage<S>
    this.#type = new VarInfoStruct(storeName, '', stateType)
    addStore(this)
  }

  /** Every store that was made. */
  static getAllStores(): TriggerStore<object>[] {
    return allStores<TriggerStore<object>>()
  }

  /** Not here: updates come through the client. Throws `config`. */
  static handleUpdateMessage(_message: unknown): never {
    throw new RivuletError('config', 'stores take no messages of their own', {
      hint: 'Make a ReStreamSocket; its worker receives and applies them.',
    })
  }

  /** Does nothing, as ever: the constructor has registered the store. */
  register(): void {}

  /** For the registry of stores. */
  bindConnection(connection: Connection | undefined): void {
    this.#connection = connection
    this.#page.attach(connection?.client, connection?.definitionOf(this.getName()))
  }

  /** Forgets what is known, until `markAuthenticated` of its socket is called again. */
  protected resetToInitialState(): void {
    const connection = this.#connection
    this.#page.attach(undefined)
    this.#connection = connection
    this.trigger()
  }

  protected override present(value: unknown, path: Path): unknown {
    const vi = varInfoAt(this.#type, path)
    return vi === undefined ? value : present(vi, value)
  }

  protected override blank(path: Path): object {
    let vi = varInfoAt(this.#type, path)
    while (vi instanceof VarInfoPointer) vi = vi.subType
    const type =
      vi instanceof VarInfoStruct ? (vi.deserializer as unknown as { readonly prototype?: object }) : undefined
    return Object.create(type?.prototype ?? Object.prototype) as object
  }

  /** In the reference any key may be subscribed to. One that leads nowhere is the store's own here; it is named once, because a typing mistake looks the same. */
  protected override unknownKey(key: string, error: unknown): void {
    if (this.#strangers.has(key)) return
    this.#strangers.add(key)
    console.warn(
      `${this.getName()}: the key "${key}" is no path of the state, so only trigger("${key}") reaches it.`,
      error,
    )
  }
  readonly #strangers = new Set<string>()
}
