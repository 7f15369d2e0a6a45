import { absolute } from './client-config.ts'

/**
 * Deletes everything that was kept of a host for offline use, of all users of this browser: for the app's "log out". Clients that still run, in this tab and others, keep showing what they show and save nothing any more; a client that
 * is made later keeps again. `url` is what `createClient` is given.
 *
 * Rejects with `RivuletError` `config` for a `url` that cannot be, `storage` when the browser has no database or refuses.
 *
 * @example
 * await forgetOffline('https://example.com')
 * await client.dispose()
 */
export async function forgetOffline(url: string): Promise<void> {
  const host = absolute(url)
  // Needed once, at the end of a visit: no page loads it to begin one.
  const { forgetHost, noDatabase, ownFactory } = await import('../offline-database.ts')
  const factory = ownFactory()
  if (factory === undefined) throw noDatabase()
  await forgetHost(factory, host)
}
