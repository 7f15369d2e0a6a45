import type { Client } from '@rivulet/client'
import type { StoreDef } from '@rivulet/wire'

/** A store that waits for its connection. */
export interface Bindable {
  getName(): string
  bindConnection(connection: Connection | undefined): void
}

/** What a socket offers to stores. */
export interface Connection {
  readonly client: Client
  /** Whether stores of this name are this connection's. */
  serves(store: string): boolean
  /** The app's own definition of a store. */
  definitionOf(store: string): StoreDef | undefined
}

// Old code makes its stores in one module and its socket in another, with nothing between them; this is the one place where they meet.
const stores = new Set<Bindable>()
const connections: Connection[] = []

/** Makes a store known; it gets the newest connection that serves it. */
export function addStore(store: Bindable): void {
  stores.add(store)
  rebind(store)
}

/** Every store that was made, oldest first. */
export function allStores<T extends Bindable>(): T[] {
  return [...stores] as T[]
}

/** Offers a connection to all stores. The newest one wins: that is how an app replaces its socket. */
export function addConnection(connection: Connection): void {
  if (connections.includes(connection)) return
  connections.push(connection)
  for (const store of stores) rebind(store)
}

/** Takes a connection back; its stores go to an older one, if there is one. */
export function removeConnection(connection: Connection): void {
  const at = connections.indexOf(connection)
  if (at < 0) return
  connections.splice(at, 1)
  for (const store of stores) rebind(store)
}

function rebind(store: Bindable): void {
  store.bindConnection(connections.findLast((connection) => connection.serves(store.getName())))
}
