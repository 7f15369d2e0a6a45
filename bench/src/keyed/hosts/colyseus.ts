import { type Client, Room } from '@colyseus/core'
import { Encoder, schema, StateView, t } from '@colyseus/schema'
import { makeWorld } from '../../decode/world.ts'
import { startColyseusServer } from '../../hosts/colyseus-server.ts'
import { colyseusCodes, openColyseus } from '../../hosts/wires/colyseus-wire.ts'
import type { KeyedHost, KeyedViewer } from '../contestants.ts'
import { countMessages } from '../count-messages.ts'
import { type Setting, xsAt } from '../setting.ts'

const RowState = schema(
  {
    id: t.string(),
    name: t.string(),
    x: t.float32(),
    y: t.float32(),
    hp: t.uint16(),
    score: t.int32(),
    alive: t.boolean(),
  },
  'Row',
)
const WholeState = schema({ entities: t.map(RowState) }, 'Whole')
const ViewedState = schema({ entities: t.map(RowState).view() }, 'Viewed')

/** A room whose patches are sent at the tick; with `viewed` every client has a view of what it asked for. */
export async function start(setting: Setting, viewed: boolean): Promise<KeyedHost> {
  Encoder.BUFFER_SIZE = Math.max(64 * 1024, setting.rows * 128)
  const state = viewed ? new ViewedState() : new WholeState()
  for (const [id, entity] of makeWorld(setting.rows)) state.entities.set(id, new RowState().assign({ ...entity }))
  let broadcast = (): void => undefined

  class WorldRoom extends Room {
    override state = state
    override patchRate = null
    override autoDispose = false
    override onCreate(): void {
      broadcast = () => void this.broadcastPatch()
    }
    override onJoin(client: Client, { ids }: { readonly ids: readonly string[] }): void {
      if (!viewed) return
      client.view = new StateView()
      for (const id of ids) {
        const row = state.entities.get(id)
        if (row === undefined) throw new Error(`The world has no entity ${id}.`)
        client.view.add(row)
      }
    }
  }
  const port = await startColyseusServer({ world: WorldRoom })
  return {
    port,
    tick(tick) {
      for (const { id, x } of xsAt(setting, tick)) {
        const row = state.entities.get(id)
        if (row === undefined) throw new Error(`The world has no entity ${id}.`)
        row.x = x
      }
      broadcast()
    },
  }
}

/** Takes a seat; resolves once the state is there. */
export async function join(port: number, ids: readonly string[]): Promise<KeyedViewer> {
  const counter = countMessages()
  const baseline = countMessages()
  const wire = await openColyseus(port, 'joinOrCreate', 'world', { ids }, (code) => {
    if (code === colyseusCodes.state) baseline.heard()
    else if (code === colyseusCodes.patch) counter.heard()
  })
  await baseline.reach(1)
  return { reach: counter.reach, close: () => wire.drop() }
}
