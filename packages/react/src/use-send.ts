import type { Client, SendDef } from '@rivulet/client'
import { useCallback, useDebugValue } from 'react'
import { useClient } from './context.ts'

/** A call without a response, as a function. */
export type SendFunction<Args> = (args: Args) => Promise<void>

/**
 * A call without a response, as a function whose identity never changes while the client stays the same. Its promise settles when the
 * message has left, or could not; nobody says whether it arrived.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * const ping = useSend(Ping)
 * <button onClick={() => void ping({ at: Date.now() })} />
 */
export function useSend<Args>(def: SendDef<Args>): SendFunction<Args> {
  return useSendOf(useClient(), def)
}

/** {@link useSend} with the client in hand. */
export function useSendOf<Args>(client: Client, def: SendDef<Args>): SendFunction<Args> {
  useDebugValue(def.name)
  return useCallback((args: Args) => client.send(def, args), [client, def])
}
