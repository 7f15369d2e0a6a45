import { type Client, type ClientOptions, createClient, createSelection } from '@rivulet/client'
import { createHost, createStore, type Host, type HostOptions, type Store } from '@rivulet/server'
import {
  type EventDef,
  isRivuletError,
  type KeyedEventDef,
  type Path,
  type RpcDef,
  type StoreDef,
  type StructTable,
  type Types,
} from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'

// Our page, our engine, a real socket and our host: what the host holds is what the page reads.

interface Spot {
  readonly lat: number
  readonly lon: number
}

interface Boat {
  readonly name: string
  readonly at: Spot
  readonly crew: ReadonlyMap<string, number> | null
}

interface Fleet {
  readonly title: string
  readonly count: number
  readonly flagship: Boat | null
  readonly boats: ReadonlyMap<string, Boat> | null
  readonly marks: readonly number[] | null
}

const text = { kind: 'string' } as const
const int = { kind: 'int32' } as const
const boat = { kind: 'struct', ref: 'fleet.Boat' } as const

const table: StructTable = {
  'fleet.Spot': {
    form: 'partial',
    fields: [
      { name: 'lat', id: 1, type: int },
      { name: 'lon', id: 2, type: int },
    ],
  },
  'fleet.Boat': {
    form: 'partial',
    fields: [
      { name: 'name', id: 1, type: text },
      { name: 'at', id: 2, type: { kind: 'struct', ref: 'fleet.Spot' }, mod: true },
      { name: 'crew', id: 3, type: { kind: 'map', key: text, value: int } },
    ],
  },
  'fleet.Fleet': {
    form: 'partial',
    fields: [
      { name: 'title', id: 1, type: text },
      { name: 'count', id: 2, type: int },
      { name: 'flagship', id: 3, type: { kind: 'pointer', elem: boat }, mod: true },
      { name: 'boats', id: 4, type: { kind: 'map', key: text, value: boat }, mod: true },
      { name: 'marks', id: 5, type: { kind: 'array', elem: int } },
    ],
  },
  'fleet.AddRequest': { form: 'flat', fields: [{ name: 'name', type: text }] },
  'fleet.AddResponse': {
    form: 'flat',
    fields: [
      { name: 'result', type: int },
      { name: 'error', type: { kind: 'pointer', elem: text } },
    ],
  },
  'fleet.Horn': { form: 'flat', fields: [{ name: 'loud', type: int }] },
}

const types: Types = [table]
const FleetStore: StoreDef<Fleet> = { kind: 'store', name: 'fleet', state: 'fleet.Fleet', types }
const Add: RpcDef<{ readonly name: string }, number> = {
  kind: 'rpc',
  name: 'Add',
  request: 'fleet.AddRequest',
  response: 'fleet.AddResponse',
  types,
}
const Horn: EventDef<{ readonly loud: number }> = { kind: 'event', name: 'Horn', packet: 'fleet.Horn', types }
const Bell: KeyedEventDef<{ readonly loud: number }> = {
  kind: 'keyedEvent',
  store: 'fleet',
  name: 'Bell',
  packet: 'fleet.Horn',
  types,
}

const makeBoat = (name: string, lat = 0): Boat => ({ name, at: { lat, lon: 0 }, crew: null })

const clients = new Set<Client>()
const hosts = new Set<Host>()

afterEach(async () => {
  await Promise.all([...clients].map((client) => client.dispose()))
  await Promise.all([...hosts].map((host) => host.close()))
  clients.clear()
  hosts.clear()
})

interface World {
  readonly host: Host
  readonly fleet: Store<Fleet>
  readonly port: number
  readonly open: (options?: Partial<ClientOptions>) => { readonly client: Client; readonly errors: Error[] }
}

async function world(port = 0, fleet = freshFleet(), more: Partial<HostOptions> = {}): Promise<World> {
  const host = createHost({ port, path: '/socket', stores: [fleet], access: () => 1, logger: null, ...more })
  hosts.add(host)
  const listening = await host.listening
  return {
    host,
    fleet,
    port: listening,
    open(options = {}) {
      const errors: Error[] = []
      const client = createClient({
        url: `http://127.0.0.1:${listening}`,
        worker: 'inline',
        graceMs: 20,
        reconnect: { minMs: 5, maxMs: 20 },
        onError: (e) => errors.push(e),
        ...options,
      })
      clients.add(client)
      return { client, errors }
    },
  }
}

function freshFleet(): Store<Fleet> {
  return createStore(FleetStore, {
    title: 'Harbour',
    count: 1,
    flagship: makeBoat('Ada', 3),
    boats: new Map([
      ['a', makeBoat('Ada', 1)],
      ['b', makeBoat('Bo', 2)],
    ]),
    marks: [1, 2, 3],
  })
}

/** A small generator, so that a failing run can be run again. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface Draft {
  title: string
  count: number
  flagship: { name: string; at: { lat: number } } | null
  boats: Map<string, { name: string; at: { lat: number; lon: number }; crew: Map<string, number> | null }> | null
  marks: number[] | null
}

function edit(draft: Draft, random: (below: number) => number): void {
  const key = 'abcd'[random(4)] ?? 'a'
  const b = draft.boats?.get(key)
  switch (random(10)) {
    case 0:
      draft.title = `t${random(5)}`
      break
    case 1:
      draft.count = random(9)
      break
    case 2:
      draft.flagship = draft.flagship === null ? makeBoat(`f${random(3)}`) : null
      break
    case 3:
      if (draft.flagship !== null) draft.flagship.at.lat = random(9)
      break
    case 4:
      draft.boats?.set(key, {
        ...makeBoat(`n${random(9)}`),
        crew: random(2) === 0 ? null : new Map([['x', random(9)]]),
      })
      break
    case 5:
      draft.boats?.delete(key)
      break
    case 6:
      if (b !== undefined) b.at.lon = random(9)
      break
    case 7:
      b?.crew?.set('x', random(9))
      break
    case 8:
      draft.marks?.push(random(9))
      break
    default:
      if (draft.marks !== null) draft.marks[random(3)] = random(9)
  }
}

const PATHS: readonly Path[] = [
  [],
  ['title'],
  ['flagship'],
  ['flagship', 'at', 'lat'],
  ['boats'],
  ['boats', 'a'],
  ['boats', 'c', 'name'],
  ['boats', 'b', 'crew'],
  ['marks'],
  ['marks', 1],
]

describe('a page on a host', () => {
  test.each(PATHS.map((path) => [path.join('.') || 'the whole store', path] as const))(
    'features 31, 32 and 35: follows %s',
    async (_name, path) => {
      const { fleet, open } = await world()
      const { client, errors } = open()
      const store = client.store(FleetStore)
      store.subscribe(path as ['title'], () => undefined)
      await store.ready(path as ['title'])
      const random = seeded(path.length * 97 + 5)
      for (let round = 0; round < 12; round++) {
        for (let i = random(6); i >= 0; i--) fleet.update((draft) => edit(draft, random))
        await eventually(() => expect(store.get(path as ['title'])).toEqual(at(fleet.state, path)))
      }
      expect(errors).toEqual([])
    },
  )

  test('feature 109: a selector follows what it reads, through changes of what that is', async () => {
    const { fleet, open } = await world()
    const { client, errors } = open()
    const selector = (s: Fleet): unknown =>
      s.count % 2 === 0 ? (s.flagship?.name ?? 'none') : [s.title, s.boats?.get('a')?.at.lon, s.boats?.get('c')?.name]
    const selection = createSelection(client.store(FleetStore), selector)
    selection.subscribe(() => undefined)
    const random = seeded(7)
    for (let round = 0; round < 25; round++) {
      fleet.update((draft) => edit(draft, random))
      await eventually(() => expect(selection.get()).toEqual(selector(fleet.state)))
    }
    expect(errors).toEqual([])
  })

  test('features 42 and 183: a host that restarts: values stay, the status says so, nothing unchanged gets a new identity', async () => {
    const first = await world()
    const { client } = first.open()
    const store = client.store(FleetStore)
    const heard = vi.fn<() => void>()
    store.subscribe('boats', heard)
    await store.ready('boats')
    const before = store.get('boats')
    heard.mockClear()
    await first.host.close()
    await eventually(() => expect(store.status('boats')).toBe('stale'))
    expect(store.get('boats')).toBe(before)
    expect(store.loaded('boats')).toBe(true)
    await world(first.port, first.fleet)
    await eventually(() => expect(store.status('boats')).toBe('live'))
    expect(store.get('boats')).toBe(before)
    expect(heard).not.toHaveBeenCalled()
    first.fleet.update((draft) => {
      draft.boats?.delete('a')
    })
    await eventually(() => expect(store.get('boats')?.size).toBe(1))
    expect(store.get(['boats', 'b'])).toBe(before?.get('b'))
  })

  test('a page that cannot keep up is told what it lost, as a typed error, and comes back to everything else', async () => {
    const { host, fleet, open } = await world(0, freshFleet(), { limits: { queuedMessages: 20 } })
    const { client, errors } = open()
    const store = client.store(FleetStore)
    store.subscribe('title', () => undefined)
    await store.ready('title')
    const heard: number[] = []
    client.on(Horn, ({ loud }) => heard.push(loud))
    let finish: (result: number) => void = () => undefined
    host.rpc(Add, () => new Promise<number>((resolve) => (finish = resolve)))
    const call = client.call(Add, { name: 'Cy' })
    await eventually(() => expect(host.health().callsInFlight).toBe(1))
    // Nobody reads within one turn: the answer waits among the events, and must not be one of those that are given up.
    for (let n = 0; n < 100; n++) host.emit(Horn, { loud: n })
    finish(42)
    await Promise.resolve()
    for (let n = 100; n < 400; n++) host.emit(Horn, { loud: n })
    fleet.update((d) => void (d.title = 'after'))
    expect(await call).toBe(42)
    const told = (): Error | undefined => errors.find((e) => isRivuletError(e) && e.code === 'limit')
    await eventually(() => expect(told()).toBeDefined())
    expect(told()?.message).toMatch(/gave up on this page.* \d+ events did not arrive/)
    await eventually(() => expect(store.get('title')).toBe('after'))
    await eventually(() => expect(store.status('title')).toBe('live'))
    expect(heard).toEqual(heard.map((_, n) => n))
    host.emit(Horn, { loud: 1000 })
    await eventually(() => expect(heard.at(-1)).toBe(1000))
  })

  test('features 47, 48, 53, 54 and 139: calls and events', async () => {
    const { host, open } = await world()
    host.rpc(Add, ({ name }) => {
      if (name === '') throw new Error('a boat needs a name')
      return name.length
    })
    const { client } = open()
    const heard: unknown[] = []
    client.on(Horn, (p) => heard.push(p.loud))
    client.on(Bell, 'k', (p) => heard.push(`k${p.loud}`))
    await expect(client.call(Add, { name: 'Ada' })).resolves.toBe(3)
    await expect(client.call(Add, { name: '' })).rejects.toMatchObject({ code: 'rpc', message: 'a boat needs a name' })
    await eventually(() => {
      host.emit(Horn, { loud: 5 })
      host.keyedEvent(Bell).emit('k', { loud: 6 })
      expect(heard).toContain(5)
      expect(heard).toContain('k6')
    })
  })
})

/** The value at a path; undefined where something is missing on the way. */
function at(state: unknown, path: Path): unknown {
  let value = state
  for (const part of path) {
    if (value === null || value === undefined) return undefined
    value = value instanceof Map ? value.get(part) : (value as Record<PropertyKey, unknown>)[part as PropertyKey]
  }
  return value
}
