import type { Client, PageStore, StoreDef } from '@rivulet/client'
import {
  PROBE_VERSION,
  PROBES,
  type Probe,
  type ProbeObserver,
  type Probes,
  type ProbeWrite,
} from '@rivulet/client/inspect'

/** A client as tools see it, without an engine: the test says what happens. */
export interface FakeProbe {
  readonly probe: Probe
  readonly client: Client
  /** Who observes now. */
  readonly observers: ReadonlySet<ProbeObserver>
  /** What was shown over the host's values, in order. */
  readonly shown: readonly { readonly store: string; readonly writes: readonly ProbeWrite[] }[]
  /** Gives a store another state, as a patch would, and tells the observers which paths have changed. */
  put(store: string, state: unknown, ...paths: readonly (readonly (string | number)[])[]): void
  /** Announces it on the page, as a client does when it is made. */
  register(): void
  end(): void
}

let made = 0

export function probesOfPage(): Probes {
  const page = globalThis as { [PROBES]?: Probes }
  return (page[PROBES] ??= { clients: new Set(), listeners: new Set() })
}

/** Makes one; it is on the page after `register`. */
export function createFakeProbe(url: string, stores: readonly (readonly [StoreDef, unknown])[] = []): FakeProbe {
  const states = new Map(stores.map(([def, state]) => [def.name, state]))
  const observers = new Set<ProbeObserver>()
  const shown: { store: string; writes: readonly ProbeWrite[] }[] = []
  let patches = 0
  const views = stores.map(([def]) => ({ def, get: () => states.get(def.name) }) as unknown as PageStore<unknown>)
  const connection = { state: 'connected', attempt: 0, since: 0, clockOffset: null } as const
  const client = {
    stores: views,
    connection: { get: () => connection, subscribe: () => () => {} },
    mode: Promise.resolve('inline'),
  } as unknown as Client
  const probe: Probe = {
    version: PROBE_VERSION,
    id: `fake-${++made}`,
    url,
    client,
    inspect: () => Promise.reject(new Error('there is no engine')),
    observe(observer) {
      observers.add(observer)
      return () => observers.delete(observer)
    },
    subscribers: () => [],
    show: (store, writes) => void shown.push({ store, writes }),
  }
  const tell = (step: 'made' | 'ended'): void => {
    for (const listener of probesOfPage().listeners) listener(probe, step)
  }
  return {
    probe,
    client,
    observers,
    shown,
    put(store, state, ...paths) {
      states.set(store, state)
      const now = performance.now()
      const patch = {
        number: ++patches,
        bytes: 1,
        began: now,
        applied: now,
        notified: now,
        changes: paths.map((path) => ({ store, path, origins: [] })),
        more: 0,
      }
      for (const observer of observers) observer.patch(patch)
    },
    register() {
      probesOfPage().clients.add(probe)
      tell('made')
    },
    end() {
      probesOfPage().clients.delete(probe)
      tell('ended')
    },
  }
}
