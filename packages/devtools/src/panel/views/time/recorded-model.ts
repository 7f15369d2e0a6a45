import type { Checkpoint, FeedEntry } from '@rivulet/client/inspect'
import { encodeState, RivuletError, toBytes } from '@rivulet/wire'
import { historyOf, payloadsOf } from '../../../recording/history.ts'
import type { Recording } from '../../../recording/recording.ts'
import type { ClientModel } from '../../client-model.ts'
import { createLog } from '../../log.ts'
import { setRecording } from './recording-of.ts'

/**
 * A model for the panel's views whose client is a recording: what passed can be looked at as in a live one, and nothing can be asked of a page or a host. What would change something rejects with `config`.
 *
 * @example
 * const model = createRecordedModel(readRecording(await file.text()))
 */
export function createRecordedModel(recording: Recording): ClientModel {
  const { info, defs, ring } = recording
  const entries = createLog<FeedEntry>(Math.max(1, ring.entries.length))
  for (const entry of ring.entries) entries.add(entry)
  const payloads = payloadsOf(recording)
  const state = async (store: string): Promise<Checkpoint | null> => {
    const history = historyOf(recording, store)
    const value = history.at(ring.last)
    if (value === undefined) return null
    const at = ring.entries.at(-1)?.at ?? 0
    return { store, seq: ring.last, at, state: encodeState(history.def, value).slice().buffer }
  }
  const model: ClientModel = {
    info: { id: `recording ${info.taken ?? ''}`, url: info.url ?? '', page: `Recording of ${info.page ?? 'a page'}` },
    hello: undefined,
    gone: 'this is a recording',
    version: 0,
    entries,
    page: createLog(1),
    origins: new Map(),
    stores: new Map(defs.stores.map((def) => [def.name, def])),
    requests: new Map(defs.requests.map((def) => [def.name, def])),
    events: new Map(defs.events.map((def) => [def.kind === 'event' ? def.name : `${def.store}.${def.name}`, def])),
    paused: false,
    // There is nothing that would fill it again.
    clear: () => undefined,
    feedStores: async () =>
      defs.stores.map(({ name }) => ({
        name,
        keys: [],
        watches: [],
        fullStore: false,
        seq: historyOf(recording, name).changes.at(-1) ?? 0,
      })),
    bytes: async (seqs) =>
      seqs.map((seq) => {
        const bytes = payloads.get(seq)
        return bytes === undefined ? null : toBytes(bytes)
      }),
    state,
    ring: async () => ring,
    keep: readOnly,
    subscribers: async () => [],
    shown: new Map(),
    show: async () => readOnly(),
    call: async () => readOnly(),
    listen: () => () => undefined,
  }
  setRecording(model, recording)
  return model
}

function readOnly(): never {
  throw new RivuletError('config', 'a recording cannot be changed', { hint: 'Attach the panel to a client for that.' })
}
