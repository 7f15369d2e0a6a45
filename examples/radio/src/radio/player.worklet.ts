import { FRAME_SAMPLES, fromPcm } from '../../../shared/audio/pcm.ts'
import { createJitterBuffer } from './jitter-buffer.ts'

/** What the page posts to a player. */
export interface PlayerFrame {
  readonly seq: number
  readonly pcm: Uint8Array
}

/** A player tells how it is this often; one quantum is 128 samples. */
const QUANTA_PER_REPORT = 32

// Runs on the audio thread: neither a busy page nor a busy worker makes it stutter.
registerProcessor(
  'player',
  class extends AudioWorkletProcessor {
    readonly buffer = createJitterBuffer(FRAME_SAMPLES)
    quanta = 0

    constructor() {
      super()
      this.port.addEventListener('message', ({ data }: MessageEvent<PlayerFrame>) => {
        this.buffer.push(data.seq, fromPcm(data.pcm))
      })
      this.port.start()
    }

    process(_inputs: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
      const channel = output?.[0]
      if (channel !== undefined) this.buffer.pull(channel)
      if (++this.quanta % QUANTA_PER_REPORT === 0) this.port.postMessage(this.buffer.playout)
      return true
    }
  },
)
