import { TriggerStore } from '@boatkit-io/restream'
import { autoSubscribe, autoSubscribeWithKey } from 'resub'

import { decorate } from '../../../client/test/support/decorate.ts'
import {
  type Boat,
  HarbourStoreName,
  HarbourStoreState,
  HarbourStoreStatePartial,
  type Light,
} from './PackageHarbour.ts'

// A store of a ReStream app, with its decorators applied by hand.
export class HarbourStore extends TriggerStore<HarbourStoreState> {
  constructor() {
    super(HarbourStoreName, HarbourStoreState, HarbourStoreStatePartial)
  }

  getTitle(): string {
    return this._state.title
  }

  getLight(): Light {
    return this._state.light
  }

  getPath(): string {
    return this._state.urlPath
  }

  getBoat(key: string): Boat | undefined {
    return this._state.boats?.get(key.split('%&')[1] ?? '')
  }

  getState(): HarbourStoreState {
    return this._state
  }

  reset(): void {
    this.resetToInitialState()
  }
}

decorate(HarbourStore, {
  getTitle: { by: autoSubscribeWithKey('title') },
  getLight: { by: autoSubscribeWithKey('Light') },
  getPath: { by: autoSubscribeWithKey('URLPath') },
  getBoat: { by: autoSubscribe, keys: [0] },
  getState: { by: autoSubscribe },
})
