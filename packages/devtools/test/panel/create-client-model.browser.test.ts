import type { FrameEntry } from '@rivulet/client/inspect'
import type { EventDef, RpcDef } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GardenStore } from '../../../wire/test/support/garden.ts'
import type { ClientModel } from '../../src/panel/client-model.ts'
import { LOG_LIMIT } from '../../src/panel/create-client-model.ts'
import { createPanelLine, type PanelLine } from '../../src/panel/panel-line.ts'
import { eventually } from '../support/eventually.ts'
import { createFakeAgent, type FakeAgent, type FakeClient } from '../support/fake-agent.ts'
import { until } from '../support/until.ts'

let agent: FakeAgent
let client: FakeClient
let line: PanelLine
let model: ClientModel
let changes = 0

beforeEach(async () => {
  agent = createFakeAgent()
  changes = 0
  line = createPanelLine(agent.transport, () => changes++)
  client = agent.add({ id: 'a' })
  agent.greet()
  await until(() => line.greeted, 'the greeting')
  model = line.open('a') as ClientModel
  await until(() => model.hello !== undefined, 'the engine')
})
afterEach(() => line.close())

const frame = (part: Partial<FrameEntry> = {}) =>
  ({ type: 'frame', dir: 'in', kind: 'storeupdate', bytes: 3, store: 'Garden', ...part }) as const
const seqs = (): number[] => [...model.entries].map(({ seq }) => seq)
const has = (count: number) => eventually(() => expect(model.entries.size).toBe(count))

describe('clients', () => {
  it('are listed as they come and go', async () => {
    agent.add({ id: 'b', page: 'Other tab' })
    await eventually(() => expect(line.clients.map(({ id }) => id)).toEqual(['a', 'b']))
    agent.remove('a')
    await eventually(() => expect(line.clients.map(({ page }) => page)).toEqual(['Other tab']))
    expect(model.gone).toBe('the client has ended')
    expect(line.open('a')).toBe(model)
    expect(line.open('never')).toBeUndefined()
  })

  it('are attached to once', async () => {
    expect(line.open('a')).toBe(model)
    await eventually(() => expect(client.attached).toBe(true))
    expect(agent.heard.filter(({ type }) => type === 'attach')).toHaveLength(1)
  })

  it('of another page with the same name are others', async () => {
    agent.greet()
    await eventually(() => expect(model.gone).toBe('the page was loaded again'))
    const next = line.open('a') as ClientModel
    expect(next).not.toBe(model)
    await eventually(() => expect(next.hello).toBeDefined())
  })

  it('are left when the panel closes', async () => {
    const { heard } = agent
    line.close()
    await expect(model.feedStores()).rejects.toMatchObject({ code: 'disconnected' })
    expect(line.clients).toEqual([])
    expect(line.problem).toBe('the panel was closed')
    expect(heard.filter(({ type }) => type === 'attach')).toHaveLength(1)
  })
})

it('a page of another version is left alone', async () => {
  agent.greet(99)
  await eventually(() => expect(line.problem).toBe('this panel speaks version 1, the page version 99'))
  expect(line.clients).toEqual([])
  await expect(model.subscribers('Garden')).rejects.toThrow('version 99')
})

describe('entries', () => {
  it('are taken in batches, one for each time that the panel asks', async () => {
    client.pass(frame())
    await has(1)
    for (let i = 0; i < 50; i++) client.pass(frame())
    await has(51)
    expect(seqs()).toEqual(Array.from({ length: 51 }, (_, i) => i + 1))
    const { length } = client.requests.filter(({ type }) => type === 'more')
    expect(length).toBeLessThan(10)
  })

  it('are kept up to a limit, oldest first out', async () => {
    for (let i = 0; i < LOG_LIMIT + 5; i++) client.pass(frame())
    await eventually(() => expect(model.entries.added).toBe(LOG_LIMIT + 5))
    expect(model.entries.size).toBe(LOG_LIMIT)
    expect(model.entries.at(0)?.seq).toBe(6)
  })

  it('are not kept while paused, and counted', async () => {
    model.paused = true
    client.pass(frame())
    client.pass({ type: 'connection', status: { state: 'disconnected', since: 5, attempt: 1, clockOffset: null } })
    await eventually(() => expect(model.lost).toBe(2))
    expect(model.entries.size).toBe(0)
    // What the connection does is known all the same.
    expect(model.hello?.status.state).toBe('disconnected')
    expect(model.session?.size).toBe(1)
    model.paused = false
    client.pass(frame())
    await has(1)
    expect(seqs()).toEqual([3])
  })

  it('are forgotten by clear', async () => {
    client.pass(frame())
    await has(1)
    const { version } = model
    model.clear()
    expect([model.entries.size, model.page.size, model.lost]).toEqual([0, 0, 0])
    expect(model.version).toBeGreaterThan(version)
  })

  it('about pages keep the greeting up to date', async () => {
    client.pass({ type: 'page', page: 7, step: 'joined' })
    client.pass({ type: 'page', page: 2, step: 'left' })
    await has(2)
    expect(model.hello?.pages).toEqual([1, 7])
  })
})

describe('another engine', () => {
  beforeEach(async () => {
    client.pass(frame(), new Uint8Array([1]))
    client.pass({ type: 'patch', page: 1, number: 1, bytes: 9, from: 1, to: 1 })
    client.happen(patchEvent(1))
    await until(() => model.entries.size === 2 && model.page.size === 1, 'what happened')
  })

  it('goes on behind the numbers of the one before', async () => {
    client.replaceEngine()
    await eventually(() => expect(model.eras).toHaveLength(2))
    client.pass(frame(), new Uint8Array([2]))
    client.pass({ type: 'patch', page: 1, number: 1, bytes: 9, from: 1, to: 1 })
    await has(4)
    expect(seqs()).toEqual([1, 2, 3, 4])
    expect(model.eras?.map(({ seq }) => seq)).toEqual([1, 3])
    expect(model.entries.at(3)).toMatchObject({ from: 3, to: 3 })
    expect(await model.bytes([1, 3])).toEqual([null, new Uint8Array([2])])
    expect(client.requests.filter(({ type }) => type === 'bytes')).toMatchObject([{ seqs: [1] }])
  })

  it('numbers its patches apart, the same on the page as in its own entries', async () => {
    client.happen(patchEvent(1))
    client.replaceEngine()
    client.pass({ type: 'patch', page: 1, number: 1, bytes: 9 })
    await has(3)
    client.happen(patchEvent(2))
    await eventually(() => expect(model.page.size).toBe(3))
    const onPage = [...model.page].flatMap((event) => (event.type === 'patch' ? [event.number] : []))
    const inFeed = [...model.entries].flatMap((entry) => (entry.type === 'patch' ? [entry.number] : []))
    expect(onPage.slice(0, 2)).toEqual(inFeed)
    expect(new Set(onPage).size).toBe(3)
    expect(onPage.toSorted((a, b) => a - b)).toEqual(onPage)
  })

  it('that is the same one continues', async () => {
    client.loseEngine('the tab slept')
    await eventually(() => expect(model.gone).toBe('the tab slept'))
    expect(model.hello).toBeUndefined()
    await expect(model.state('Garden')).rejects.toThrow('the tab slept')
    client.returnEngine()
    await eventually(() => expect(model.hello).toBeDefined())
    expect([model.gone, model.eras?.length]).toEqual([undefined, 1])
    client.pass(frame())
    await has(3)
    expect(seqs()).toEqual([1, 2, 3])
  })
})

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )

const patchEvent = (number: number) => ({
  type: 'patch' as const,
  number,
  at: 1,
  bytes: 9,
  apply: 0.1,
  notify: 0.1,
  settle: 0.1,
  changes: [],
  more: 0,
  runs: [],
})

describe('questions', () => {
  it('are answered', async () => {
    client.stores = [
      { name: 'Garden', keys: [], watches: [], fullStore: false, seq: 0 },
      { name: 'Shed', keys: [], watches: [], fullStore: true, seq: 1, held: 'blocked' },
    ]
    client.states.set('Garden', new Uint8Array([0]).buffer)
    client.pass(frame(), new Uint8Array([5]))
    expect(await model.feedStores()).toMatchObject([{ name: 'Garden' }, { name: 'Shed', held: 'blocked' }])
    expect(await model.state('Garden')).toMatchObject({ store: 'Garden' })
    expect(await model.state('Shed')).toBeNull()
    expect((await model.ring()).payloads).toHaveLength(1)
    expect(await model.subscribers('Garden')).toEqual([])
  })

  it('about bytes are asked once, also by two at the same time', async () => {
    client.pass(frame(), new Uint8Array([5, 6]))
    await has(1)
    const both = await Promise.all([model.bytes([1]), model.bytes([1, 1])])
    expect(both).toEqual([[new Uint8Array([5, 6])], [new Uint8Array([5, 6]), new Uint8Array([5, 6])]])
    expect(await model.bytes([1])).toEqual([new Uint8Array([5, 6])])
    expect(client.requests.filter(({ type }) => type === 'bytes')).toHaveLength(1)
  })

  it('about bytes that are gone are asked again: null is not remembered', async () => {
    expect(await model.bytes([1])).toEqual([null])
    client.pass(frame(), new Uint8Array([5]))
    expect(await model.bytes([1])).toEqual([new Uint8Array([5])])
  })

  it('that fail say why', async () => {
    client.failing = { code: 'unknown-store', what: 'no such store' }
    await expect(model.feedStores()).rejects.toMatchObject({ code: 'unknown-store', message: 'no such store' })
    await expect(model.show('X', [])).rejects.toMatchObject({ code: 'unknown-store' })
  })

  it('are rejected when the engine goes, another comes, or the page ends', async () => {
    client.slow = true
    const first = failureOf(model.feedStores())
    client.loseEngine('slept')
    expect(await first).toMatchObject({ code: 'disconnected', message: expect.stringContaining('slept') })
    client.replaceEngine()
    await eventually(() => expect(model.hello).toBeDefined())
    const both = [failureOf(model.bytes([1])), failureOf(model.state('Garden'))]
    client.replaceEngine()
    for (const error of await Promise.all(both))
      expect(error).toMatchObject({ message: expect.stringContaining('another engine') })
    const last = failureOf(model.subscribers('Garden'))
    agent.close()
    expect(await last).toMatchObject({ message: 'the page is gone' })
    expect(model.gone).toBe('the page is gone')
  })
})

describe('what the panel shows', () => {
  const write = { path: ['name'], bytes: new Uint8Array([1, 65]).buffer }

  it('is known to every view, and ends with an empty list', async () => {
    await model.show('Garden', [write])
    expect(model.shown.get('Garden')).toEqual([write])
    expect(client.shown.get('Garden')).toEqual([write])
    await model.show('Garden', [])
    expect(model.shown.size).toBe(0)
  })

  it('ends with the page', async () => {
    await model.show('Garden', [write])
    agent.close()
    await eventually(() => expect(model.shown.size).toBe(0))
  })
})

it('calls', async () => {
  const def: RpcDef = { kind: 'rpc', name: 'Plant', request: 'q', response: 'r', types: [] }
  const args = new Uint8Array([9, 8, 7]).subarray(1)
  expect(await model.call(def, args)).toEqual({ took: 3, response: new Uint8Array([8, 7]) })
  expect(args).toEqual(new Uint8Array([8, 7]))
})

describe('events', () => {
  const def: EventDef = { kind: 'event', name: 'Rain', packet: 'p', types: [] }

  it('are heard until nobody listens, and are no page events', async () => {
    const heard: unknown[] = []
    const end = model.listen(def, undefined, (at, packet) => heard.push([at, packet]))
    const other = model.listen(def, 'k', () => heard.push('other'))
    await eventually(() => expect(client.listeners.size).toBe(2))
    expect(client.listeners.get(2)).toMatchObject({ key: 'k' })
    client.happen({ type: 'heard', listener: 1, at: 4, packet: new Uint8Array([3]).buffer })
    await eventually(() => expect(heard).toEqual([[4, new Uint8Array([3])]]))
    expect(model.page.size).toBe(0)
    end()
    end()
    other()
    await eventually(() => expect(client.listeners.size).toBe(0))
    expect(agent.heard.filter(({ type }) => type === 'unlisten')).toHaveLength(2)
  })
})

describe('names', () => {
  it('come from the engine and from the app', async () => {
    const call: RpcDef = { kind: 'rpc', name: 'Plant', request: 'q', response: 'r', types: [] }
    client.define([GardenStore], [call])
    agent.schema([], [{ kind: 'keyedEvent', store: 'Garden', name: 'Grown', packet: 'p', types: [] }])
    await eventually(() => expect(model.events.has('Garden.Grown')).toBe(true))
    expect(model.stores.get('Garden')).toMatchObject({ state: 'garden.Garden' })
    expect(model.requests.get('Plant')).toMatchObject({ kind: 'rpc' })
    agent.add({ id: 'late' })
    await eventually(() => expect(line.open('late')?.events.has('Garden.Grown')).toBe(true))
  })

  it('of components come with page events', async () => {
    client.happen(
      { type: 'origins', origins: [{ id: 4, name: 'Bed', runs: 1 }] },
      { type: 'runs', at: 1, runs: [{ origin: 4, other: 1 }] },
    )
    await eventually(() => expect(model.origins.get(4)?.name).toBe('Bed'))
    expect([...model.page].map(({ type }) => type)).toEqual(['runs'])
  })
})

it('tells of every change', async () => {
  const before = [changes, model.version]
  client.pass(frame())
  await has(1)
  expect(changes).toBeGreaterThan(before[0] as number)
  expect(model.version).toBeGreaterThan(before[1] as number)
})

describe('what another agent says', () => {
  it('of clients that cannot be looked into is kept in words', async () => {
    const mismatch = { type: 'mismatch', url: 'http://old', version: 0, expected: 1 }
    for (let i = 0; i < 3; i++) agent.say(mismatch)
    agent.say({ type: 'news', of: 'tomorrow' })
    await eventually(() => expect(line.notes).toEqual(['http://old has devtools version 0 where 1 is needed']))
    agent.greet()
    await eventually(() => expect(line.notes).toEqual([]))
  })

  it('of registered stores is known, but what the engine says goes first', async () => {
    client.define([GardenStore])
    await eventually(() => expect(model.stores.size).toBe(1))
    const stores = [
      { ...GardenStore, state: 'another' },
      { ...GardenStore, name: 'Shed' },
    ]
    agent.say({ type: 'schema', requests: [], events: [], stores })
    await eventually(() => expect(model.stores.get('Shed')?.state).toBe('garden.Garden'))
    expect(model.stores.get('Garden')?.state).toBe('garden.Garden')
  })
})
