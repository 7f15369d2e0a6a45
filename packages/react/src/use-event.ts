import type { Client, EventDef, EventInfo, KeyedEventDef } from '@rivulet/client'
import { useDebugValue, useEffect, useInsertionEffect, useRef } from 'react'
import { useClient } from './context.ts'

/** Hears one kind of event. */
export type EventListener<Packet> = (packet: Packet, info: EventInfo) => void

/**
 * Calls `listener` for each event while the component is mounted and visible. The listener may be another function in every render: the
 * latest one is called, and the subscription stays. Keyed events take the key to listen to.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * useEvent(ServerTime, ({ currentTime }) => setTime(currentTime))
 * useEvent(Message, roomId, (message) => append(message))
 */
export function useEvent<Packet>(event: EventDef<Packet>, listener: EventListener<Packet>): void
export function useEvent<Packet>(event: KeyedEventDef<Packet>, key: string, listener: EventListener<Packet>): void
export function useEvent(
  event: EventDef | KeyedEventDef,
  keyOrListener: string | EventListener<unknown>,
  listener?: EventListener<unknown>,
): void {
  useEventOf(useClient(), event, keyOrListener, listener)
}

/** {@link useEvent} with the client in hand. */
export function useEventOf(
  client: Client,
  event: EventDef | KeyedEventDef,
  keyOrListener: string | EventListener<unknown>,
  listener?: EventListener<unknown>,
): void {
  const key = typeof keyOrListener === 'string' ? keyOrListener : ''
  const call = typeof keyOrListener === 'string' ? listener : keyOrListener
  const latest = useRef(call)
  // Before any layout or passive effect of this commit, so no event ever reaches the listener of an older render.
  useInsertionEffect(() => {
    latest.current = call
  }, [call])
  useEffect(() => {
    const deliver: EventListener<unknown> = (packet, info) => latest.current?.(packet, info)
    return event.kind === 'event' ? client.on(event, deliver) : client.on(event, key, deliver)
  }, [client, event, key])
  useDebugValue(event.name)
}
