import { autoSubscribe, autoSubscribeWithKey, formCompoundKey } from 'resub'
import { RivuletStore } from '../../src/resub/rivulet-store.ts'
import { decorate } from './decorate.ts'
import type { Boat, Fleet } from './fleet.ts'

/** The fleet as a store of a ReSub app: getters by field, by compound key, of everything, and of something that is not in the state. */
export class FleetResub extends RivuletStore<Fleet> {
  #selected = 'none'

  getTitle(): string {
    return this._state.title
  }

  getCount(): number {
    return this._state.count
  }

  getAll(): Fleet {
    return this._state
  }

  /** `path` is a compound key, as `formCompoundKey('boats', id)` makes it. */
  getBoatAt(path: string): Boat | undefined {
    return this._state.boats?.get(path.split('%&')[1] ?? '')
  }

  getSelected(): string {
    return this.#selected
  }

  select(id: string): void {
    this.#selected = id
    this.trigger('selected')
  }

  fire(keys?: string | string[]): void {
    this.trigger(keys)
  }

  /** What getters of subclasses see. */
  seen(): Fleet {
    return this.state
  }

  protected override isLocalKey(key: string): boolean {
    return key === 'selected'
  }
}

decorate(FleetResub, {
  getTitle: { by: autoSubscribeWithKey('title') },
  getCount: { by: autoSubscribeWithKey('count') },
  getAll: { by: autoSubscribe },
  getBoatAt: { by: autoSubscribe, keys: [0] },
  getSelected: { by: autoSubscribeWithKey('selected') },
})

/** The key of one boat. */
export const boatKey = (id: string): string => formCompoundKey('boats', id)
