import { type Client, RivuletError } from '@rivulet/client'
import { hasInjectionContext, inject, type InjectionKey, type Plugin, provide } from 'vue'

// The same in two copies of this package on one page.
const CLIENT: InjectionKey<Client> = Symbol.for('rivulet.vue.client')

/**
 * Gives a client to every component of an app. The app owns the client: nothing here connects or disposes it.
 *
 * @example
 * createApp(App).use(rivulet, createClient({ url: 'https://example.com' })).mount('#app')
 */
export const rivulet: Plugin<[Client]> = {
  install: (app, client) => void app.provide(CLIENT, client),
}

/**
 * Gives a client to the components below the one whose `setup` calls this; the nearest one counts.
 *
 * @example
 * provideClient(props.client)
 */
export function provideClient(client: Client): void {
  provide(CLIENT, client)
}

/**
 * The client of the app, or of the nearest `provideClient`.
 *
 * Throws `RivuletError` `config` when there is none, and outside of `setup`.
 *
 * @example
 * const client = useClient()
 * const reconnect = () => client.connect()
 */
export function useClient(): Client {
  const client = hasInjectionContext() ? inject(CLIENT, null) : null
  if (client === null) {
    throw new RivuletError('config', 'a Rivulet composable was used where there is no client', {
      hint: 'Call it in setup, below app.use(rivulet, createClient({ url })) or provideClient(client).',
    })
  }
  return client
}
