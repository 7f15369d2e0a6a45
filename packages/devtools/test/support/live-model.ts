import type { FeedEntry } from '@rivulet/client/inspect'
import type { ClientModel } from '../../src/panel/client-model.ts'
import { createLog } from '../../src/panel/log.ts'
import { createRecordedModel } from '../../src/panel/views/time/recorded-model.ts'
import type { Recording } from '../../src/recording/recording.ts'
import type { PanelWrite } from '../../src/protocol.ts'

/** A model of a live client whose engine has kept a recording. */
export interface LiveModel extends ClientModel {
  hello: ClientModel['hello']
  gone: string | undefined
  /** What the page was told to show, in order. */
  readonly told: { readonly store: string; readonly writes: readonly PanelWrite[] }[]
  /** The engine's ring from now on; entries that the panel has not heard of before come, too. */
  record(next: Recording): void
  /** Set: the page refuses to show anything. */
  refuse: Error | undefined
}

/** Makes one. */
export function createLiveModel(recording: Recording): LiveModel {
  const base = createRecordedModel(recording)
  const entries = createLog<FeedEntry>(100_000)
  for (const entry of recording.ring.entries) entries.add(entry)
  let current = recording
  const model: LiveModel = {
    ...base,
    entries,
    info: { id: 'client', url: 'https://host.test', page: 'Fleet' },
    gone: undefined,
    hello: {
      type: 'hello',
      version: 1,
      since: 1_700_000_000_000,
      config: {} as never,
      status: { state: 'connected', since: 1_700_000_000_000, attempt: 0, clockOffset: 0 },
      pages: [1],
      you: 1,
      ringBytes: 4 << 20,
      seq: recording.ring.last + 1,
    },
    told: [],
    refuse: undefined,
    ring: async () => current.ring,
    async show(store, writes) {
      if (model.refuse !== undefined) throw model.refuse
      model.told.push({ store, writes })
    },
    record(next) {
      const known = current.ring.last
      current = next
      for (const entry of next.ring.entries) if (entry.seq > known) entries.add(entry)
    },
  }
  return model
}
