import type { int32, int64 } from '@rivulet/wire'

/** A station of the radio. @restream.partials */
export interface Station {
  readonly name: string
  readonly about: string
  /** Where it is on the dial. @name MHz */
  readonly mhz: number
  /** Pages that listen to it. */
  readonly listeners: int32
  /** Whether the host synthesizes it at the moment. */
  readonly onAir: boolean
  /** Frames that the host has synthesized since it started. */
  readonly frames: int64
}

/** The dial: what there is to listen to, and who does. @restream.store(RadioStore) */
export interface RadioStoreState {
  /** By id. */
  readonly stations: ReadonlyMap<string, Station> | null
}

/** @restream.keyedEvent(RadioStore) */
export interface Sound {
  /**
   * 20 ms of a station: 320 samples of 16-bit little-endian PCM, 16 000 per second. `seq` counts up by one; frame 0 was at the Unix epoch. Which station it is,
   * only the key says: it is the station's id.
   *
   * @name StationFrame
   */
  stationFrame(station: string, seq: int64, pcm: Uint8Array): void
}
