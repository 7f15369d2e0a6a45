import { RivuletError, type Client } from '@rivulet/client'
import { createContext, useContext, type Context } from 'react'

type ClientContext = Context<Client | null>

// Two copies of this package on one page (a duplicated dependency, a micro-frontend) must find the same provider, but only when they
// also share React: a context of one React means nothing to another.
const KEY = Symbol.for('rivulet.react.contexts')
const shared = globalThis as { [KEY]?: WeakMap<typeof createContext, ClientContext> }
const contexts = (shared[KEY] ??= new WeakMap<typeof createContext, ClientContext>())

function contextOfThisReact(): ClientContext {
  let context = contexts.get(createContext)
  if (context === undefined) contexts.set(createContext, (context = createContext<Client | null>(null)))
  return context
}

/** Where `RivuletProvider` puts the client. */
export const ClientContext: ClientContext = contextOfThisReact()
ClientContext.displayName = 'Rivulet'

/**
 * The client of the nearest `RivuletProvider`.
 *
 * @throws RivuletError `config` when there is no provider above.
 *
 * @example
 * const client = useClient()
 * const reconnect = () => client.connect()
 */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === null) {
    throw new RivuletError('config', 'a Rivulet hook was used where there is no client', {
      hint: 'Put <RivuletProvider client={createClient({ url })}> above this component, or take the hooks from createHooks(client)',
    })
  }
  return client
}
