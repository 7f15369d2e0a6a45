import type { ProbeSubscriber } from '@rivulet/client/inspect'
import { diffStates, encodeDelta, encodeState, type StoreDef, type StructTable } from '@rivulet/wire'
import type { FakeClient } from './fake-agent.ts'

const table: StructTable = {
  'harbour.Boat': {
    form: 'partial',
    fields: [
      { name: 'name', id: 1, type: { kind: 'string' } },
      { name: 'speed', id: 2, type: { kind: 'float32' } },
      { name: 'moored', id: 3, type: { kind: 'bool' } },
      { name: 'crew', id: 4, type: { kind: 'array', elem: { kind: 'string' }, notNull: true } },
      { name: 'seen', id: 5, type: { kind: 'time' } },
      { name: 'engine', id: 6, type: { kind: 'pointer', elem: { kind: 'struct', ref: 'harbour.Engine' } }, mod: true },
    ],
  },
  'harbour.Engine': {
    form: 'partial',
    fields: [
      { name: 'rpm', id: 1, type: { kind: 'uint16' } },
      { name: 'hours', id: 2, type: { kind: 'uint64', as: 'bigint' } },
    ],
  },
  'harbour.Fleet': {
    form: 'partial',
    fields: [
      {
        name: 'boats',
        id: 1,
        type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'harbour.Boat' }, notNull: true },
        mod: true,
      },
      { name: 'tide', id: 2, type: { kind: 'float64' } },
      { name: 'flags', id: 3, type: { kind: 'set', key: { kind: 'string' }, notNull: true } },
      { name: 'chart', id: 4, type: { kind: 'bytes' } },
      { name: 'notice', id: 5, type: { kind: 'any' } },
      { name: 'berths', id: 6, type: { kind: 'map', key: { kind: 'int32' }, value: { kind: 'string' } } },
    ],
  },
  'harbour.Weather': {
    form: 'partial',
    fields: [
      { name: 'wind', id: 1, type: { kind: 'float32' } },
      { name: 'from', id: 2, type: { kind: 'string' } },
    ],
  },
}
const types = [table]

interface Boat {
  readonly name: string
  readonly speed: number
  readonly moored: boolean
  readonly crew: readonly string[]
  readonly seen: Date
  readonly engine: { readonly rpm: number; readonly hours: bigint } | null
}

export interface Fleet {
  readonly boats: ReadonlyMap<string, Boat>
  readonly tide: number
  readonly flags: ReadonlySet<string>
  readonly chart: Uint8Array | null
  readonly notice: unknown
  readonly berths: ReadonlyMap<number, string> | null
}

export const FleetStore: StoreDef<Fleet> = { kind: 'store', name: 'FleetStore', state: 'harbour.Fleet', types }
const WeatherStore: StoreDef<{ readonly wind: number; readonly from: string }> = {
  kind: 'store',
  name: 'WeatherStore',
  state: 'harbour.Weather',
  types,
}

const NAMES: readonly string[] = [
  'Albatross',
  'Bounty',
  'Cormorant',
  'Dolphin',
  'Endeavour',
  'Fulmar',
  'Gannet',
  'Heron',
]

export function fleetOf(boats: number = NAMES.length): Fleet {
  return {
    boats: new Map(
      Array.from({ length: boats }, (_, i) => {
        const name = `${NAMES[i % NAMES.length]}${i < NAMES.length ? '' : ` ${i}`}`
        const engine = i % 3 === 2 ? null : { rpm: 900 + i, hours: BigInt(i) + 2n ** 60n }
        return [
          `b${i}`,
          { name, speed: i, moored: i % 2 === 0, crew: ['Ann', 'Bo'].slice(i % 2), seen: new Date(1.7e12), engine },
        ]
      }),
    ),
    tide: 1.25,
    flags: new Set(['alpha', 'quebec']),
    chart: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    notice: { type: { kind: 'array', elem: { kind: 'string' } }, value: ['harbour closed', 'from 18:00'] },
    berths: new Map([
      [1, 'b0'],
      [2, 'b4'],
    ]),
  }
}

/** A harbour whose host and pages are at work on a fake client. */
export interface Harbour {
  readonly fleet: Fleet
  /** The host changes the fleet; its delta passes. Returns the message's number. */
  change(next: Partial<Fleet>): number
  /** One boat of the fleet. */
  sail(boat: string, next: Partial<Boat>): number
  /** The page calls, and is answered. */
  call(took: number): void
}

/** Puts a harbour behind a fake client, and lets its engine receive the first states. */
export function createHarbour(client: FakeClient, boats?: number): Harbour {
  let fleet = fleetOf(boats)
  let patch = 0
  let call = 0
  client.define([FleetStore, WeatherStore])
  client.stores = [
    {
      name: 'FleetStore',
      keys: [
        { wire: 'Boats', path: ['boats'], sent: true, live: true },
        { wire: 'Tide', path: ['tide'], sent: true, live: true },
      ],
      watches: [
        { page: 1, path: ['boats', 'b1', 'speed'], list: false },
        { page: 1, path: ['boats'], list: true },
        { page: 2, path: ['tide'], list: false },
      ],
      fullStore: false,
      seq: 1,
    },
    { name: 'WeatherStore', keys: [], watches: [], fullStore: false, seq: 0 },
  ]
  client.subscribers = subscribers
  const put = (): void => void client.states.set('FleetStore', encodeState(FleetStore, fleet).buffer)
  put()
  const full = encodeState(FleetStore, fleet)
  client.pass(
    { type: 'frame', dir: 'in', kind: 'storeupdate', update: 'full', store: 'FleetStore', bytes: full.length },
    full,
  )
  const change = (next: Partial<Fleet>): number => {
    const after = { ...fleet, ...next }
    const delta = encodeDelta(FleetStore, diffStates(FleetStore, fleet, after) ?? {})
    fleet = after
    put()
    const seq = client.pass(
      {
        type: 'frame',
        dir: 'in',
        kind: 'storeupdate',
        update: 'partial',
        store: 'FleetStore',
        bytes: delta.length,
        took: 0.05,
      },
      delta,
    )
    client.pass({ type: 'patch', page: 1, number: ++patch, bytes: 40, from: seq, to: seq })
    return seq
  }
  return {
    get fleet() {
      return fleet
    },
    change,
    sail(boat, next) {
      const boatsNow = new Map(fleet.boats)
      boatsNow.set(boat, { ...(fleet.boats.get(boat) as Boat), ...next })
      return change({ boats: boatsNow })
    },
    call(took) {
      const at = Date.now()
      const about = { type: 'frame', name: 'Harbour.Moor', bytes: 12, call: ++call } as const
      client.pass({ ...about, dir: 'out', kind: 'rpccall', at })
      client.pass({ ...about, dir: 'in', kind: 'rpccallresp', at: at + took })
    },
  }
}

const subscribers: readonly ProbeSubscriber[] = [
  {
    path: ['boats', 'b1', 'speed'],
    status: 'live',
    version: 4,
    origins: [
      { id: 1, name: 'SpeedGauge', hook: 'useStore', source: 'src/gauge.tsx:12:17', runs: 42 },
      { id: 2, name: 'SpeedGauge', hook: 'useStore', source: 'src/gauge.tsx:12:17', runs: 42 },
      { id: 3, name: 'logger', runs: 3 },
      null,
    ],
  },
  {
    path: ['boats'],
    status: 'live',
    version: 5,
    origins: [{ id: 4, name: 'BoatList', hook: 'useStoreKeys', runs: 9 }],
  },
  { path: [], status: 'stale', version: 1, origins: [{ id: 5, name: 'Debug', hook: 'useStore', runs: 1 }] },
]
