import type { Client, ConnectionStatus } from '@rivulet/client'
import { useDebugValue, useSyncExternalStore } from 'react'
import { useClient } from './context.ts'
import type { Source } from './source.ts'

/**
 * The connection: `{ state, since, attempt, clockOffset, session?, error? }`. It says nothing about data: values stay readable while the connection
 * is away.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * const { state, attempt } = useConnection()
 * <p role="status">{state === 'connected' ? 'Live' : `Connecting (attempt ${attempt})`}</p>
 */
export function useConnection(): ConnectionStatus {
  return useConnectionOf(useClient())
}

/** {@link useConnection} with the client in hand. */
export function useConnectionOf(client: Client): ConnectionStatus {
  const source = connectionSource(client)
  const status = useSyncExternalStore(source.subscribe, source.get, source.getServer)
  useDebugValue(status.state)
  return status
}

const SERVER: ConnectionStatus = Object.freeze({ state: 'connecting', since: 0, attempt: 0, clockOffset: null })

const sources = new WeakMap<Client, Source<ConnectionStatus>>()

function connectionSource(client: Client): Source<ConnectionStatus> {
  let source = sources.get(client)
  if (source === undefined) {
    const { connection } = client
    source = {
      subscribe: (listener) => connection.subscribe(listener),
      get: () => connection.get(),
      getServer: () => SERVER,
    }
    sources.set(client, source)
  }
  return source
}
