/** What became of the frames. */
export interface Playout {
  /** Frames that wait to be played. */
  readonly waiting: number
  /** Frames that have been played. */
  readonly played: number
  /** How often there was nothing to play. */
  readonly underruns: number
  /** Frames played as silence, because they were not there in time. */
  readonly concealed: number
  /** Frames left out, because more waited than may. */
  readonly skipped: number
}

/** Puts frames that come irregularly, and perhaps not in order, into an even stream of samples. */
export interface JitterBuffer {
  push(seq: number, samples: Float32Array): void
  /** Fills `out`, with silence where there is nothing. */
  pull(out: Float32Array): void
  readonly playout: Playout
}

/** So many frames (2 s) are watched before the buffer gives up waiting that it did not need. */
const WATCHED_FRAMES = 100

/**
 * Makes a jitter buffer for frames of `frameSamples`. It plays once `target` frames wait, and again after it ran dry; it holds at most `most` and then goes back to `target`,
 * and what it held all the time beyond `target` it leaves out. So the sound neither stutters with every late frame nor falls behind for good.
 */
export function createJitterBuffer(frameSamples: number, target = 6, most = 30): JitterBuffer {
  const frames = new Map<number, Float32Array>()
  const seen = { played: 0, underruns: 0, concealed: 0, skipped: 0 }
  /** The frame that is played now, how far, and the newest one. */
  let next = 0
  let offset = 0
  let newest = -1
  let started = false
  let playing = false
  /** The fewest frames that waited, and after how many played. */
  let fewest = Infinity
  let watched = 0

  const span = (): number => newest - next + 1

  function startAt(seq: number): void {
    frames.clear()
    next = seq
    newest = seq - 1
    offset = 0
    started = true
    playing = false
  }

  function skipTo(seq: number): void {
    seen.skipped += seq - next
    for (; next < seq && frames.size > 0; next++) frames.delete(next)
    next = seq
    offset = 0
  }

  function watch(): void {
    fewest = Math.min(fewest, span())
    if (++watched < WATCHED_FRAMES) return
    if (fewest > target) skipTo(next + fewest - target)
    fewest = Infinity
    watched = 0
  }

  return {
    push(seq, samples) {
      // A host whose numbers begin anew, or that was away for long.
      if (!started || seq < next - most || seq > newest + most) startAt(seq)
      if (seq < next || samples.length !== frameSamples) return
      frames.set(seq, samples)
      newest = Math.max(newest, seq)
      if (span() > most) skipTo(newest - target + 1)
    },
    pull(out) {
      if (!playing && span() >= target) playing = true
      let filled = 0
      while (playing && filled < out.length) {
        if (span() <= 0) {
          seen.underruns++
          playing = false
          break
        }
        const frame = frames.get(next)
        const count = Math.min(out.length - filled, frameSamples - offset)
        if (frame === undefined) out.fill(0, filled, filled + count)
        else out.set(frame.subarray(offset, offset + count), filled)
        filled += count
        offset += count
        if (offset < frameSamples) continue
        if (frame === undefined) seen.concealed++
        else seen.played++
        frames.delete(next)
        next++
        offset = 0
        watch()
      }
      out.fill(0, filled)
    },
    get playout() {
      return { waiting: frames.size, ...seen }
    },
  }
}
