import { RivuletError } from '@rivulet/wire'
import { createHookWatch } from './hook-watch.ts'
import type { Live } from './live.ts'
import { rethrowLater } from './notify.ts'
import type { Observation } from './observation.ts'
import { createOriginBook } from './origin-book.ts'
import { addProbe } from './page-probes.ts'
import type { StoreCore } from './page-store.ts'
import { PROBE_VERSION, type Probe } from './probe.ts'
import { listSubscribers } from './probe-subscribers.ts'
import { createProbeWatch } from './probe-watch.ts'
import { createShownValues, type ShownValues } from './shown-values.ts'
import type { Client } from './types.ts'

/** What a probe needs of its client. */
export interface ProbeParts {
  readonly client: Client
  readonly observation: Observation
  readonly url: string
  readonly coreNamed: (name: string) => StoreCore | undefined
  readonly live: () => Live | undefined
}

/**
 * Shows a client to tools on its page; returns what ends that, for `dispose`. Loaded only for clients with the option `devtools`.
 *
 * The page holds on to the probe, and with it to the client, until then: a client that is dropped without `dispose` has its connection and its worker for ever anyway.
 */
export function attachProbe(parts: ProbeParts): () => void {
  const { client, observation, url, coreNamed, live } = parts
  const book = createOriginBook()
  const watch = createProbeWatch(observation, book)
  const shown = new Map<StoreCore, ShownValues>()
  observation.hooks = createHookWatch(observation)

  const find = (store: string): StoreCore => {
    const core = coreNamed(store)
    if (core !== undefined) return core
    throw new RivuletError('unknown-store', 'the page has no such store', {
      store,
      hint: 'It has one after the first client.store(Definition) or hook.',
    })
  }

  const probe: Probe = {
    version: PROBE_VERSION,
    id: uniqueId(),
    url,
    client,
    inspect: (port) => live()?.inspect(port) ?? Promise.reject(new RivuletError('worker', 'there is no engine yet')),
    observe: (observer) => watch.add(observer),
    subscribers: (store) => listSubscribers(find(store), observation, book),
    show(store, writes) {
      const core = find(store)
      let values = shown.get(core)
      if (values === undefined) shown.set(core, (values = createShownValues(core)))
      values.show(writes)
      if (writes.length === 0) shown.delete(core)
    },
  }
  const remove = addProbe(probe, rethrowLater)
  return () => {
    remove()
    watch.end()
    for (const values of shown.values()) values.show([])
    shown.clear()
  }
}

const COUNTER = Symbol.for('rivulet.probes.ids')

/** Counted by the page, because copies of this package do not know each other's clients. */
function uniqueId(): string {
  const page = globalThis as { [COUNTER]?: number }
  page[COUNTER] = (page[COUNTER] ?? 0) + 1
  return `client-${page[COUNTER]}`
}
