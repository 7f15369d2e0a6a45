import type { float32, int64 } from '@rivulet/wire'

/** Somebody who sends, as the host sees them. @restream.partials */
export interface Sender {
  readonly name: string
  /** Loudness of the newest frame: 0 at -60 dBFS and below, 1 at full scale. */
  readonly level: float32
  /** Different frames received. */
  readonly frames: int64
  /** Frames that were skipped and have not come late. */
  readonly lost: int64
  /** How often frames were skipped. */
  readonly gaps: int64
  /** Frames that came after a later one. */
  readonly late: int64
  readonly duplicates: int64
  /** The host has finished with all frames up to this number; null before the first. */
  readonly done: int64 | null
}

/** Who sends, and how well it arrives. @restream.store(StudioStore) */
export interface StudioStoreState {
  /** By the id that each page gave itself. */
  readonly senders: ReadonlyMap<string, Sender> | null
}

/** @restream.send() */
export interface Sends {
  /**
   * Sends 20 ms of sound: 320 samples of 16-bit little-endian PCM, 16 000 per second. `seq` counts up by one with every frame that was captured, sent or not.
   * Nobody answers: what the host makes of it is in the store.
   */
  pushAudio(seq: int64, pcm: Uint8Array): void
}

/** @restream.rpc() */
export interface Calls {
  /** Changes the caller's name. Fails with what is wrong with it. */
  rename(name: string): void
}
