/** Samples per second of all audio in the examples. */
export const SAMPLE_RATE = 16_000

/** A frame lasts this long. */
export const FRAME_MS = 20

/** Samples of one frame. */
export const FRAME_SAMPLES: number = (SAMPLE_RATE * FRAME_MS) / 1000

/** Bytes of one frame: 16 bits per sample, one channel. */
export const FRAME_BYTES: number = FRAME_SAMPLES * 2

/** Below this a meter shows nothing. */
const FLOOR_DB = -60

/** Samples from -1 to 1 as 16-bit little-endian PCM. Louder ones are clipped. */
export function toPcm(samples: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const pcm = new Uint8Array(samples.length * 2)
  const view = new DataView(pcm.buffer)
  for (let i = 0; i < samples.length; i++) {
    const clipped = Math.max(-1, Math.min(1, samples[i] ?? 0))
    view.setInt16(i * 2, Math.round(clipped * 32_767), true)
  }
  return pcm
}

/** The samples of 16-bit little-endian PCM, from -1 to 1. Half a sample at the end is ignored. */
export function fromPcm(pcm: Uint8Array): Float32Array<ArrayBuffer> {
  // Not an Int16Array on the same bytes: those of a decoded packet start anywhere.
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  const samples = new Float32Array(pcm.byteLength >> 1)
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(i * 2, true) / 32_767
  return samples
}

/** How loud a frame is: 0 at -60 dBFS and below, 1 at full scale, linear in decibels between. */
export function levelOf(pcm: Uint8Array): number {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  const count = pcm.byteLength >> 1
  if (count === 0) return 0
  let sum = 0
  for (let i = 0; i < count; i++) {
    const sample = view.getInt16(i * 2, true) / 32_768
    sum += sample * sample
  }
  const db = 10 * Math.log10(sum / count)
  return Math.max(0, Math.min(1, 1 - db / FLOOR_DB))
}
