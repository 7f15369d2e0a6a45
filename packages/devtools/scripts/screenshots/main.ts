import { lateParts } from '../../src/panel/late-parts.ts'
import { encodeValue, type EventDef, type RpcDef, type StructTable } from '@rivulet/wire'
import { definePanel, type PanelElement } from '../../src/panel/panel-element.ts'
import { createFakeAgent } from '../../test/support/fake-agent.ts'
import { createHarbour, type Fleet } from '../../test/support/harbour.ts'

/** A panel on a page that looks alive, for pictures: `?theme=light`; `?rate=10000` adds so many messages a second, to see how the panel bears them. */
const asked = new URLSearchParams(location.search)

const table: StructTable = {
  'harbour.MoorRequest': {
    form: 'flat',
    fields: [
      { name: 'boat', type: { kind: 'string' } },
      { name: 'berth', type: { kind: 'int32' } },
    ],
  },
  'harbour.MoorResponse': {
    form: 'flat',
    fields: [
      { name: 'result', type: { kind: 'int32' } },
      { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } },
    ],
  },
  'harbour.Horn': {
    form: 'flat',
    fields: [
      { name: 'boat', type: { kind: 'string' } },
      { name: 'blasts', type: { kind: 'int32' } },
    ],
  },
}
const types = [table]
const Moor: RpcDef = {
  kind: 'rpc',
  name: 'Harbour.Moor',
  request: 'harbour.MoorRequest',
  response: 'harbour.MoorResponse',
  types,
}
const Horn: EventDef = { kind: 'event', name: 'Horn', packet: 'harbour.Horn', types }
const struct = (ref: string, value: object): Uint8Array => encodeValue(types, { kind: 'struct', ref }, value)

const gauge = { source: 'http://localhost/src/speed-gauge.tsx:12:17', hook: 'useStore', runs: 1 }
const origins = [
  { id: 1, name: 'BoatList', source: 'http://localhost/src/boat-list.tsx:8:15', hook: 'useStoreKeys', runs: 1 },
  { id: 2, name: 'TideClock', source: 'http://localhost/src/tide-clock.tsx:5:16', hook: 'useStore', runs: 1 },
  ...Array.from({ length: 8 }, (_, i) => ({ id: 10 + i, name: 'SpeedGauge', ...gauge })),
]

const agent = createFakeAgent()
definePanel(lateParts)
const panel = document.createElement('rivulet-devtools') as PanelElement
panel.setAttribute('theme', asked.get('theme') ?? 'dark')
panel.transport = agent.transport
document.body.append(panel)
agent.add({ id: 'other', page: 'Chart table', url: 'http://localhost:4001' })
const client = agent.add({ id: 'harbour', page: 'Harbour', mode: 'shared worker' })
agent.greet()

let harbour: ReturnType<typeof createHarbour> | undefined
let step = 0
let patches = 0
let calls = 0

function begin(): ReturnType<typeof createHarbour> {
  const now = Date.now()
  const status = { since: now, attempt: 0, clockOffset: 12 } as const
  const error = { code: 'disconnected', what: 'transport close' } as const
  client.pass({ type: 'connection', at: now - 90_000, status: { ...status, state: 'connecting' } })
  client.pass({ type: 'connection', at: now - 88_000, status: { ...status, state: 'connected', session: 'fresh' } })
  client.pass({ type: 'connection', at: now - 40_000, status: { ...status, state: 'disconnected', attempt: 1, error } })
  client.pass({ type: 'connection', at: now - 36_000, status: { ...status, state: 'connected', session: 'resumed' } })
  client.pass({ type: 'page', at: now - 30_000, page: 2, step: 'joined' })
  client.pass({
    type: 'resync',
    at: now - 12_000,
    store: 'FleetStore',
    error: { code: 'index', what: 'index 7 is beyond the end of the list' },
  })
  agent.schema([Moor], [Horn])
  client.happen({ type: 'origins', origins })
  const made = createHarbour(client)
  const of = (id: number) => origins.filter((origin) => origin.id === id)
  client.subscribed = 'FleetStore'
  client.subscribers = [
    { path: ['boats'], status: 'live', version: 5, origins: of(1) },
    { path: ['tide'], status: 'live', version: 3, origins: of(2) },
    ...Array.from({ length: 8 }, (_, i) => {
      return { path: ['boats', `b${i}`, 'speed'], status: 'live', version: 4, origins: of(10 + i) } as const
    }),
  ]
  return made
}

/** What the page says of a patch that changed this path. */
function rendered(path: readonly string[], origin: number, others: readonly number[] = []): void {
  const wave = (Math.sin(step) + 1) / 2
  const known = origins.filter(({ id }) => id === origin)
  client.happen({
    type: 'patch',
    number: ++patches,
    at: Date.now(),
    bytes: 40,
    apply: 0.08 + wave / 20,
    notify: 0.03 + wave / 30,
    settle: 0.4 + wave / 2,
    changes: [{ store: 'FleetStore', path, origins: known }],
    more: 0,
    runs: [{ origin, told: 1, other: 0 }, ...others.map((id) => ({ origin: id, told: 0, other: 1 }))],
  })
}

function moor(took: number): void {
  const id = ++calls
  const at = Date.now()
  const args = struct('harbour.MoorRequest', { boat: `b${id % 8}`, berth: 1 + (id % 5) })
  const failed = id % 6 === 5
  const answer = { result: failed ? 0 : 1 + (id % 5), error: failed ? 'the berth is taken' : null }
  const response = struct('harbour.MoorResponse', answer)
  const about = { type: 'frame', name: Moor.name, call: id } as const
  client.pass({ type: 'call', page: 1, id, name: Moor.name, step: 'asked', at })
  client.pass({ ...about, dir: 'out', kind: 'rpccall', at: at + 1, bytes: args.length }, args)
  const came = { ...about, dir: 'in', kind: 'rpccallresp', at: at + took, bytes: response.length } as const
  client.pass(came, response)
  const done = { type: 'call', page: 1, id, name: Moor.name, at: at + took, took } as const
  if (failed) client.pass({ ...done, step: 'failed', error: { code: 'rpc', what: 'the berth is taken' } })
  else client.pass({ ...done, step: 'answered' })
}

const tick = (): void => {
  if (!client.attached) return
  harbour ??= begin()
  const boat = step % 8
  harbour.sail(`b${boat}`, { speed: Math.round((8 + Math.sin(step / 5) * 6) * 10) / 10, seen: new Date() })
  rendered(['boats', `b${boat}`, 'speed'], 10 + boat, step % 9 === 0 ? [1] : [])
  if (step % 7 === 0) {
    harbour.change({ tide: Math.round((1.25 + Math.sin(step / 30)) * 100) / 100 } satisfies Partial<Fleet>)
    rendered(['tide'], 2)
  }
  if (step % 11 === 0) moor(8 + (step % 5))
  if (step % 16 === 3) {
    const packet = struct('harbour.Horn', { boat: `b${boat}`, blasts: 1 + (step % 3) })
    client.pass({ type: 'frame', dir: 'in', kind: 'event', name: Horn.name, bytes: packet.length }, packet)
    for (const listener of client.listeners.keys())
      client.happen({ type: 'heard', listener, at: Date.now(), packet: packet.slice().buffer })
  }
  step++
}
setInterval(tick, 120)

const rate = Number(asked.get('rate') ?? 0)
let sent = 0
const began = performance.now()
if (rate > 0)
  setInterval(() => {
    if (!client.attached) return
    const due = ((performance.now() - began) / 1000) * rate
    for (; sent < due; sent++)
      client.pass({ type: 'frame', dir: 'in', kind: 'storeupdate', update: 'partial', store: 'FleetStore', bytes: 9 })
  }, 4)
