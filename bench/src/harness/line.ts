/** How a network is: round trip in milliseconds, bandwidth in kilobits a second. */
export interface LineSpeed {
  readonly rttMs: number
  readonly downKbps: number
  readonly upKbps: number
}

/** Slow 4G as Lighthouse defines it, for packets. */
export const slow4G: LineSpeed = { rttMs: 150, downKbps: 1638.4, upKbps: 750 }

/** Lets `deliver` happen when that many bytes, sent now, would have arrived. In order. */
type Carry = (bytes: number, deliver: () => void) => void

/** One line that all connections share. */
export interface Line {
  /** For one connection, on the way to the host; `handshake`: its first bytes also wait for the round trip in which TCP connects. */
  up(handshake: boolean): Carry
  down(handshake: boolean): Carry
}

/**
 * A line of this speed. The network throttle of browsers slows requests and not the sockets of workers; this slows whatever goes through it.
 *
 * Connections share the bandwidth in the order in which bytes were handed over.
 */
export function createLine({ rttMs, downKbps, upKbps }: LineSpeed): Line {
  const direction = (kbps: number): ((handshake: boolean) => Carry) => {
    let free = 0
    return (handshake) => {
      let first = handshake
      let last = 0
      return (bytes, deliver) => {
        const now = performance.now()
        free = Math.max(now, free) + (bytes * 8) / kbps
        // A later piece never overtakes an earlier one of its connection.
        last = Math.max(last, free + rttMs / 2 + (first ? rttMs : 0))
        first = false
        setTimeout(deliver, last - now)
      }
    }
  }
  return { up: direction(upKbps), down: direction(downKbps) }
}
