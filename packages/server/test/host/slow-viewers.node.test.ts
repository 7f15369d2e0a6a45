import { applyDelta, decodeDelta, decodeState, type Delta, encodeDelta, encodeState } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HostOptions } from '../../src/index.ts'
import { createOutbox, type Message, type Outbox } from '../../src/host/outbox.ts'
import { catchUp, fullMessage, partialMessage } from '../../src/host/store-messages.ts'
import { Heard, type NotesHost, type NotesState, notesHost, NotesStore, someNotes } from '../support/notes-host.ts'
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
    ['messages', LIMITS, 0],
    ['bytes', { queuedMessages: 1000, queuedBytes: 100_000 }, 12_000],
  ])('feature 128: that holds too many %s is given up, and it is said what filled it', (_, limits, size) => {
    const { outbox, full, sent } = outboxOf(limits)
    for (let n = 0; n < 20; n++) outbox.put({ event: 'event', body: { eventName: 'E', event: new Uint8Array(size) } })
    expect(full).toEqual([{ 'event E': size === 0 ? 11 : 9 }])
    expect(sent).toEqual([])
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

  test('feature 128: is disconnected when events pile up, while others go on', async () => {
    const app = await start({ limits: { queuedMessages: 50 } })
    const [slow, other] = [await app.page(), await app.page()]
    // No reading happens inside one turn of the event loop, so this is what a stalled peer looks like.
    for (let i = 0; i < 300; i++) app.host.emit(Heard, { text: `${i}` })
    await until(() => slow.ended() !== undefined && other.ended() !== undefined, 'the slow viewers to go')
    expect(app.details[0]).toEqual({ 'event Heard': 51 })
    expect((await (await app.page()).call('fine', 'Fence')).result).toBe('fine')
  })
})
