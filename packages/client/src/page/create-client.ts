import { type EventDef, type KeyedEventDef, RivuletError, type RpcDef, type StoreDef } from '@rivulet/wire'
import { asRivuletError, toPlainError } from '../plain-error.ts'
import type { ConnectionStatus } from '../protocol.ts'
import { readOptions } from './client-config.ts'
import { callLate } from './call-late.ts'
import { createLiveGate } from './live-gate.ts'
import type { LoadLive } from './live.ts'
import { notify, type Registration, rethrowLater } from './notify.ts'
import { createObservation, OBSERVATION, type WithObservation } from './observation.ts'
import { createPageStore, type StoreCore, type StoreHost } from './page-store.ts'
import type { PathNode } from './path-node.ts'
import { createCell } from './readable.ts'
import { createReporter } from './report.ts'
import { isSameStore } from './same-store.ts'
import { SNAPSHOT, type SnapshotCell, type WithSnapshot } from './snapshot.ts'
import { openStream } from './stream-entry.ts'
import type { CallOptions, Client, ClientOptions, EventInfo, PageStore } from './types.ts'

/**
 * A client whose live part comes from `load`. Apps use `createClient`; tests bring their own engine.
 *
 * @example
 * const client = createClientWith({ url }, () => (setup) => createLive(start, setup))
 */
export function createClientWith(options: ClientOptions, load: LoadLive): Client {
  const config = readOptions(options)
  const auto = options.autoConnect !== false
  const browser = typeof document !== 'undefined'
  const tell = createReporter(options.onError)
  const report = (error: RivuletError): void => {
    try {
      tell(error)
    } catch (e) {
      rethrowLater(e)
    }
  }
  const disposing = new Set<(error: RivuletError) => void>()
  const stores = new Map<StoreDef, StoreCore>()
  const byName = new Map<string, StoreCore>()
  const snapshot: SnapshotCell = { current: undefined, report }
  const connection = createCell<ConnectionStatus>({
    state: auto && browser ? 'connecting' : 'disconnected',
    since: Date.now(),
    attempt: 0,
    clockOffset: null,
  })
  let wanted = false
  let hungUp = false
  let ended: RivuletError | undefined
  let disposal: Promise<void> | undefined

  const observation = config.devtools && browser ? createObservation() : undefined
  const gate = createLiveGate(load, { options, config, connection, observation, report }, (error) => {
    report(error)
    down('disconnected', error)
  })

  function down(state: 'disconnected' | 'disposed', error?: RivuletError): void {
    const { clockOffset } = connection.get()
    const status: ConnectionStatus = { state, since: Date.now(), attempt: 0, clockOffset }
    connection.set(error === undefined ? status : { ...status, error: toPlainError(error, error.code) })
  }

  // Outside a browser a client may exist only to render once; it connects when somebody wants something of it.
  const demand = (): void => {
    if (auto && !wanted && !hungUp) connect()
  }

  const connect = (): void => {
    if (ended !== undefined) return
    wanted = true
    hungUp = false
    gate.load(true)
    gate.run(connect, (live) => live.connect())
  }

  const mark = (store: StoreCore, node: PathNode, error?: RivuletError): void => {
    const heard = new Set<Registration>()
    store.status(node, error === undefined ? 'loading' : 'error', error, heard)
    notify(heard)
  }

  const host: StoreHost = {
    get client() {
      return client
    },
    snapshot,
    observation,
    // Bytes to read come through the live part, so it is there.
    readSlot: (...slot) => gate.live()?.readSlot(...slot),
    hold(store, node) {
      if (ended !== undefined) return
      if (node.status === 'idle') mark(store, node)
      gate.run(
        node,
        (live) => live.hold(store, node),
        (error) => mark(store, node, error),
      )
      demand()
    },
    release(store, node) {
      const live = gate.live()
      if (live !== undefined) live.release(store, node)
      else if (gate.forget(node)) store.drop(node)
    },
    whenDisposed(reject) {
      if (ended !== undefined) reject(ended)
      else disposing.add(reject)
      return () => disposing.delete(reject)
    },
    report,
  }

  function coreOf(def: StoreDef): StoreCore {
    // A store is one thing on the wire, so another copy of its definition (hot reload, a duplicated module) means the same store.
    let core = stores.get(def)
    if (core === undefined) {
      core = byName.get(def.name) ?? createPageStore(byName.size + 1, def, host)
      if (!isSameStore(core.page.def, def)) {
        throw new RivuletError('config', 'two different definitions of one store are in use', {
          store: def.name,
          hint: 'Use one generated module; after a change of the schema, reload the page.',
        })
      }
      byName.set(def.name, core)
      stores.set(def, core)
    }
    return core
  }

  function on(event: EventDef | KeyedEventDef, ...rest: unknown[]): () => void {
    const [key, listener] = event.kind === 'keyedEvent' ? (rest as [string, unknown]) : [undefined, rest[0]]
    if (typeof listener !== 'function') {
      throw new RivuletError('config', 'an event needs a listener', { store: event.name })
    }
    if (event.kind === 'keyedEvent' && (typeof key !== 'string' || key === '')) {
      throw new RivuletError('config', 'a keyed event needs a key', {
        store: `${event.store}.${event.name}`,
        hint: 'Pass a non-empty string.',
      })
    }
    let stop: (() => void) | undefined
    const off = (): void => {
      gate.forget(off)
      stop?.()
    }
    if (ended !== undefined) return off
    gate.run(off, (live) => {
      stop = live.on(event, key, listener as (packet: unknown, info: EventInfo) => void)
    })
    demand()
    return off
  }

  const client: Client & WithSnapshot & WithObservation = {
    [SNAPSHOT]: snapshot,
    [OBSERVATION]: observation,
    store: <S>(def: StoreDef<S>) => coreOf(def).page as unknown as PageStore<S>,
    get stores() {
      return [...byName.values()].map((core) => core.page)
    },
    call<A, R>(rpc: RpcDef<A, R>, args: A, callOptions: CallOptions<A> = {}) {
      const send = (): Promise<R> => {
        demand()
        return (
          gate.live()?.call(rpc, args, callOptions) ??
          callLate(gate, rpc.name, callOptions, config.engine.callTimeoutMs, (live) =>
            live.call(rpc, args, callOptions),
          )
        )
      }
      return callOptions.optimistic?.run(args, coreOf, send) ?? send()
    },
    send(def, args) {
      demand()
      return (
        gate.live()?.send(def, args) ??
        callLate(gate, def.name, {}, config.engine.callTimeoutMs, (live) => live.send(def, args))
      )
    },
    on,
    stream(def, key, streamOptions) {
      const stream = openStream(gate, def, key, streamOptions)
      demand()
      return stream
    },
    connection,
    mode: gate.mode,
    connect,
    disconnect() {
      wanted = false
      hungUp = true
      gate.forget(connect)
      gate.live()?.disconnect()
    },
    dispose() {
      disposal ??= dispose()
      return disposal
    },
  }

  async function dispose(): Promise<void> {
    const error = new RivuletError('disposed', 'the client was disposed')
    ended = error
    for (const reject of disposing) reject(error)
    disposing.clear()
    const done = gate.end(error)
    down('disposed')
    await done
  }

  if (observation !== undefined) {
    const parts = {
      client,
      observation,
      url: config.engine.url,
      coreNamed: byName.get.bind(byName),
      live: () => gate.live(),
    }
    import('./attach-probe.ts')
      .then(({ attachProbe }) => ended ?? disposing.add(attachProbe(parts)))
      .catch((e: unknown) => report(asRivuletError(e, 'worker')))
  }
  if (auto && browser) connect()
  return client
}
