import { RivuletError } from '@rivulet/wire'
import { createClientWith } from './page/create-client.ts'
import { cellOf } from './page/snapshot-of.ts'
import type { Client } from './page/types.ts'

/**
 * A client for rendering one request on a server. It has no connection: what it reads is loaded over `upstream`, which stays connected for all requests, and is then its own, so that a page which is
 * streamed shows one state and `dehydrate` writes exactly that. It costs two maps, and needs no disposal.
 *
 * Without `upstream` it knows only what `seed` gives it; `prefetch` rejects then, and so do calls in both cases.
 *
 * @example
 * const upstream = createClient({ url: 'http://localhost:8080' })
 * server.on('request', async (request, response) => {
 *   const client = createRequestClient(upstream)
 *   await prefetch(client, BoardStore, 'board')
 *   response.end(page(renderToString(<App client={client} />), dehydrate(client)))
 * })
 */
export function createRequestClient(upstream?: Client): Client {
  // No address: nothing is ever opened.
  const client = createClientWith({ url: 'http://request.invalid', autoConnect: false }, () =>
    Promise.reject(
      new RivuletError('disconnected', 'a client of one request has no connection', {
        hint: 'Pass a connected client to createRequestClient; make calls on that one.',
      }),
    ),
  )
  if (upstream !== undefined) cellOf(client).source = upstream
  return client
}
