import type { CallOptions, Client, RpcDef } from '@rivulet/client'
import { useCallback, useDebugValue, useInsertionEffect, useRef } from 'react'
import { useClient } from './context.ts'

/** A remote call as a function. */
export type RpcFunction<Args, Result> = (args: Args, options?: CallOptions<NoInfer<Args>>) => Promise<Result>

/**
 * A remote call as an async function whose identity never changes while the client stays the same. It can be awaited in an event handler,
 * in `startTransition`, or in the action of `useActionState`.
 *
 * The promise rejects with a RivuletError: `rpc` when the handler answered with an error (its text is the message), `timeout`, `aborted`,
 * `disconnected`, `disposed`, or a decode error. `options`: `timeoutMs`, `signal`, and `optimistic`, what the call is expected to change; those given here hold for every call, unless the call brings its own.
 * A call goes on when the component is gone.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * const place = useRpc(PlaceToken)
 * <button onClick={() => void place({ x, y })} />
 *
 * const rename = useRpc(Rename, { optimistic: optimistic(FleetStore, (fleet, { name }) => { fleet.title = name }) })
 * <form action={(data) => rename({ name: String(data.get('name')) })}>…</form>
 */
export function useRpc<Args, Result>(
  rpc: RpcDef<Args, Result>,
  options?: CallOptions<NoInfer<Args>>,
): RpcFunction<Args, Result> {
  return useRpcOf(useClient(), rpc, options)
}

/** {@link useRpc} with the client in hand. */
export function useRpcOf<Args, Result>(
  client: Client,
  rpc: RpcDef<Args, Result>,
  options?: CallOptions<NoInfer<Args>>,
): RpcFunction<Args, Result> {
  const latest = useRef(options)
  // Before any effect of this commit, so no call ever goes out with the options of an older render.
  useInsertionEffect(() => {
    latest.current = options
  }, [options])
  useDebugValue(rpc.name)
  return useCallback(
    (args: Args, own?: CallOptions<NoInfer<Args>>) => client.call(rpc, args, { ...latest.current, ...own }),
    [client, rpc],
  )
}
