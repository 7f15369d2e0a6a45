import { applyDelta, type Delta, filterDelta, parseKey, type Path, snapshotDelta } from '@rivulet/wire'
import { board, type Board, BoardStore } from './board.ts'
import type { Rig } from './rig.ts'

/** How the host delivers: by key; whole states whatever the key (session.md §4.3); by key, with nonsense in between. */
export type Mode = 'by key' | 'whole states' | 'with nonsense'

/** The host's side of one store: keyed delivery as in session.md §4. Messages wait in `outgoing`, so that subscriptions and updates cross on their way. */
export class Host {
  state: Board = board()
  keys = new Map<string, Path>()
  outgoing: (() => void)[] = []
  rig: Pick<Rig, 'full' | 'partial' | 'raw'> | null = null
  readonly #mode: Mode

  constructor(mode: Mode) {
    this.#mode = mode
  }

  subscribe(wire: string, action: unknown): void {
    if (action === 1) {
      this.keys.delete(wire)
      return
    }
    if (this.keys.has(wire)) throw new Error(`"${wire}" was subscribed twice`)
    const at = parseKey(BoardStore, wire) as Path
    this.keys.set(wire, at)
    if (this.#mode !== 'whole states' || this.keys.size === 1) this.#baseline(at)
  }

  #baseline(at: Path): void {
    const { state } = this
    const snapshot = at.length === 0 || this.#mode === 'whole states' ? null : snapshotDelta(BoardStore, state, at)
    if (snapshot === null) this.outgoing.push(() => this.rig?.full(state))
    else this.outgoing.push(() => this.rig?.partial(snapshot))
  }

  change(change: Delta): void {
    const before = this.state
    this.state = applyDelta(BoardStore, before, change).state
    if (this.keys.size === 0) return
    const paths = [...this.keys.values()]
    const verbatim = this.#mode === 'whole states' || paths.some((p) => p.length === 0)
    const filtered = verbatim ? change : filterDelta(BoardStore, before, change, paths)
    if (filtered !== null) this.outgoing.push(() => this.rig?.partial(filtered))
  }

  replace(state: Board): void {
    this.state = state
    if (this.keys.has('') || (this.#mode === 'whole states' && this.keys.size > 0))
      this.outgoing.push(() => this.rig?.full(state))
    else for (const at of this.keys.values()) this.#baseline(at)
  }

  deliver(): void {
    for (const send of this.outgoing.splice(0)) send()
  }

  nonsense(): void {
    if (this.keys.size === 0) return
    const kind =
      this.outgoing.length % 2 === 0
        ? { kind: 2, partial: new Uint8Array([9, 1, 2]) }
        : { kind: 0, state: new Uint8Array([0x63]) }
    this.outgoing.push(() => this.rig?.raw({ time: 1, storeName: 'BoardStore', ...kind }))
  }

  lost(): void {
    this.keys.clear()
    this.outgoing = []
  }
}
