import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Line } from './line.ts'

/** What stands between viewers and a host: counts every byte on the way down, whatever protocol, and can be cut as a network is. */
export interface Relay {
  readonly port: number
  /** Bytes that have gone to viewers so far: headers of WebSocket and HTTP included, those of TCP not. */
  bytesDown(): number
  /** Ends all connections without a goodbye, and accepts none until it is mended. */
  cut(): void
  /** Accepts connections again; resolves with the time (`performance.now()`) of the first one. */
  mended(): Promise<number>
  close(): Promise<void>
}

/** Relays to `target`, a port of this machine. With a `line`, everything takes as long as the line says. */
export async function startRelay(target: number, line?: Line): Promise<Relay> {
  const sockets = new Set<Socket>()
  let down = 0
  let open = true
  let accepted: ((at: number) => void) | undefined

  const server = createServer((viewer) => {
    if (!open) {
      viewer.destroy()
      return
    }
    accepted?.(performance.now())
    accepted = undefined
    const host = connect(target, '127.0.0.1')
    const both = [viewer, host]
    for (const socket of both) {
      sockets.add(socket)
      socket.setNoDelay(true)
      // A connection that one side has lost is over for the other; whoever is measured notices by itself.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        both.forEach((one) => one.destroy())
      })
    }
    const up = line?.up(true) ?? ((_bytes: number, deliver: () => void) => deliver())
    const back = line?.down(false) ?? ((_bytes: number, deliver: () => void) => deliver())
    viewer.on('data', (piece) => up(piece.length, () => host.writable && host.write(piece)))
    host.on('data', (piece) => {
      down += piece.length
      back(piece.length, () => viewer.writable && viewer.write(piece))
    })
    viewer.on('end', () => up(0, () => host.end()))
    host.on('end', () => back(0, () => viewer.end()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endAll = (): void => sockets.forEach((socket) => socket.resetAndDestroy())

  return {
    port: (server.address() as AddressInfo).port,
    bytesDown: () => down,
    cut() {
      open = false
      endAll()
    },
    mended() {
      open = true
      return new Promise((resolve) => (accepted = resolve))
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      endAll()
      await closed
    },
  }
}
