import type { Socket } from 'node:net'
import type { Direction, LinkMode } from './faulty-link.ts'

/** One direction of one connection through a faulty link. */
export interface Pipe {
  /** Bytes of this connection were swallowed. */
  readonly hasHole: boolean
  set(mode: LinkMode): void
  close(): void
}

/** Told how many bytes were taken, passed on or lost. */
export interface PipeCounts {
  taken(bytes: number): void
  passed(bytes: number): void
  lost(bytes: number): void
}

/** More than this is not taken before some of it has left: a slow link must push back, not grow. */
const MOST_HELD = 64 * 1024
/** A slow link delivers about this often a second rather than in one lump. */
const STEPS_PER_SECOND = 20

/** Something on its way; null is the goodbye. */
interface Piece {
  readonly bytes: Buffer | null
  /** When it arrives, on the clock of `performance.now()`. */
  readonly due: number
}

/** Carries bytes from one socket to another as `first`, and later `set`, say. Without `to` everything is lost. */
export function createPipe(
  from: Socket,
  to: Socket | null,
  direction: Direction,
  first: LinkMode,
  counts: PipeCounts,
): Pipe {
  let mode = first
  let queue: Piece[] = []
  let held = 0
  let busyUntil = 0
  let hasHole = to === null
  let full = false
  let open = true
  let timer: NodeJS.Timeout | undefined

  const hit = (kind: 'silent' | 'stalled'): boolean =>
    mode.kind === kind && (mode.direction === 'both' || mode.direction === direction)

  function take(bytes: Buffer): void {
    counts.taken(bytes.length)
    if (to === null || hit('silent')) {
      hasHole = true
      counts.lost(bytes.length)
      return
    }
    if (mode.kind === 'slow') {
      const step = Math.max(1, Math.ceil(mode.bytesPerSecond / STEPS_PER_SECOND))
      for (let at = 0; at < bytes.length; at += step) put(bytes.subarray(at, at + step), mode)
    } else put(bytes, mode)
    pump()
  }

  function put(bytes: Buffer | null, how: LinkMode): void {
    held += bytes?.length ?? 0
    let due = 0
    if (how.kind === 'slow') {
      busyUntil = Math.max(performance.now(), busyUntil) + ((bytes?.length ?? 0) / how.bytesPerSecond) * 1000
      due = busyUntil + how.latencyMs
    }
    queue.push({ bytes, due })
  }

  function pump(): void {
    clearTimeout(timer)
    for (;;) {
      if (!open || full || hit('stalled')) break
      const piece = queue[0]
      if (piece === undefined) break
      const wait = piece.due - performance.now()
      if (wait > 0) {
        timer = setTimeout(pump, wait)
        break
      }
      queue.shift()
      pass(piece.bytes)
    }
    if (hit('stalled') || full || held > MOST_HELD) from.pause()
    else from.resume()
  }

  function pass(bytes: Buffer | null): void {
    if (to === null || !to.writable) return
    if (bytes === null) {
      to.end()
      return
    }
    held -= bytes.length
    counts.passed(bytes.length)
    full = !to.write(bytes)
  }

  function drained(): void {
    full = false
    pump()
  }

  function goodbye(): void {
    if (hit('silent')) {
      hasHole = true
      return
    }
    put(null, mode)
    pump()
  }

  from.on('data', take)
  from.on('end', goodbye)
  to?.on('drain', drained)
  pump()

  return {
    get hasHole() {
      return hasHole
    },
    set(next) {
      mode = next
      if (hit('silent') && queue.length > 0) {
        hasHole = true
        counts.lost(held)
        held = 0
        queue = []
      } else if (next.kind !== 'slow') queue = queue.map(({ bytes }) => ({ bytes, due: 0 }))
      pump()
    },
    close() {
      open = false
      clearTimeout(timer)
      from.off('data', take)
      from.off('end', goodbye)
      to?.off('drain', drained)
      queue = []
    },
  }
}
