import type { EventDef, EventInfo, KeyedEventDef } from '@rivulet/client'
import { type MaybeRefOrGetter, toValue, watch } from 'vue'
import { useClient } from './client.ts'
import { whileActive } from './while-active.ts'

/** Hears one kind of event. */
export type EventListener<Packet> = (packet: Packet, info: EventInfo) => void

/**
 * Calls `listener` for each event while the component is mounted and not put away by KeepAlive. Keyed events take the key to listen to, which may be a ref or a getter.
 *
 * Throws `RivuletError` `config` where there is no client.
 *
 * @example
 * useEvent(ServerTime, ({ currentTime }) => (time.value = currentTime))
 * useEvent(Message, () => props.room, (message) => messages.push(message))
 */
export function useEvent<Packet>(event: EventDef<Packet>, listener: EventListener<Packet>): void
export function useEvent<Packet>(
  event: KeyedEventDef<Packet>,
  key: MaybeRefOrGetter<string>,
  listener: EventListener<Packet>,
): void
export function useEvent(event: EventDef | KeyedEventDef, ...rest: readonly unknown[]): void {
  const client = useClient()
  if (event.kind === 'event') {
    const [listener] = rest as [EventListener<unknown>]
    whileActive(() => client.on(event, listener))
    return
  }
  const [key, listener] = rest as [MaybeRefOrGetter<string>, EventListener<unknown>]
  whileActive(() =>
    watch(
      () => toValue(key),
      (now, _before, onCleanup) => onCleanup(client.on(event, now, listener)),
      { immediate: true, flush: 'sync' },
    ),
  )
}
