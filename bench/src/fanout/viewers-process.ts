import { once } from 'node:events'
import { formatKey } from '@rivulet/wire'
import { WebSocket } from 'ws'
import { WorldStore } from '../generated/schema.ts'
import { answerParent } from '../harness/child.ts'
import { colyseusCodes, openColyseus } from '../hosts/wires/colyseus-wire.ts'
import { openSocketIo } from '../hosts/wires/socket-io-wire.ts'

/** Joins and resolves when the first state is there; `hear` gets the bytes of every update after it. */
type Join = (port: number, row: string | null, hear: (bytes: number) => void) => Promise<unknown>

function socketIo(argumentFor: (row: string | null) => object): Join {
  return async (port, row, hear) => {
    let arrived: (() => void) | undefined
    const wire = await openSocketIo(port, '/socket', {}, (_packet, _attachment, bytes) => {
      if (arrived === undefined) hear(bytes)
      else arrived()
    })
    await new Promise<void>((resolve) => {
      arrived = resolve
      wire.emit('storesub', argumentFor(row))
    })
    arrived = undefined
  }
}

const joins: Readonly<Record<string, Join>> = {
  rivulet: socketIo((row) => ({
    storeName: WorldStore.name,
    action: 0,
    key: row === null ? '' : formatKey(WorldStore, ['entities', row]),
  })),
  'socket.io': socketIo((row) => ({ row })),
  async ws(port, row, hear) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    await once(socket, 'open')
    socket.send(row ?? '')
    await once(socket, 'message')
    socket.on('message', (data: Buffer) => hear(data.length))
  },
  async colyseus(port, row, hear) {
    await new Promise<void>((resolve, reject) => {
      const onFrame = (code: number, frame: Buffer): void => {
        if (code === colyseusCodes.state) resolve()
        else if (code === colyseusCodes.patch) hear(frame.length)
      }
      openColyseus(port, 'joinOrCreate', 'world', { row }, onFrame).catch(reject)
    })
  },
}

/** Handshakes at once: more only wait for each other. */
const AT_ONCE = 20

let updates = 0
let received = 0
let goal = Infinity
let reached: (() => void) | undefined

function heard(bytes: number): void {
  updates++
  received += bytes
  if (updates >= goal) reached?.()
}

answerParent({
  async join({ contestant, port, rows }: { contestant: string; port: number; rows: readonly (string | null)[] }) {
    const join = joins[contestant]
    if (join === undefined) throw new Error(`there is no viewer of ${contestant}`)
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      await Promise.all(rows.slice(i, i + AT_ONCE).map((row) => join(port, row, heard)))
    }
  },
  /** Resolves once that many updates have arrived since the start, at all viewers together. */
  reach(count: number) {
    if (updates >= count) return undefined
    goal = count
    return new Promise<void>((resolve) => (reached = resolve))
  },
  received: () => ({ updates, bytes: received }),
})
