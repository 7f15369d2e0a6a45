import { decodeValue, type EventDef, isRivuletError, type KeyedEventDef, type RivuletError } from '@rivulet/wire'
import type { EngineMethods } from '../bridge/engine-link.ts'
import { asRivuletError, fromPlainError } from '../plain-error.ts'
import { createGrace } from './grace.ts'
import { rethrowLater } from './notify.ts'
import type { Session } from './session.ts'
import { slimDef } from './slim-def.ts'
import { structNode } from './struct-node.ts'
import type { EventInfo } from './types.ts'

type AnyEvent = EventDef | KeyedEventDef
type Listener = (packet: unknown, info: EventInfo) => void

/** The event listeners of a client. */
export interface Events {
  on(event: AnyEvent, key: string | undefined, listener: Listener): () => void
  deliver(listener: number, time: number, bytes: ArrayBuffer): void
  /** Tells a fresh engine what is listened to. */
  replay(control: EngineMethods): void
  clear(): void
}

interface Channel {
  readonly id: number
  readonly event: AnyEvent
  readonly key: string | undefined
  readonly listeners: Set<{ readonly call: Listener; active: boolean }>
}

/** Makes the event listeners of one client. */
export function createEvents(session: Session, graceMs: number, report: (error: RivuletError) => void): Events {
  const byEvent = new Map<AnyEvent, Map<string | undefined, Channel>>()
  const byId = new Map<number, Channel>()
  let lastId = 0

  const listen = async (control: EngineMethods, { id, event, key }: Channel): Promise<void> => {
    const slim = slimDef(event, [event.packet])
    const problem = await (key === undefined ? control.listen(id, slim) : control.listen(id, slim, key))
    if (problem !== null) report(fromPlainError(problem))
  }

  const grace = createGrace<Channel>(graceMs, (channels) => {
    for (const { id, event, key } of channels) {
      byId.delete(id)
      const keys = byEvent.get(event)
      keys?.delete(key)
      if (keys?.size === 0) byEvent.delete(event)
      session.tell((control) => control.unlisten(id))
    }
  })

  const channelOf = (event: AnyEvent, key: string | undefined): Channel => {
    let keys = byEvent.get(event)
    if (keys === undefined) byEvent.set(event, (keys = new Map()))
    let channel = keys.get(key)
    if (channel === undefined) {
      const made: Channel = { id: ++lastId, event, key, listeners: new Set() }
      channel = made
      keys.set(key, made)
      byId.set(made.id, made)
      session.tell((control) => listen(control, made))
    }
    return channel
  }

  return {
    on(event, key, call) {
      const channel = channelOf(event, key)
      grace.cancel(channel)
      const entry = { call, active: true }
      channel.listeners.add(entry)
      return () => {
        if (!entry.active) return
        entry.active = false
        channel.listeners.delete(entry)
        if (channel.listeners.size === 0) grace.add(channel)
      }
    },
    deliver(id, time, bytes) {
      const channel = byId.get(id)
      if (channel === undefined || channel.listeners.size === 0) return
      const { event } = channel
      let packet: unknown
      try {
        // Once, however many listen (pitfall 35).
        packet = decodeValue(event.types, structNode(event.types, event.packet), bytes)
      } catch (e) {
        const { code, what, path } = asRivuletError(e, 'protocol')
        if (!isRivuletError(e)) throw e
        report(fromPlainError({ code, what: `an event cannot be decoded (${what})`, store: event.name, path }))
        return
      }
      const info: EventInfo = { time }
      const now = [...channel.listeners]
      for (const entry of now) {
        if (!entry.active) continue
        try {
          entry.call(packet, info)
        } catch (e) {
          rethrowLater(e)
        }
      }
    },
    replay(control) {
      for (const channel of byId.values()) session.tell(() => listen(control, channel))
    },
    clear() {
      grace.clear()
      byId.clear()
      byEvent.clear()
    },
  }
}
