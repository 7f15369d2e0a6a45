import { lastUpTo, type Moment } from './moments.ts'

/** Goes through moments at the pace at which they came. */
export interface Player {
  readonly playing: boolean
  play(moments: readonly Moment[], from: number, speed: number): void
  stop(): void
}

/** Silence is played no longer than this. */
const PAUSE_MS = 1000

/** Makes a player; `go` is called with an index once per animation frame at most, `ended` when it stops, by itself or not. */
export function createPlayer(go: (index: number) => void, ended: () => void): Player {
  let frame = 0
  const player: Player = {
    get playing() {
      return frame !== 0
    },
    play(moments, from, speed) {
      player.stop()
      let index = from
      let clock = moments[from]?.at ?? 0
      let before = performance.now()
      const tick = (): void => {
        const now = performance.now()
        clock += (now - before) * speed
        before = now
        const next = moments[index + 1]
        if (next === undefined) return player.stop()
        clock = Math.max(clock, next.at - PAUSE_MS * speed)
        const reached = lastUpTo(moments, 'at', clock)
        if (reached > index) go((index = reached))
        frame = requestAnimationFrame(tick)
      }
      frame = requestAnimationFrame(tick)
    },
    stop() {
      if (frame === 0) return
      cancelAnimationFrame(frame)
      frame = 0
      ended()
    },
  }
  return player
}
