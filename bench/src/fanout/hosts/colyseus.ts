import { Encoder, type MapSchema, schema, StateView, t } from '@colyseus/schema'
import { type Client, Room } from '@colyseus/core'
import { startColyseusServer } from '../../hosts/colyseus-server.ts'
import type { StartFanoutHost } from '../fanout-host.ts'
import { type Setting, updatesOf, worldOf } from '../setting.ts'

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
const WholeState = schema({ entities: t.map(EntityState) }, 'World')
// With a view per client: Colyseus's way to keep from a client what is not for it.
const ViewedState = schema({ entities: t.map(EntityState).view() }, 'ViewedWorld')

type Entities = MapSchema<InstanceType<typeof EntityState>>

/** A room whose patches are sent when the benchmark says so. */
export const startColyseus: StartFanoutHost = async (setting) => {
  Encoder.BUFFER_SIZE = Math.max(64 * 1024, setting.rows * 128)
  const updates = updatesOf(setting)
  let update: ((variant: number) => void) | undefined

  class WorldRoom extends Room {
    override state = stateOf(setting)
    override patchRate = null
    override autoDispose = false
    override onCreate(): void {
      update = (variant) => {
        for (const { id, x, y } of updates[variant] ?? []) {
          const row = this.state.entities.get(id)
          if (row === undefined) throw new Error(`The world has no entity ${id}.`)
          row.x = x
          row.y = y
        }
        this.broadcastPatch()
      }
    }
    override onJoin(client: Client, { row }: { readonly row: string | null }): void {
      if (row === null) return
      const watched = this.state.entities.get(row)
      if (watched === undefined) throw new Error(`The world has no entity ${row}.`)
      client.view = new StateView()
      client.view.add(watched)
    }
  }
  const port = await startColyseusServer({ world: WorldRoom })
  return {
    port,
    update(variant) {
      if (update === undefined) throw new Error('Nobody has joined the room.')
      update(variant)
    },
  }
}

/** An empty state of the kind that an audience follows. */
export function stateFor(
  audience: Setting['audience'],
): { readonly entities: Entities } & InstanceType<typeof WholeState | typeof ViewedState> {
  return audience === 'whole' ? new WholeState() : new ViewedState()
}

function stateOf(setting: Setting): ReturnType<typeof stateFor> {
  const state = stateFor(setting.audience)
  for (const [id, entity] of worldOf(setting)) state.entities.set(id, new EntityState().assign({ ...entity }))
  return state
}
