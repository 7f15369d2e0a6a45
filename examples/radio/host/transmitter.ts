import { FRAME_MS } from '../../shared/audio/pcm.ts'
import type { StationPlan } from './stations.ts'
import { synthesize } from './synthesize.ts'

/** A transmitter that was kept from running for longer than this (5 s) leaves the rest out. */
const CATCH_UP_FRAMES = 250

/** Sends the stations that are on air, a frame every 20 ms. */
export interface Transmitter {
  /** Puts a station on air, or takes it off. An id that no station has is ignored: listeners choose what they ask for. */
  tune(station: string, on: boolean): void
  onAir(station: string): boolean
  /** Frames synthesized for a station so far. */
  frames(station: string): number
  close(): void
}

interface Air {
  readonly plan: StationPlan
  frames: number
  /** The next frame; null while off air. */
  next: number | null
}

/** Makes a transmitter. Its timer runs only while something is on air. */
export function createTransmitter(options: {
  readonly stations: readonly StationPlan[]
  readonly send: (station: string, seq: number, pcm: Uint8Array<ArrayBuffer>) => void
}): Transmitter {
  const { stations, send } = options
  const airs = new Map<string, Air>(stations.map((plan) => [plan.id, { plan, frames: 0, next: null }]))
  let timer: ReturnType<typeof setInterval> | null = null

  function pump(): void {
    const due = dueFrame()
    for (const air of airs.values()) {
      if (air.next === null) continue
      // The clock was set back: waiting for it would be a silence as long.
      if (air.next > due + CATCH_UP_FRAMES) air.next = due
      for (let seq = Math.max(air.next, due - CATCH_UP_FRAMES); seq <= due; seq++) {
        air.frames++
        air.next = seq + 1
        send(air.plan.id, seq, synthesize(air.plan, seq))
      }
    }
  }

  function keepTime(): void {
    const busy = [...airs.values()].some(({ next }) => next !== null)
    if (busy) timer ??= setInterval(pump, FRAME_MS)
    else stop()
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  return {
    tune(station, on) {
      const air = airs.get(station)
      if (air === undefined || (air.next !== null) === on) return
      air.next = on ? dueFrame() : null
      keepTime()
    },
    onAir: (station) => typeof airs.get(station)?.next === 'number',
    frames: (station) => airs.get(station)?.frames ?? 0,
    close: stop,
  }
}

/** The frame that is due now. Frames are numbered from the Unix epoch, so every host agrees on them. */
function dueFrame(): number {
  return Math.floor(Date.now() / FRAME_MS)
}
