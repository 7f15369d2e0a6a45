import { optimistic } from '@rivulet/client/optimistic'
import { type FeedEntry, type Probe, PROBES, pageProbes } from '@rivulet/client/inspect'
import { decodeValue, encodeValue } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { answerOf } from '../../../client/test/support/answer-call.ts'
import { eventually } from '../../../client/test/support/eventually.ts'
import { Bell, FleetStore, Horn, makeFleet, Rename, types } from '../../../client/test/support/fleet.ts'
import { closePages, openPage, type TestPage } from '../../../client/test/support/page.ts'
import { type Agent, createAgent } from '../../src/agent.ts'
import { createAgent as createAgentWith } from '../../src/agent/create-agent.ts'
import { registerSchema } from '../../src/agent/register-schema.ts'
import type * as values from '../../src/agent/values.ts'
import type { AgentMessage, AgentTransport, PanelMessage } from '../../src/protocol.ts'
import { portTransport } from '../../src/transport/port-transport.ts'
import { type PanelEnd, panelEnd } from '../support/panel-end.ts'
import { stubDocument } from '../support/stub-document.ts'

const agents: Agent[] = []

beforeEach(stubDocument)
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.dispose()
  await closePages()
  vi.unstubAllGlobals()
  Reflect.deleteProperty(globalThis, PROBES)
  Reflect.deleteProperty(globalThis, Symbol.for('rivulet.devtools.schema'))
})

function makeAgent(): Agent {
  const agent = createAgent()
  agents.push(agent)
  return agent
}

interface Connected {
  readonly panel: PanelEnd
  readonly disconnect: () => void
}

function connect(agent: Agent): Connected {
  const { port1, port2 } = new MessageChannel()
  return { disconnect: agent.connect(portTransport(port1)), panel: panelEnd(portTransport(port2)) }
}

interface Watched extends TestPage {
  readonly agent: Agent
  readonly panel: PanelEnd
  readonly client: TestPage['client']
  readonly id: string
}

const probeOf = ({ client }: TestPage): Probe | undefined =>
  [...pageProbes().clients].find((probe) => probe.client === client)

/** A page with a panel that looks into it. */
async function watched(options: Parameters<typeof openPage>[0] = {}): Promise<Watched> {
  const page = openPage({ devtools: true, ...options })
  const id = await eventually(() => {
    const found = probeOf(page)
    if (found === undefined) throw new Error('no probe')
    return found.id
  })
  const agent = makeAgent()
  const { panel } = connect(agent)
  panel.send({ type: 'attach', client: id })
  return { ...page, agent, panel, id }
}

const greetings = (panel: PanelEnd): AgentMessage[] =>
  panel.of('feed').filter(({ message }) => message.type === 'hello')

async function greeted(options?: Parameters<typeof openPage>[0]): Promise<Watched> {
  const page = await watched(options)
  await eventually(() => expect(greetings(page.panel)).toHaveLength(1))
  return page
}

const text = (value: string): ArrayBuffer => encodeValue(types, { kind: 'string' }, value).slice().buffer

describe('the clients of a page', () => {
  test('are announced, those from before the agent and those from after, until they end', async () => {
    const before = openPage({ devtools: true })
    await eventually(() => expect(probeOf(before)).toBeDefined())
    const { panel } = connect(makeAgent())
    await eventually(() => expect(panel.of('hello')).toHaveLength(1))
    expect(panel.of('hello')[0]).toMatchObject({
      version: 1,
      clients: [{ id: probeOf(before)?.id, url: 'http://localhost:1', page: 'Harbour http://localhost/fleet' }],
    })
    const after = openPage({ devtools: true })
    await eventually(() => expect(panel.of('client')).toHaveLength(1))
    const id = probeOf(after)?.id
    await after.client.dispose()
    await eventually(() =>
      expect(panel.of('client').map(({ step, client }) => [step, client.id])).toEqual([
        ['made', id],
        ['ended', id],
      ]),
    )
  })

  test('of another version are named and left alone', async () => {
    const strange = { version: 99, id: 'client-x', url: 'http://other' } as Probe
    pageProbes().clients.add(strange)
    const { panel } = connect(makeAgent())
    await eventually(() =>
      expect(panel.of('mismatch')).toEqual([{ type: 'mismatch', url: 'http://other', version: 99, expected: 1 }]),
    )
    expect(panel.of('hello')[0]?.clients).toEqual([])
    panel.send({ type: 'attach', client: 'client-x' })
    expect(await panel.ask({ type: 'subscribers', client: 'client-x', store: 'fleet' })).toMatchObject({
      code: 'disposed',
    })
    for (const listener of pageProbes().listeners) listener(strange, 'made')
    await eventually(() => expect(panel.of('mismatch')).toHaveLength(2))
  })

  test('nothing is measured and no feed is open before a panel attaches', async () => {
    const page = openPage({ devtools: true })
    await eventually(() => expect(probeOf(page)).toBeDefined())
    const observe = vi.spyOn(probeOf(page) as Probe, 'observe')
    const { panel } = connect(makeAgent())
    await eventually(() => expect(panel.of('hello')).toHaveLength(1))
    expect(observe).not.toHaveBeenCalled()
    expect(page.fake.feeds).toEqual([])
  })
})

describe("the engine's feed", () => {
  test('passes untouched, both ways', async () => {
    const { panel, id, fake } = await greeted()
    panel.send({ type: 'feed', client: id, request: { type: 'more' } })
    panel.send({ type: 'feed', client: id, request: { type: 'bytes', id: 7, seqs: [1] } })
    await eventually(() =>
      expect(fake.feeds[0]?.requests).toEqual([{ type: 'more' }, { type: 'bytes', id: 7, seqs: [1] }]),
    )
    const entry: FeedEntry = { seq: 1, at: 5, type: 'page', page: 1, step: 'joined' }
    fake.feeds[0]?.say({ type: 'entries', entries: [entry], lost: 3 })
    fake.feeds[0]?.say({ type: 'answer', id: 7, answer: { type: 'bytes', bytes: [text('hello'), null] } })
    await eventually(() => expect(panel.of('feed')).toHaveLength(3))
    expect(panel.of('feed').slice(1)).toEqual([
      { type: 'feed', client: id, message: { type: 'entries', entries: [entry], lost: 3 } },
      {
        type: 'feed',
        client: id,
        message: { type: 'answer', id: 7, answer: { type: 'bytes', bytes: [text('hello'), null] } },
      },
    ])
  })

  test('of the engine that takes the place of one that ended is attached by itself', async () => {
    const { panel, fake } = await greeted()
    fake.starts[0]?.onGone(Object.assign(new Error('the worker died'), { code: 'worker' }) as never)
    await eventually(() => expect(greetings(panel)).toHaveLength(2))
    expect(panel.of('engine-gone').map(({ why }) => why)).toEqual(['the worker died'])
    expect(fake.feeds).toHaveLength(2)
  })

  test('begins when the engine does, and until then requests are answered with why not', async () => {
    const { panel, id, client, fake } = await watched({ autoConnect: false })
    await eventually(() => expect(panel.of('engine-gone')).toHaveLength(1))
    panel.send({ type: 'feed', client: id, request: { type: 'stores', id: 3 } })
    await eventually(() =>
      expect(panel.of('feed').map(({ message }) => message)).toMatchObject([
        { type: 'answer', id: 3, answer: { type: 'error' } },
      ]),
    )
    client.store(FleetStore).subscribe('title', () => undefined)
    client.connect()
    await eventually(() => expect(greetings(panel)).toHaveLength(1))
    expect(fake.feeds).toHaveLength(1)
    // Said once, however often it was tried.
    expect(panel.of('engine-gone')).toHaveLength(1)
  })

  test('ends with a word when the panel detaches, or is gone', async () => {
    const { panel, id, fake } = await greeted()
    panel.send({ type: 'detach', client: id })
    await eventually(() => expect(fake.feeds[0]?.requests.at(-1)).toEqual({ type: 'bye' }))
    panel.send({ type: 'attach', client: id })
    await eventually(() => expect(fake.feeds).toHaveLength(2))
    panel.send({ type: 'attach', client: id })
    await eventually(() => expect(greetings(panel)).toHaveLength(2))
    panel.close()
    await eventually(() => expect(fake.feeds[1]?.requests.at(-1)).toEqual({ type: 'bye' }))
    expect(fake.feeds).toHaveLength(2)
  })
})

describe('the page', () => {
  test('its patches, who heard, and who those are', async () => {
    const page = await greeted()
    page.store.subscribe('title', function drawTitle() {})
    page.fake.load(FleetStore, makeFleet({ title: 'New' }))
    const patch = await eventually(() => {
      const found = page.panel.events('patch').find(({ changes }) => changes.length > 0)
      if (found === undefined) throw new Error('no patch')
      return found
    })
    expect(patch.changes).toMatchObject([{ store: 'fleet', path: ['title'], origins: [{ name: expect.any(String) }] }])
    expect(patch.number).toBeGreaterThan(0)
    expect(Math.abs(patch.at - Date.now())).toBeLessThan(60_000)
    for (const time of [patch.apply, patch.notify, patch.settle]) expect(time).toBeGreaterThanOrEqual(0)
    const [origin] = page.panel.events('origins').flatMap(({ origins }) => origins)
    expect(origin?.id).toBe(patch.changes[0]?.origins[0]?.id)
    expect(origin?.source).toContain('agent.node.test.ts')
  })

  test('subscribers, as data', async () => {
    const page = await greeted()
    page.store.subscribe('title', () => undefined)
    const answer = await page.panel.ask({ type: 'subscribers', client: page.id, store: 'fleet' })
    expect(answer).toMatchObject({ type: 'subscribers', subscribers: [{ path: ['title'], origins: [{ runs: 0 }] }] })
    expect(await page.panel.ask({ type: 'subscribers', client: page.id, store: 'none' })).toMatchObject({
      type: 'error',
      code: 'unknown-store',
    })
    expect(await page.panel.ask({ type: 'subscribers', client: 'client-0', store: 'fleet' })).toMatchObject({
      code: 'disposed',
    })
  })

  test('shows values until it is told otherwise', async () => {
    const { panel, id, store } = await greeted()
    const write = { path: ['title'], bytes: text('Shown') }
    expect(await panel.ask({ type: 'show', client: id, store: 'fleet', writes: [write] })).toEqual({ type: 'done' })
    expect(store.get('title')).toBe('Shown')
    const bad = { path: ['nowhere'], bytes: text('x') }
    expect(await panel.ask({ type: 'show', client: id, store: 'fleet', writes: [bad] })).toMatchObject({
      type: 'error',
      code: 'path',
    })
    expect(store.get('title')).toBe('Shown')
    await panel.ask({ type: 'show', client: id, store: 'fleet', writes: [] })
    expect(store.get('title')).toBe('')
  })

  test('shows them no longer than their panel is there; those of another panel stay', async () => {
    const { panel, id, store, agent } = await greeted()
    const other = connect(agent)
    const show = (by: PanelEnd, title: string): Promise<unknown> =>
      by.ask({ type: 'show', client: id, store: 'fleet', writes: [{ path: ['title'], bytes: text(title) }] })
    await show(panel, 'One')
    await show(other.panel, 'Two')
    panel.close()
    await other.panel.ask({ type: 'subscribers', client: id, store: 'fleet' })
    expect(store.get('title')).toBe('Two')
    other.disconnect()
    expect(store.get('title')).toBe('')
  })

  test('shown values lie under optimistic changes', async () => {
    const { panel, id, store, client } = await greeted()
    store.subscribe('title', () => undefined)
    const ends = client
      .call(
        Rename,
        { id: 'a', name: 'x' },
        { optimistic: optimistic(FleetStore, (draft) => void (draft.title = 'Soon')) },
      )
      .catch((error: unknown) => error)
    await panel.ask({ type: 'show', client: id, store: 'fleet', writes: [{ path: ['title'], bytes: text('Shown') }] })
    expect(store.get('title')).toBe('Soon')
    await client.dispose()
    await ends
  })
})

describe('calls and events', () => {
  const args = { id: 'a', name: 'Zoe' }
  const request = encodeValue(types, { kind: 'struct', ref: Rename.request }, args).slice().buffer

  test('a call goes through the client, and its response comes in wire bytes', async () => {
    const { panel, id, fake } = await greeted()
    const answer = panel.ask({ type: 'call', client: id, def: Rename, args: request })
    await eventually(() => expect(fake.calls).toHaveLength(1))
    expect(fake.calls[0]).toMatchObject({ name: 'rename', args })
    fake.calls[0]?.answer(answerOf(Rename, 42, null))
    const called = await answer
    expect(called).toMatchObject({ type: 'called', took: expect.any(Number) })
    const bytes = called.type === 'called' ? new Uint8Array(called.response) : new Uint8Array()
    expect(decodeValue(types, { kind: 'struct', ref: Rename.response }, bytes)).toEqual({ result: 42, error: null })
  })

  test('that fails, or has bytes that are none, says so', async () => {
    const { panel, id, fake } = await greeted()
    const answer = panel.ask({ type: 'call', client: id, def: Rename, args: request })
    await eventually(() => expect(fake.calls).toHaveLength(1))
    fake.calls[0]?.answer(answerOf(Rename, 0, 'no such boat'))
    expect(await answer).toMatchObject({ type: 'error', code: 'rpc', message: expect.stringContaining('no such boat') })
    expect(await panel.ask({ type: 'call', client: id, def: Rename, args: new ArrayBuffer(1) })).toMatchObject({
      type: 'error',
    })
    expect(fake.calls).toHaveLength(1)
  })

  test('a send has no response', async () => {
    const { panel, id, fake } = await greeted()
    const def = { ...Rename, kind: 'send' } as const
    expect(await panel.ask({ type: 'call', client: id, def, args: request })).toEqual({ type: 'done' })
    expect(fake.sent).toEqual([{ name: 'rename', args }])
  })

  test('what reads and writes values is loaded when it is wanted; where it does not come the panel hears why', async () => {
    const page = await greeted()
    const load = vi
      .fn<() => Promise<typeof values>>(() => import('../../src/agent/values.ts'))
      .mockRejectedValueOnce(new Error('no call'))
      .mockRejectedValueOnce(new Error('no ears'))
    const agent = createAgentWith(load)
    agents.push(agent)
    const { panel } = connect(agent)
    panel.send({ type: 'attach', client: page.id })
    await eventually(() => expect(greetings(panel)).toHaveLength(1))
    expect(load).not.toHaveBeenCalled()
    const call = { type: 'call', client: page.id, def: { ...Rename, kind: 'send' }, args: request } as const
    expect(await panel.ask(call)).toMatchObject({ type: 'error', message: 'no call' })
    panel.send({ type: 'listen', client: page.id, listener: 1, def: Horn })
    await eventually(() => expect(panel.events('deaf')).toMatchObject([{ listener: 1, why: 'no ears' }]))
    // Not wanted any more when it has come.
    panel.send({ type: 'listen', client: page.id, listener: 2, def: Horn })
    panel.send({ type: 'unlisten', client: page.id, listener: 2 })
    panel.send({ type: 'listen', client: page.id, listener: 3, def: Bell, key: 'a' })
    await eventually(() => expect([...page.fake.listening.values()]).toEqual([{ name: 'bell', key: 'a' }]))
    expect(await panel.ask(call)).toEqual({ type: 'done' })
    expect(load).toHaveBeenCalledTimes(3)
  })

  test('events are heard until they are not listened to, or the panel is gone', async () => {
    const { panel, id, fake } = await greeted()
    const bytes = encodeValue(types, { kind: 'struct', ref: 'fleet.Horn' }, { loud: 7 })
    panel.send({ type: 'listen', client: id, listener: 5, def: Horn })
    await eventually(() => expect([...fake.listening.values()]).toEqual([{ name: 'horn', key: undefined }]))
    const [number = 0] = fake.listening.keys()
    fake.post({ type: 'event', listener: number, time: 1, bytes: bytes.slice().buffer })
    await eventually(() => expect(panel.events('heard')).toMatchObject([{ listener: 5, packet: bytes.slice().buffer }]))
    panel.send({ type: 'unlisten', client: id, listener: 5 })
    await eventually(() => expect(fake.listening.size).toBe(0))
    panel.send({ type: 'listen', client: id, listener: 6, def: Bell, key: 'a' })
    await eventually(() => expect([...fake.listening.values()]).toEqual([{ name: 'bell', key: 'a' }]))
    panel.send({ type: 'listen', client: id, listener: 7, def: Bell })
    await eventually(() => expect(panel.events('deaf')).toMatchObject([{ listener: 7 }]))
    panel.close()
    await eventually(() => expect(fake.listening.size).toBe(0))
  })

  test('a schema is known to panels from before and after it was registered, each descriptor once', async () => {
    const { panel, agent } = await greeted()
    registerSchema({ Rename, Horn, FleetStore, other: 5, half: { kind: 'rpc', name: 'x' }, fn: () => undefined })
    await eventually(() => expect(panel.of('schema')).toHaveLength(1))
    registerSchema({ Again: { ...Rename } })
    registerSchema({ nothing: null })
    const late = connect(agent).panel
    await eventually(() => expect(late.of('schema')).toHaveLength(1))
    expect(late.of('schema')[0]).toEqual({ type: 'schema', requests: [Rename], events: [Horn], stores: [FleetStore] })
    await eventually(() => expect(panel.of('schema')).toHaveLength(2))
  })
})

describe('a panel that is not of this time', () => {
  test('its requests are refused, and what needs no answer is passed over', async () => {
    const { panel, id } = await greeted()
    expect(await panel.ask({ type: 'fly', client: id } as never)).toMatchObject({ type: 'error', code: 'protocol' })
    panel.send({ type: 'wave', client: id } as never)
    panel.send({ type: 'attach', client: 'client-0' })
    expect(await panel.ask({ type: 'subscribers', client: id, store: 'none' })).toMatchObject({ code: 'unknown-store' })
  })

  test('that takes nothing gets nothing more, and what is kept for it is bounded', async () => {
    const page = openPage({ devtools: true })
    const id = await eventually(() => {
      const found = probeOf(page)
      if (found === undefined) throw new Error('no probe')
      return found.id
    })
    const sent: AgentMessage[] = []
    let behind = 100
    let hear: (message: PanelMessage) => void = () => undefined
    const transport: AgentTransport = {
      send: (message) => void sent.push(message),
      listen: (listener) => void (hear = listener),
      closed: () => undefined,
      close: () => undefined,
      pending: () => behind,
    }
    makeAgent().connect(transport)
    hear({ type: 'attach', client: id })
    page.store.subscribe('title', () => undefined)
    await eventually(() => expect(page.fake.watches.size).toBe(1))
    const patches = 5_300
    for (let i = 0; i < patches; i++) page.fake.load(FleetStore, makeFleet({ title: `${i}` }))
    await eventually(() => expect(page.store.get('title')).toBe(`${patches - 1}`))
    expect(sent.filter(({ type }) => type === 'page')).toEqual([])
    behind = 0
    await eventually(() => expect(sent.some(({ type }) => type === 'page')).toBe(true))
    const events = sent.flatMap((message) => (message.type === 'page' ? message.events : []))
    expect(events.filter(({ type }) => type === 'patch')).toHaveLength(5_000)
    expect(events.flatMap((event) => (event.type === 'lost' ? [event.lost] : []))[0]).toBeGreaterThanOrEqual(300)
  })
})
