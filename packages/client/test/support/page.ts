import type { StartEngine } from '../../src/bridge/engine-link.ts'
import { createClientWith } from '../../src/page/create-client.ts'
import { createLive } from '../../src/page/create-live.ts'
import type { LoadLive } from '../../src/page/live.ts'
import type { Client, ClientOptions, PageStore } from '../../src/page/types.ts'
import { createFakeEngine, type FakeEngine } from './fake-engine.ts'
import { type Fleet, FleetStore } from './fleet.ts'

export interface TestPage {
  readonly client: Client
  readonly fake: FakeEngine
  readonly store: PageStore<Fleet>
  readonly errors: Error[]
}

/** The error a promise rejects with. Handled from now on, so it may reject before anybody awaits this. Throws when it resolves. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it resolved')
    },
    (error: unknown) => error,
  )
}

/** The live part of a client on an engine started by `start`, there at once. */
export function liveOn(start: StartEngine): LoadLive {
  return () => (setup) => createLive(start, setup)
}

const open = new Set<Client>()

/** A client on a fake engine, connected. Disposed by {@link closePages}. */
export function openPage(options: Partial<ClientOptions> = {}, fake: FakeEngine = createFakeEngine()): TestPage {
  const errors: Error[] = []
  const client = createClientWith(
    { url: 'http://localhost:1', graceMs: 20, onError: (e) => errors.push(e), ...options },
    liveOn(fake.start),
  )
  open.add(client)
  return { client, fake, store: client.store(FleetStore), errors }
}

export async function closePages(): Promise<void> {
  await Promise.all([...open].map((client) => client.dispose()))
  open.clear()
}
