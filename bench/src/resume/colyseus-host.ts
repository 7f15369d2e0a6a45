import { Encoder, schema, t } from '@colyseus/schema'
import { type Client, Room } from '@colyseus/core'
import { startColyseusServer } from '../hosts/colyseus-server.ts'
import { AWAY_S, changesOf, rowsOf, type StartResumeHost } from './resume-host.ts'

const EntityState = schema(
  {
    id: t.string(),
    name: t.string(),
    x: t.float32(),
    y: t.float32(),
    hp: t.uint16(),
    score: t.int32(),
    alive: t.boolean(),
  },
  'Entity',
)
const WorldState = schema({ entities: t.map(EntityState) }, 'World')

/** `allowReconnection`: the seat is kept, the state is sent again. */
export const startColyseus: StartResumeHost = async (setting) => {
  Encoder.BUFFER_SIZE = Math.max(64 * 1024, setting.rows * 128)
  const movesOf = changesOf(setting)
  const state = new WorldState()
  for (const [id, entity] of rowsOf(setting)) state.entities.set(id, new EntityState().assign({ ...entity }))
  let broadcast = (): unknown => undefined
  let connected = (): number => 0

  class WorldRoom extends Room {
    override state = state
    override patchRate = null
    override autoDispose = false
    override onCreate(): void {
      broadcast = () => this.broadcastPatch()
      connected = () => this.clients.length
    }
    override onDrop(client: Client): void {
      // Rejects when the seat is given up, which no benchmark waits for.
      this.allowReconnection(client, AWAY_S).catch(() => undefined)
    }
  }
  const port = await startColyseusServer({ world: WorldRoom })
  return {
    port,
    connected: () => connected(),
    change(round) {
      for (const { id, x, y } of movesOf(round)) state.entities.get(id)?.assign({ x, y })
      broadcast()
    },
  }
}
