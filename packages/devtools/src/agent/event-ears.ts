import type { Probe } from '@rivulet/client/inspect'
import { encodeValue, type EventDef, type KeyedEventDef } from '@rivulet/wire'
import type { PageEvent } from '../protocol.ts'

/** The events that a panel listens to. */
export interface EventEars {
  listen(listener: number, def: EventDef | KeyedEventDef, key: string | undefined): void
  unlisten(listener: number): void
  end(): void
}

/** Events that one panel may listen to at a time. */
const MAX_EARS = 256

/** Listens on a client for a panel; what is heard goes to `add`. */
export function createEventEars(client: Probe['client'], add: (event: PageEvent) => void): EventEars {
  const ears = new Map<number, () => void>()
  const unlisten = (listener: number): void => {
    ears.get(listener)?.()
    ears.delete(listener)
  }
  return {
    unlisten,
    listen(listener, def, key) {
      unlisten(listener)
      const heard = (packet: unknown): void => {
        const bytes = encodeValue(def.types, { kind: 'struct', ref: def.packet }, packet)
        const at = performance.timeOrigin + performance.now()
        add({ type: 'heard', listener, at, packet: bytes.slice().buffer })
      }
      try {
        if (ears.size >= MAX_EARS) throw new Error(`the panel listens to ${MAX_EARS} events already`)
        ears.set(listener, def.kind === 'event' ? client.on(def, heard) : client.on(def, key ?? '', heard))
      } catch (error) {
        add({ type: 'deaf', listener, why: error instanceof Error ? error.message : String(error) })
      }
    },
    end() {
      for (const listener of ears.keys()) unlisten(listener)
    },
  }
}
