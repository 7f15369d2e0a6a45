import type { CallOptions, Client, RpcDef } from '@rivulet/client'
import { useCallback, useDebugValue } from 'react'
import { useClient } from './context.ts'

/** A remote call as a function. */
export type RpcFunction<Args, Result> = (args: Args, options?: CallOptions) => Promise<Result>

/**
 * A remote call as an async function whose identity never changes while the client stays the same. It can be awaited in an event handler,
 * in `startTransition`, or in the action of `useActionState`.
 *
 * The promise rejects with a RivuletError: `rpc` when the handler answered with an error (its text is the message), `timeout`, `aborted`,
 * `disconnected`, `disposed`, or a decode error. `options`: `timeoutMs`, `signal`.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * const place = useRpc(PlaceToken)
 * <button onClick={() => void place({ x, y })} />
 */
export function useRpc<Args, Result>(rpc: RpcDef<Args, Result>): RpcFunction<Args, Result> {
  return useRpcOf(useClient(), rpc)
}

/** {@link useRpc} with the client in hand. */
export function useRpcOf<Args, Result>(client: Client, rpc: RpcDef<Args, Result>): RpcFunction<Args, Result> {
  useDebugValue(rpc.name)
  return useCallback((args: Args, options?: CallOptions) => client.call(rpc, args, options), [client, rpc])
}
