import { applyDelta, decodeDelta, decodeState, type Delta, encodeDelta, encodeState } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { HostOptions } from '../../src/index.ts'
import { createOutbox, type Message, type Outbox } from '../../src/host/outbox.ts'
import { catchUp, fullMessage, partialMessage } from '../../src/host/store-messages.ts'
import {
  Echo,
  Heard,
  type NotesHost,
  type NotesState,
  notesHost,
  NotesStore,
  someNotes,
} from '../support/notes-host.ts'
import { sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

async function start(options?: Partial<HostOptions>): Promise<NotesHost> {
  const app = await notesHost(options)
  return app
}

const LIMITS = { queuedMessages: 10, queuedBytes: 1_000_000 }
const never = (): never => expect.unreachable()

function event(n: number): Message {
  return { event: n % 2 ? 'event' : 'keyedevent', body: { n, eventName: 'E' } }
}

function outboxOf(limits = LIMITS): {
  readonly outbox: Outbox
  readonly sent: Message[]
  readonly full: unknown[]
  readonly transport: { busy: boolean; merged: number }
} {
  const sent: Message[] = []
  const full: unknown[] = []
  const transport = { busy: true, merged: 0 }
  const outbox = createOutbox(
    limits,
    {
      backlog: () => (transport.busy ? 64 : 0),
      emit: (message) => sent.push(message),
      conflated: () => void transport.merged++,
    },
    (by) => full.push(by),
  )
  return { outbox, sent, full, transport }
}

function update(delta: Delta, name = 'NotesStore', full = never as () => Uint8Array): Message {
  const def = { ...NotesStore, name }
  return partialMessage(def, encodeDelta(def, delta), full)
}

const numbers = (messages: readonly Message[]): unknown[] => messages.map((message) => message.body['n'])

describe('the outbox of a viewer', () => {
  test('keeps the order, and passes on what the transport takes', () => {
    const { outbox, sent, transport } = outboxOf()
    for (let n = 0; n < 10; n++) outbox.put(event(n))
    expect(sent).toEqual([])
    expect(outbox.depth).toBe(10)
    transport.busy = false
    outbox.pump()
    expect(numbers(sent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('lets nothing overtake a place that is held', () => {
    const { outbox, sent, transport } = outboxOf()
    transport.busy = false
    const place = outbox.hold()
    const empty = outbox.hold()
    outbox.put(event(3))
    place.settle([event(1), event(2)])
    expect(numbers(sent)).toEqual([1, 2])
    empty.settle([])
    place.settle([event(9)])
    expect(numbers(sent)).toEqual([1, 2, 3])
  })

  test.each([
    ['messages', LIMITS, 0, 81],
    ['bytes', { queuedMessages: 1000, queuedBytes: 100_000 }, 12_000, 9],
  ])(
    'feature 128: that holds far too many %s is given up at once, and it is said what filled it',
    (_, limits, size, count) => {
      const { outbox, full, sent } = outboxOf(limits)
      for (let n = 0; n < 100; n++)
        outbox.put({ event: 'event', body: { eventName: 'E', event: new Uint8Array(size) } })
      expect(full).toEqual([{ 'event E': count }])
      expect(sent).toEqual([])
    },
  )

  test('that holds more than it may is given up when that lasts; a burst is no slow viewer', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { outbox, sent, full, transport } = outboxOf()
    const burst = (): void => {
      for (let n = 0; n < 60; n++) outbox.put(event(n))
    }
    burst()
    vi.advanceTimersByTime(900)
    transport.busy = false
    outbox.pump()
    expect(numbers(sent)).toEqual(Array.from({ length: 60 }, (_, n) => n))
    vi.advanceTimersByTime(10_000)
    expect(full).toEqual([])
    transport.busy = true
    burst()
    vi.advanceTimersByTime(999)
    expect(full).toEqual([])
    vi.advanceTimersByTime(1)
    expect(full).toEqual([{ 'event E': 30, 'keyedevent E': 30 }])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('updates that came through held places are merged before it is given up', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { outbox, full, transport, sent } = outboxOf()
    const places = Array.from({ length: 40 }, () => outbox.hold())
    for (const [n, place] of places.entries()) place.settle([update({ count: { set: n } })])
    vi.advanceTimersByTime(5000)
    expect(full).toEqual([])
    transport.busy = false
    outbox.pump()
    expect(decodeDelta(NotesStore, sent.at(-1)?.body['partial'])).toEqual({ count: { set: 39 } })
  })

  test('gives back what was never sent', () => {
    const { outbox } = outboxOf()
    outbox.put(update({ count: { set: 1 } }))
    outbox.put(event(1))
    outbox.put(update({ count: { set: 2 } }))
    outbox.hold()
    const [first, second, ...more] = outbox.close()
    expect(decodeDelta(NotesStore, first?.body['partial'])).toEqual({ count: { set: 2 } })
    expect([numbers([second as Message]), more]).toEqual([[1], []])
    outbox.put(event(2))
    outbox.hold().settle([event(3)])
    expect(outbox.close()).toEqual([])
  })

  test('holds one update per store, in the place of the first', () => {
    const { outbox, sent, transport } = outboxOf()
    outbox.put(event(0))
    for (let n = 0; n < 500; n++) {
      outbox.put(update({ count: { set: n } }))
      outbox.put(update({ notes: { sets: new Map([[`k${n}`, { text: 'x', stars: n }]]) } }, 'SecretStore'))
    }
    outbox.put(event(1))
    expect(outbox.depth).toBe(4)
    expect(transport.merged).toBe(998)
    transport.busy = false
    outbox.pump()
    expect(sent.map((message) => message.event)).toEqual(['keyedevent', 'storeupdate', 'storeupdate', 'event'])
    expect(decodeDelta(NotesStore, sent[1]?.body['partial'])).toEqual({ count: { set: 499 } })
    expect(decodeDelta(NotesStore, sent[2]?.body['partial'])['notes']?.sets?.size).toBe(500)
    expect(Object.keys(sent[1]?.body ?? {})).toEqual(['time', 'kind', 'storeName', 'partial'])
  })

  test('a full state takes the place of everything, and is the one of the moment when it is sent', () => {
    const { outbox, sent, transport } = outboxOf()
    let state = someNotes()
    const full = (): Uint8Array => encodeState(NotesStore, state)
    outbox.put(update({ count: { set: 1 } }, 'NotesStore', full))
    outbox.put(fullMessage(NotesStore, full))
    state = { ...state, count: 99 }
    outbox.put(update({ count: { set: 99 } }, 'NotesStore', full))
    transport.busy = false
    outbox.pump()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body['kind']).toBe(0)
    expect(decodeState(NotesStore, sent[0]?.body['state'])).toEqual(state)
  })

  test('every subscription is answered by a message of its own, which later updates may join', () => {
    const { outbox, sent, transport } = outboxOf()
    const answer = (path: readonly string[]): Message => catchUp(NotesStore, someNotes(), path, never)
    outbox.put(update({ count: { set: 1 } }))
    outbox.put(answer(['title']))
    outbox.put(answer(['count']))
    outbox.put(update({ count: { set: 2 } }))
    transport.busy = false
    outbox.pump()
    expect(sent.map(({ body }) => decodeDelta(NotesStore, body['partial']))).toEqual([
      { count: { set: 1 } },
      { title: { set: 'title' } },
      { count: { set: 2 } },
    ])
  })

  test('a merged delta that outgrows the state becomes the state', () => {
    const { outbox, sent, transport } = outboxOf()
    const full = (): Uint8Array => encodeState(NotesStore, someNotes())
    for (let n = 0; n < 10_000; n++) {
      const notes = { sets: new Map([[`a key that is quite long ${n}`, { text: '', stars: 0 }]]) }
      outbox.put(update({ notes }, 'NotesStore', full))
      outbox.put(update({ notes: { deletes: new Set(notes.sets.keys()) } }, 'NotesStore', full))
    }
    transport.busy = false
    outbox.pump()
    expect(sent.map(({ body }) => body['kind'])).toEqual([0])
  })

  test('whatever is put, held and settled, a viewer that reads sooner or later ends with the same states, and sees events in their order', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('update' as const),
        held: fc.boolean(),
        store: fc.constantFrom('NotesStore', 'SecretStore'),
        key: fc.constantFrom('a', 'b', 'c'),
        remove: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('event' as const), held: fc.boolean() }),
      fc.record({ kind: fc.constant('settle' as const) }),
      fc.record({ kind: fc.constant('read' as const), busy: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { outbox, sent, transport } = outboxOf({ queuedMessages: 1000, queuedBytes: 1e9 })
        const held: (() => void)[] = []
        const truth = new Map<string, NotesState>()
        let n = 0
        for (const one of steps) {
          if (one.kind === 'settle') held.shift()?.()
          else if (one.kind === 'read') {
            transport.busy = one.busy
            outbox.pump()
          } else {
            n++
            let message = event(n)
            if (one.kind === 'update') {
              const delta: Delta = one.remove
                ? { notes: { deletes: new Set([one.key]) } }
                : { notes: { sets: new Map([[one.key, { text: '', stars: n }]]) }, count: { set: n } }
              const { store } = one
              truth.set(store, applyDelta(NotesStore, truth.get(store) ?? someNotes(), delta).state)
              message = update(delta, store, () => encodeState(NotesStore, truth.get(store) as NotesState))
            }
            if (one.held) {
              const place = outbox.hold()
              held.push(() => place.settle([message]))
            } else outbox.put(message)
          }
        }
        for (const settle of held) settle()
        transport.busy = false
        outbox.pump()
        const replicas = new Map<string, NotesState>()
        for (const { body } of sent.filter((message) => message.event === 'storeupdate')) {
          const store = String(body['storeName'])
          const delta = decodeDelta(NotesStore, body['partial'])
          replicas.set(store, applyDelta(NotesStore, replicas.get(store) ?? someNotes(), delta).state)
        }
        expect(replicas).toEqual(truth)
        const events = numbers(sent.filter((message) => message.event !== 'storeupdate')) as number[]
        expect(events).toEqual(events.toSorted((a, b) => a - b))
        expect(outbox.depth).toBe(0)
      }),
    )
  })
})

describe('a viewer that does not read', () => {
  test('gets conflated state, while others get everything', async () => {
    const app = await start({ limits: { queuedMessages: 50 } })
    const [slow, other] = [await app.page(), await app.page()]
    for (const page of [slow, other]) {
      page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
      await page.messages('storeupdate')
    }
    const { ws } = slow.socket.io.engine.transport as unknown as { readonly ws: { pause(): void; resume(): void } }
    ws.pause()
    const note = 'x'.repeat(50_000)
    // What the system's own buffers take comes first.
    for (let round = 0; round < 400 && app.host.health().conflations < 10; round++) {
      for (let i = 0; i < 10; i++)
        app.notes.update((d) => void d.notes?.set(`k${i}`, { text: `${round}${note}`, stars: i }))
      await other.messages('storeupdate', 1 + (round + 1) * 10)
    }
    app.notes.update((d) => void (d.count = 4711))
    ws.resume()
    let state = decodeState(NotesStore, slow.received[0]?.body['state'])
    let seen = 1
    await until(() => {
      for (const { body } of slow.received.slice(seen)) {
        state =
          'partial' in body
            ? applyDelta(NotesStore, state, decodeDelta(NotesStore, body['partial'])).state
            : decodeState(NotesStore, body['state'])
      }
      seen = slow.received.length
      return state.count === 4711
    }, 'the slow viewer to catch up')
    expect(state).toEqual(app.notes.state)
    expect(slow.ended()).toBeUndefined()
    expect(seen).toBeLessThan(other.received.length)
  })

  test('feature 128: is told and disconnected when events pile up, while others get all of them', async () => {
    const app = await start({ limits: { queuedMessages: 50 } })
    const [slow, other] = [await app.page(), await app.page()]
    app.host.rpc(Echo, ({ text }) => text)
    const ws = wsOf(slow)
    ws.pause()
    const text = 'x'.repeat(20_000)
    let sent = 0
    const emit = async (): Promise<void> => {
      app.host.emit(Heard, { text })
      await other.messages('event', ++sent)
    }
    // What the system's own buffers take comes first; then an answer falls in between.
    while (app.host.health().queuedMessages < 20) await emit()
    ws.resume()
    slow.socket.emit('rpccall', { callID: 77, methodName: 'Echo', request: Buffer.from([1, 0]) })
    ws.pause()
    await until(() => app.host.health().receivedMessages > 0, 'the call')
    while (app.host.health().dropped === 0) await emit()
    ws.resume()
    await until(() => slow.ended() !== undefined, 'the slow viewer to go')
    const events = slow.received.filter((m) => m.event === 'event').length
    const [notice] = await slow.messages('viewernotice')
    expect(notice).toMatchObject({ code: 'limit', message: expect.stringContaining('slow viewer') })
    expect(Object.keys(notice ?? {})).toEqual(['time', 'code', 'message', 'lostEvents'])
    // In order up to the loss, and the loss is counted; whatever was emitted afterwards came when it had gone.
    expect(events + Number(notice?.['lostEvents'])).toBeGreaterThan(sent - 3)
    expect(notice?.['lostEvents']).toBeGreaterThan(30)
    // Answers are never dropped.
    expect((await slow.messages('rpccallresp'))[0]).toMatchObject({ callID: 77, error: null })
    expect(slow.received.at(-1)?.event).toBe('viewernotice')
    expect(app.details[0]).toMatchObject({ 'event Heard': expect.any(Number) })
    expect((await other.call('fine', 'Fence')).result).toBe('fine')
  })

  test('a burst that one turn makes reaches everybody who reads', async () => {
    const app = await start()
    const pages = [await app.page(), await app.page()]
    for (let n = 0; n < 5000; n++) app.host.emit(Heard, { text: `${n}` })
    for (const page of pages) {
      const events = await page.messages('event', 5000)
      expect(events).toHaveLength(5000)
      expect(page.ended()).toBeUndefined()
    }
    expect(app.host.health().dropped).toBe(0)
  })

  test('with sessions: the events go, the answers stay, and the page is told when it is back', async () => {
    const app = await sessionHost({}, { limits: { queuedMessages: 50, sessionEvents: 300 } })
    const finish: (() => void)[] = []
    app.host.rpc(Echo, ({ text }) => new Promise<string>((resolve) => finish.push(() => resolve(text))))
    const page = await app.page()
    const { sessionID } = await page.attach('', { stores: [['NotesStore', 'count']] })
    await page.messages('storeupdate')
    page.socket.emit('rpccall', { callID: 5, methodName: 'Echo', request: Buffer.from([1, 0]) })
    await until(() => finish.length === 1, 'the call')
    wsOf(page).pause()
    // Nobody reads within one turn.
    for (let n = 0; n < 200; n++) app.host.emit(Heard, { text: `${n}` })
    finish[0]?.()
    await Promise.resolve()
    for (let n = 0; n < 300; n++) app.host.emit(Heard, { text: `${n}` })
    app.notes.update((d) => void (d.count = 4711))
    await until(() => app.host.health().detachedSessions === 1, 'the session to be detached')
    const back = await app.page()
    const answer = await back.attach(String(sessionID), { stores: [['NotesStore', 'count']] })
    expect(answer).toMatchObject({ resumed: true, sessionID })
    const [notice] = await back.messages('viewernotice')
    expect(notice?.['lostEvents']).toBeGreaterThan(300)
    expect(await back.messages('rpccallresp')).toMatchObject([{ callID: 5, error: null }])
    const [latest] = await back.messages('storeupdate')
    expect(decodeDelta(NotesStore, latest?.['partial'])).toEqual({ count: { set: 4711 } })
    wsOf(page).terminate()
  })
})

interface Pausable {
  pause(): void
  resume(): void
  terminate(): void
}

/** A page's own WebSocket. */
function wsOf(page: Awaited<ReturnType<NotesHost['page']>>): Pausable {
  return (page.socket.io.engine.transport as unknown as { readonly ws: Pausable }).ws
}
