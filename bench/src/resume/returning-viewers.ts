import { WorldStore } from '../generated/schema.ts'
import { type ColyseusWire, colyseusCodes, openColyseus } from '../hosts/wires/colyseus-wire.ts'
import { openSocketIo, type SocketIoWire } from '../hosts/wires/socket-io-wire.ts'

/** A viewer that loses its connection and comes back. */
export interface ReturningViewer {
  drop(): void
  /** Connects; at first as somebody new. Resolves once everything that it has missed is there, with its bytes. */
  connect(missed: number): Promise<number>
}

const storeName = WorldStore.name

/** Makes viewers of a host at `port`. */
export const viewers: Readonly<Record<string, (port: number) => ReturningViewer>> = {
  'rivulet, session': (port) => {
    let sessionID = ''
    return viewer(
      port,
      (packet, hear) => {
        if (!packet.includes('viewersessionattached')) return hear.arrived()
        const [, answer] = JSON.parse(packet.slice(2)) as [string, { sessionID: string; resumed: boolean }]
        if (answer.resumed !== (sessionID !== '')) hear.failed(new Error(`not resumed: ${packet}`))
        sessionID = answer.sessionID
        return undefined
      },
      (wire) => {
        wire.emit('viewersessionattach', {
          sessionID,
          storeSubscriptions: [{ storeName, key: '' }],
          keyedEventSubscriptions: [],
          dataStreamSubscriptions: [],
        })
      },
    )
  },

  'rivulet, subscribed again': (port) =>
    viewer(
      port,
      (_packet, hear) => hear.arrived(),
      (wire) => wire.emit('storesub', { storeName, action: 0, key: '' }),
    ),

  'socket.io': (port) => {
    let last: { readonly pid: string | undefined; offset: string } | undefined
    let left = 0
    return viewer(
      port,
      (packet, hear) => {
        const offset = JSON.parse(packet.slice(packet.indexOf('['))).at(-1) as string
        if (last !== undefined) last.offset = offset
        if (--left === 0) hear.arrived()
      },
      (wire, missed) => {
        if (last !== undefined && wire.welcome.pid !== last.pid) throw new Error('the connection was not recovered')
        left = last === undefined ? 1 : missed
        if (last === undefined) wire.emit('storesub', {})
        last ??= { pid: wire.welcome.pid, offset: '' }
      },
      () => last ?? {},
    )
  },

  colyseus: (port) => {
    let wire: ColyseusWire | undefined
    return {
      drop: () => wire?.drop(),
      connect: () =>
        new Promise((resolve, reject) => {
          const before = wire
          const options = before === undefined ? {} : { reconnectionToken: before.reconnectionToken }
          const hear = (code: number, frame: Buffer): void => {
            if (code === colyseusCodes.state) resolve(frame.length)
          }
          openColyseus(
            port,
            before === undefined ? 'joinOrCreate' : 'reconnect',
            before?.roomId ?? 'world',
            options,
            hear,
          ).then((opened) => (wire = opened), reject)
        }),
    }
  },
}

interface Hear {
  arrived(): void
  failed(error: Error): void
}

/** A viewer over Socket.IO: `hear` gets every packet until it says that everything has arrived. */
function viewer(
  port: number,
  heard: (packet: string, hear: Hear) => void,
  ask: (wire: SocketIoWire, missed: number) => void,
  auth: () => object = () => ({}),
): ReturningViewer {
  let wire: SocketIoWire | undefined
  return {
    drop: () => wire?.drop(),
    connect: (missed) =>
      new Promise((resolve, reject) => {
        let bytes = 0
        // What was missed may be there before the welcome is dealt with.
        const early: string[] = []
        let asked = false
        const hear: Hear = { arrived: () => resolve(bytes), failed: reject }
        const onPacket = (packet: string, _attachment: unknown, size: number): void => {
          bytes += size
          if (asked) heard(packet, hear)
          else early.push(packet)
        }
        const open = async (): Promise<void> => {
          wire = await openSocketIo(port, '/socket', { ...auth() }, onPacket)
          ask(wire, missed)
          asked = true
          for (const packet of early) heard(packet, hear)
        }
        open().catch(reject)
      }),
  }
}
