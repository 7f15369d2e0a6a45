import { Callbacks } from '@colyseus/schema'
import { colyseus } from '../../decode/codecs/colyseus.ts'
import { decodeColyseusDepot } from '../depot/depot-colyseus.ts'
import { storeNames } from '../formats.ts'
import { followStore, type StoreUpdate } from '../store-update.ts'
import { type Show, type Viewer, watched } from '../viewer.ts'

function world(show: Show): (update: StoreUpdate) => void {
  let decoder: ReturnType<typeof colyseus.decode> | undefined
  return ({ state, partial }) => {
    if (state !== undefined) {
      decoder = colyseus.decode(new Uint8Array(state))
      const callbacks = Callbacks.get(decoder)
      watched.forEach((id, row) => {
        const entity = decoder?.state.entities.get(id)
        if (entity === undefined) throw new Error(`The state has no entity ${id}.`)
        show(row, entity.x)
        callbacks.onChange(entity, () => show(row, entity.x))
      })
    } else if (decoder !== undefined && partial !== undefined) decoder.decode(new Uint8Array(partial))
  }
}

function depot(show: Show): (update: StoreUpdate) => void {
  return ({ state }) => {
    if (state === undefined) return
    const { crates } = decodeColyseusDepot(new Uint8Array(state))
    watched.forEach((id, row) => {
      const crate = crates.get(id)
      if (crate !== undefined) show(row, crate.place.x)
    })
  }
}

/** Colyseus decoding on the page, as its SDK does, with its callbacks on the watched rows. */
export const colyseusPage: Viewer = {
  name: '@colyseus/schema on the page',
  packageName: '@colyseus/schema',
  ours: false,
  note: 'its decoder and callbacks, same transport as the others',
  format: 'colyseus',
  start(url, subject, show) {
    followStore(url, storeNames.colyseus[subject], subject === 'world' ? world(show) : depot(show))
  },
}
