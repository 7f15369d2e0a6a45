import type { RpcDef, SendDef, StoreDef, Types } from '@rivulet/wire'

/** Somebody who sends, as the host sees them. */
export interface Sender {
  readonly name: string
  /** Loudness of the newest frame: 0 at -60 dBFS and below, 1 at full scale. */
  readonly level: number
  /** Different frames received. */
  readonly frames: number
  /** Frames that were skipped and have not come late. */
  readonly lost: number
  /** How often frames were skipped. */
  readonly gaps: number
  /** Frames that came after a later one. */
  readonly late: number
  readonly duplicates: number
  /** The host has finished with all frames up to this number; null before the first. */
  readonly done: number | null
}

/** Who sends, by the id that each page gave itself. */
export interface StudioStoreState {
  readonly senders: ReadonlyMap<string, Sender> | null
}

/** 20 ms of sound: 320 samples of 16-bit little-endian PCM, 16 000 per second. */
export interface PushAudioRequest {
  /** Counts up by one with every frame that was captured, sent or not. */
  readonly seq: number
  readonly pcm: Uint8Array
}

/** What to be called from now on. */
export interface RenameRequest {
  readonly name: string
}

const types: Types = [
  {
    'studio.PushAudioRequest': {
      form: 'flat',
      fields: [
        { name: 'seq', type: { kind: 'int64' } },
        { name: 'pcm', type: { kind: 'bytes', notNull: true } },
      ],
    },
    'studio.RenameRequest': { form: 'flat', fields: [{ name: 'name', type: { kind: 'string' } }] },
    'studio.RenameResponse': {
      form: 'flat',
      fields: [{ name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } }],
    },
    'studio.Sender': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'level', id: 2, type: { kind: 'float32' } },
        { name: 'frames', id: 3, type: { kind: 'int64' } },
        { name: 'lost', id: 4, type: { kind: 'int64' } },
        { name: 'gaps', id: 5, type: { kind: 'int64' } },
        { name: 'late', id: 6, type: { kind: 'int64' } },
        { name: 'duplicates', id: 7, type: { kind: 'int64' } },
        { name: 'done', id: 8, type: { kind: 'pointer', elem: { kind: 'int64' } } },
      ],
    },
    'studio.StudioStoreState': {
      form: 'partial',
      fields: [
        {
          name: 'senders',
          id: 1,
          type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'studio.Sender' } },
          mod: true,
        },
      ],
    },
  },
]

/** Who sends, and how well it arrives. */
export const StudioStore: StoreDef<StudioStoreState> = {
  kind: 'store',
  name: 'StudioStore',
  state: 'studio.StudioStoreState',
  types,
}

/** Sends a frame. Nobody answers: what the host makes of it is in the store. */
export const PushAudio: SendDef<PushAudioRequest> = {
  kind: 'send',
  name: 'PushAudio',
  request: 'studio.PushAudioRequest',
  types,
}

/** Changes the caller's name. Fails with what is wrong with it. */
export const Rename: RpcDef<RenameRequest, void> = {
  kind: 'rpc',
  name: 'Rename',
  request: 'studio.RenameRequest',
  response: 'studio.RenameResponse',
  types,
}
