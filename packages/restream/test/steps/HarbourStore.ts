import { TriggerStore } from '@boatkit-io/restream'
import { AutoSubscribeStore, autoSubscribeWithKey } from 'resub'
import { HarbourStoreName, HarbourStoreState, HarbourStoreStatePartial } from './restream/PackageHarbour.ts'

@AutoSubscribeStore
class HarbourStore extends TriggerStore<HarbourStoreState> {
  constructor() {
    super(HarbourStoreName, HarbourStoreState, HarbourStoreStatePartial)
  }

  @autoSubscribeWithKey('title')
  getTitle() {
    return this._state.title
  }
}

export const harbour = new HarbourStore()
