import { loadLive } from './bridge/load-live.ts'
import { createClientWith } from './page/create-client.ts'
import type { Client, ClientOptions } from './page/types.ts'

/**
 * Makes a client of one host. In a browser it starts its engine (in a worker, with fallbacks) and connects at once; elsewhere with the first subscription or call;
 * with `autoConnect: false` only after `connect()`.
 *
 * Throws `RivuletError` `config` for an option that cannot work; never for the network, whose state is `client.connection`.
 *
 * @example
 * const client = createClient({ url: 'https://example.com' })
 * const board = client.store(BoardStore)
 * board.subscribe('xTurn', () => console.log(board.get('xTurn')))
 */
export function createClient(options: ClientOptions): Client {
  return createClientWith(options, loadLive)
}
