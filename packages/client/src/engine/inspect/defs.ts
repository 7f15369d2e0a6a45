import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { FeedMessage } from '../../feed-protocol.ts'

type Def = StoreDef | RpcDef | SendDef | EventDef | KeyedEventDef

/** The descriptors that an engine has seen, by name. */
export interface Defs {
  /** How many times there was a new one. */
  readonly learned: number
  /** `anew`: a descriptor that differs from the one known takes its place. */
  learn(def: Def, anew: boolean): void
  /** Those that are new since `learned` was this number. */
  since(learned: number): FeedMessage
}

/** Makes an empty list of descriptors. An app has so many names and no more, so it does not grow. */
export function createDefs(): Defs {
  const known = new Map<string, { readonly def: Def; readonly nth: number }>()
  let learned = 0
  return {
    get learned() {
      return learned
    },
    learn(def, anew) {
      const id = JSON.stringify([def.kind, def.kind === 'keyedEvent' ? def.store : '', def.name])
      const old = known.get(id)?.def
      // A descriptor that has crossed a thread is a new object each time.
      if (old !== undefined && (!anew || old === def || JSON.stringify(old) === JSON.stringify(def))) return
      known.set(id, { def, nth: ++learned })
    },
    since(from) {
      const stores: StoreDef[] = []
      const requests: (RpcDef | SendDef)[] = []
      const events: (EventDef | KeyedEventDef)[] = []
      for (const { def, nth } of known.values()) {
        if (nth <= from) continue
        if (def.kind === 'store') stores.push(def)
        else if (def.kind === 'rpc' || def.kind === 'send') requests.push(def)
        else events.push(def)
      }
      return { type: 'defs', stores, requests, events }
    },
  }
}
