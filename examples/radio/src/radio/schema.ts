import type { KeyedEventDef, StoreDef, Types } from '@rivulet/wire'

/** A station of the radio. */
export interface Station {
  readonly name: string
  readonly about: string
  /** Where it is on the dial. */
  readonly mhz: number
  /** Pages that listen to it. */
  readonly listeners: number
  /** Whether the host synthesizes it at the moment. */
  readonly onAir: boolean
  /** Frames that the host has synthesized since it started. */
  readonly frames: number
}

/** The stations by id. */
export interface RadioStoreState {
  readonly stations: ReadonlyMap<string, Station> | null
}

/** 20 ms of a station: 320 samples of 16-bit little-endian PCM, 16 000 per second. Which station it is, only the event's key says. */
export interface StationFramePacket {
  /** Counts up by one; frame 0 was at the Unix epoch. */
  readonly seq: number
  readonly pcm: Uint8Array
}

const types: Types = [
  {
    'radio.RadioStoreState': {
      form: 'partial',
      fields: [
        {
          name: 'stations',
          id: 1,
          type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'radio.Station' } },
          mod: true,
        },
      ],
    },
    'radio.Station': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'about', id: 2, type: { kind: 'string' } },
        { name: 'mhz', id: 3, wire: 'MHz', type: { kind: 'float64' } },
        { name: 'listeners', id: 4, type: { kind: 'int32' } },
        { name: 'onAir', id: 5, type: { kind: 'bool' } },
        { name: 'frames', id: 6, type: { kind: 'int64' } },
      ],
    },
    'radio.StationFramePacket': {
      form: 'flat',
      fields: [
        { name: 'seq', type: { kind: 'int64' } },
        { name: 'pcm', type: { kind: 'bytes', notNull: true } },
      ],
    },
  },
]

/** The dial: what there is to listen to, and who does. */
export const RadioStore: StoreDef<RadioStoreState> = {
  kind: 'store',
  name: 'RadioStore',
  state: 'radio.RadioStoreState',
  types,
}

/** The sound of a station. The key is the station's id. */
export const StationFrame: KeyedEventDef<StationFramePacket> = {
  kind: 'keyedEvent',
  store: 'RadioStore',
  name: 'StationFrame',
  packet: 'radio.StationFramePacket',
  types,
}
