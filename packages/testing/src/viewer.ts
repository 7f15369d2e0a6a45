import { parseKey, type Path } from '@rivulet/wire'
import type { HeldStore } from './held-store.ts'
import { catchUp, changeMessages, type Message } from './store-messages.ts'
import type { StateChange } from './held-store.ts'

/** What a viewer needs of its server. */
export interface ViewerHost {
  store(name: string): HeldStore | undefined
  send(message: Message): void
  /** Answers a call; the answer comes through `send`. */
  call(callID: unknown, method: string, request: unknown): void
  fire(method: string, request: unknown): void
}

/** A connected page, as the server sees it. */
export interface Viewer {
  /** What the page says. */
  take(event: string, body: unknown): void
  /** The store has its first state: whoever waits for it hears. */
  arrived(store: HeldStore): void
  changed(store: HeldStore, change: StateChange): void
  /** Whether the page listens to this event of this store under this key. */
  hears(store: string, event: string, key: string): boolean
  /** What it is subscribed to: store → keys, in the order of the subscriptions. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>
}

/** Makes the server's side of one connection. */
export function createViewer(host: ViewerHost): Viewer {
  const keys = new Map<string, Set<string>>()
  const listens = new Set<string>()

  const pathsOf = (store: HeldStore): Map<string, Path | null> =>
    new Map([...(keys.get(store.def.name) ?? [])].map((key) => [key, parseKey(store.def, key)]))

  const subscribe = (name: string, key: string): void => {
    const known = keys.get(name) ?? new Set()
    keys.set(name, known.add(key))
    const store = host.store(name)
    // A store that is not there yet is one that still loads; its state follows when the test gives it one.
    if (store !== undefined) host.send(catchUp(store.def, store.state, parseKey(store.def, key)))
  }

  const unsubscribe = (name: string, key: string): void => {
    const known = keys.get(name)
    known?.delete(key)
    if (known?.size === 0) keys.delete(name)
  }

  const takers: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => void>> = {
    storesub({ storeName, action, key }) {
      const change = action === 0 ? subscribe : unsubscribe
      change(text(storeName), text(key ?? ''))
    },
    keyedeventsub({ storeName, eventName, action, key }) {
      const listen = listenKey(text(storeName), text(eventName), text(key))
      if (action === 0) listens.add(listen)
      else listens.delete(listen)
    },
    rpccall: ({ callID, methodName, request }) => host.call(callID, text(methodName), request),
    ffrpc: ({ methodName, request }) => host.fire(text(methodName), request),
    datastreamsub({ subscriptionID, action }) {
      if (action !== 0) return
      const error = 'the test server has no data streams'
      host.send({ event: 'datastreamendpoint', body: { subscriptionID, error } })
    },
  }

  return {
    take(event, body) {
      if (Object.hasOwn(takers, event)) takers[event]?.(body as Readonly<Record<string, unknown>>)
    },
    arrived(store) {
      for (const path of pathsOf(store).values()) host.send(catchUp(store.def, store.state, path))
    },
    changed(store, change) {
      for (const message of changeMessages(store.def, change, pathsOf(store))) host.send(message)
    },
    hears: (store, event, key) => listens.has(listenKey(store, event, key)),
    keys,
  }
}

function listenKey(store: string, event: string, key: string): string {
  return JSON.stringify([store, event, key])
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
