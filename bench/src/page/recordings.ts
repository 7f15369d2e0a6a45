import { encodeState } from '@rivulet/wire'
import { codecs } from '../decode/codecs/all.ts'
import { makeMoves, makeWorld, moved } from '../decode/world.ts'
import { encodeColyseusDepot } from './depot/depot-colyseus.ts'
import { DepotStore } from '../generated/schema.ts'
import { makeDepot } from './depot/depot.ts'
import { storeNames } from './formats.ts'
import type { Recording } from './replay-host.ts'
import { type Shown, watched } from './viewer.ts'

/** The stream that everybody gets, and what the page must show at its start and at its ends. */
export interface Stream {
  readonly recordings: readonly Recording[]
  readonly atFirst: Shown
  /** After each of the endings. */
  readonly atEnd: readonly Shown[]
}

/** Deltas that take turns; one ending for the stretch that warms, one for the stretch that counts. */
const variants = 4
const endings = 2

const codecNames = { rivulet: 'rivulet', colyseus: '@colyseus/schema' } as const

/** Deltas that move `changed` of `entities`, in every format, made before anybody measures. */
export function makeStream(entities: number, changed: number): Stream {
  const world = makeWorld(entities)
  const moves = Array.from({ length: variants + endings }, (_, seed) => makeMoves(entities, changed, seed))
  const recordings = (['rivulet', 'colyseus'] as const).map((format): Recording => {
    const sender = codecs.find(({ name }) => name === codecNames[format])?.send(world)
    const encode = sender?.delta
    if (sender === undefined || encode === undefined) throw new Error(`There is no codec ${codecNames[format]}.`)
    const messages = moves.map((move) => encode(move))
    return {
      storeName: storeNames[format].world,
      full: sender.full,
      deltas: messages.slice(0, variants),
      endings: messages.slice(variants),
    }
  })
  const shownIn = (state: ReturnType<typeof makeWorld>): Shown => watched.map((id) => state.get(id)?.x ?? null)
  return {
    recordings,
    atFirst: shownIn(world),
    atEnd: moves.slice(variants).map((move) => shownIn(moved(world, move))),
  }
}

/** The large state that arrives whole, in every format, and what the page must show then. */
export function makeArrival(rows: number): { readonly recordings: readonly Recording[]; readonly atFirst: Shown } {
  const crates = makeDepot(rows)
  const none = { deltas: [], endings: [] }
  return {
    recordings: [
      { storeName: storeNames.rivulet.depot, full: encodeState(DepotStore, { crates }), ...none },
      { storeName: storeNames.colyseus.depot, full: encodeColyseusDepot(crates), ...none },
    ],
    atFirst: watched.map((id) => crates.get(id)?.place.x ?? null),
  }
}
