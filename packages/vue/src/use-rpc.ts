import type { CallOptions, RpcDef } from '@rivulet/client'
import { useClient } from './client.ts'

/** A remote call as a function. */
export type RpcFunction<Args, Result> = (args: Args, options?: CallOptions<NoInfer<Args>>) => Promise<Result>

/**
 * A remote call as an async function.
 *
 * The promise rejects with a RivuletError: `rpc` when the handler answered with an error (its text is the message), `timeout`, `aborted`, `disconnected`, `disposed`, or a decode error.
 *
 * Throws `RivuletError` `config` where there is no client.
 *
 * @example
 * const place = useRpc(PlaceToken)
 * // <button @click="place({ x, y })">
 */
export function useRpc<Args, Result>(rpc: RpcDef<Args, Result>): RpcFunction<Args, Result> {
  const client = useClient()
  return (args, options) => client.call(rpc, args, options)
}
