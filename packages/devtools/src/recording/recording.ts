import type { RingCopy } from '@rivulet/client/inspect'
import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'

/** Of the file format (docs/devtools-recording.md). */
export const RECORDING_VERSION = 1

/** What a recording says of itself; every part may be absent. */
export interface RecordingInfo {
  /** The host that the client talked to. */
  readonly url?: string
  /** The page's address and title. */
  readonly page?: string
  /** When the engine began, and when the recording was taken: Unix milliseconds. */
  readonly since?: number
  readonly taken?: number
  /** Whatever helps who reads it. */
  readonly note?: string
}

/** The descriptors that the messages of a recording need. */
export interface RecordingDefs {
  readonly stores: readonly StoreDef[]
  readonly requests: readonly (RpcDef | SendDef)[]
  readonly events: readonly (EventDef | KeyedEventDef)[]
}

/** What passed between an engine and its host for a while, with all that it takes to build the state of every store at every moment of it. Made by `takeRecording` or `readRecording`; nobody changes it. */
export interface Recording {
  readonly info: RecordingInfo
  readonly defs: RecordingDefs
  readonly ring: RingCopy
}

/**
 * Puts a recording together from what the panel has. Copies nothing.
 *
 * @example
 * const recording = takeRecording(await model.ring(), { stores, requests, events }, { url: model.info.url })
 */
export function takeRecording(ring: RingCopy, defs: Partial<RecordingDefs>, info: RecordingInfo = {}): Recording {
  return { info, defs: { stores: [], requests: [], events: [], ...defs }, ring }
}
