import type { ConnectionStatus } from '@rivulet/client'
import type { Ref } from 'vue'
import { useClient } from './client.ts'
import { useSource } from './use-source.ts'

const SERVER: ConnectionStatus = Object.freeze({ state: 'connecting', since: 0, attempt: 0, clockOffset: null })

/**
 * The connection as a ref: `{ state, since, attempt, clockOffset, session?, error? }`. It says nothing about data: values stay readable while the connection is away.
 *
 * Throws `RivuletError` `config` where there is no client.
 *
 * @example
 * const connection = useConnection()
 * // <p role="status">{{ connection.state }}</p>
 */
export function useConnection(): Readonly<Ref<ConnectionStatus>> {
  const { connection } = useClient()
  return useSource(() => ({
    subscribe: (listener) => connection.subscribe(listener),
    get: () => connection.get(),
    getServer: () => SERVER,
  }))
}
