import { vi } from 'vitest'
import type { ClientMode, ClientOptions } from '../../src/index.ts'

/** A place where the engine of a client can run. */
export interface Topology {
  readonly name: string
  /** What `client.mode` says of the client under test. */
  readonly mode: ClientMode
  readonly options: Partial<ClientOptions>
  /** The mode of the client in another tab that uses the same engine; absent where every client has its own. */
  readonly otherMode?: ClientMode
  /** The other tab is there first. */
  readonly otherFirst?: boolean
  /** Problems that every start reports. */
  readonly problems?: number
  /** What the page has to be like. */
  readonly prepare?: () => void
}

/** Only workers from a Blob start, as on a page of another origin. */
function blobsOnly(): void {
  const Real = Worker
  vi.stubGlobal(
    'Worker',
    class extends Real {
      constructor(url: URL | string, options?: WorkerOptions) {
        super(String(url).startsWith('blob:') ? url : '/no-such-worker.js', options)
      }
    },
  )
}

const list: readonly Topology[] = [
  { name: 'worker', mode: 'worker', options: {} },
  { name: 'blob-worker', mode: 'blob-worker', options: {}, problems: 1, prepare: blobsOnly },
  { name: 'inline', mode: 'inline', options: { worker: 'inline' } },
  {
    name: 'custom',
    mode: 'custom',
    options: { worker: () => new Worker(new URL('./custom-worker.ts', import.meta.url), { type: 'module' }) },
  },
  {
    name: 'shared-worker',
    mode: 'shared-worker',
    options: { tabs: 'shared' },
    otherMode: 'shared-worker',
    otherFirst: true,
  },
  { name: 'leader', mode: 'leader', options: { tabs: 'leader' }, otherMode: 'follower' },
  { name: 'follower', mode: 'follower', options: { tabs: 'leader' }, otherMode: 'leader', otherFirst: true },
]

/** By name. */
export function topology(name: Topology['name']): Topology {
  const found = list.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no topology ${name}`)
  return found
}

/** The names of all of them. */
export const topologyNames: readonly string[] = list.map(({ name }) => name)
