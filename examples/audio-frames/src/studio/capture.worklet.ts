import { FRAME_SAMPLES } from '../../../shared/audio/pcm.ts'

/** What a capture posts: the samples of one frame. */
export type CapturedFrame = Float32Array<ArrayBuffer>

// Cuts what comes in into frames, on the audio thread: its clock is the sound's, and it does not stop when the page is busy or hidden.
registerProcessor(
  'capture',
  class extends AudioWorkletProcessor {
    frame: CapturedFrame = new Float32Array(FRAME_SAMPLES)
    filled = 0

    process([input]: readonly (readonly Float32Array[])[]): boolean {
      // No channel: nothing is connected, or it has ended.
      for (const sample of input?.[0] ?? []) {
        this.frame[this.filled++] = sample
        if (this.filled < FRAME_SAMPLES) continue
        this.port.postMessage(this.frame, [this.frame.buffer])
        this.frame = new Float32Array(FRAME_SAMPLES)
        this.filled = 0
      }
      return true
    }
  },
)
