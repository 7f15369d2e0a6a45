import { applyDelta, decodeDelta, decodeState, decodeValue } from '@rivulet/wire'
import { Server } from 'socket.io'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { SessionOptions, StreamLease } from '../../src/index.ts'
import { Heard, NotesStore, notesHost, someNotes, Whisper } from '../support/notes-host.ts'
import { manifestOf, sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

async function start(
  sessions?: Partial<SessionOptions>,
  options?: Parameters<typeof sessionHost>[1],
): ReturnType<typeof sessionHost> {
  const app = await sessionHost(sessions, options)
  return app
}

const NOTES = { stores: [['NotesStore', '']] } as const
const idOf = (answer: Readonly<Record<string, unknown>>): string => String(answer['sessionID'])
const kinds = (life: readonly { readonly kind: string; readonly reason?: string }[]): string[] =>
  life.map(({ kind, reason }) => (reason === undefined ? kind : `${kind}: ${reason}`))

/** Everything that was sent to every viewer so far is confirmed. */
async function heartbeat({ host }: Awaited<ReturnType<typeof start>>): Promise<void> {
  for (const { socket } of host.viewers) {
    const { conn } = socket
    const back = new Promise<void>((resolve) => conn.once('heartbeat', resolve))
    ;(conn as unknown as { sendPacket(type: string): void }).sendPacket('ping')
    await back
  }
}

describe('the gate', () => {
  test('feature 191: nothing is heard before the attach, and plain events pass by', async () => {
    const app = await start()
    const page = await app.page()
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    page.socket.emit('rpccall', { callID: 1, methodName: 'Fence', request: Buffer.alloc(1) })
    page.socket.emit('storesub', 'nonsense')
    app.host.emit(Heard, { text: 'early' })
    const answer = await page.attach()
    expect(answer).toEqual({ sessionID: idOf(answer), resumed: false, capabilities: { dataStreams: false } })
    expect(idOf(answer)).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(page.received).toHaveLength(1)
    expect((await page.call('x', 'Fence')).result).toBe('x')
  })

  test('without sessions an attach is an unknown event', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('viewersessionattach', manifestOf('', NOTES))
    await page.fence()
    expect(page.received.filter(({ event }) => event !== 'rpccallresp')).toEqual([])
  })

  test.each<[string, unknown]>([
    ['a text', 'text'],
    ['null', null],
    ['a list', []],
    ['a number as id', { sessionID: 7 }],
    ['an object as list', { storeSubscriptions: {} }],
    ['a text as entry', { storeSubscriptions: ['NotesStore'] }],
    ['a number as store', { storeSubscriptions: [{ storeName: 1 }] }],
    ['a null entry', { keyedEventSubscriptions: [null] }],
    ['an unknown store', manifestOf('', { stores: [['Nowhere', '']] })],
    ['a store above the level', manifestOf('', { stores: [['SecretStore', '']] })],
    ['a key of 4097 bytes', manifestOf('', { stores: [['NotesStore', 'k'.repeat(4097)]] })],
    ['more keys than allowed', manifestOf('', { stores: ['a', 'b', 'c', 'd'].map((k) => ['NotesStore', k] as const) })],
    ['an event without key', manifestOf('', { events: [['NotesStore', 'E', '']] })],
    ['an event of an unknown store', manifestOf('', { events: [['Nowhere', 'E', 'k']] })],
    ['an event with a long name', manifestOf('', { events: [['NotesStore', 'e'.repeat(257), 'k']] })],
    [
      'more events than allowed',
      manifestOf('', { events: ['a', 'b', 'c'].map((k) => ['NotesStore', 'E', k] as const) }),
    ],
    ['a stream without id', manifestOf('', { streams: [['', 'NotesStore', 'Cam', 'k']] })],
    [
      'one stream id twice',
      manifestOf('', {
        streams: [
          ['s', 'NotesStore', 'Cam', 'k'],
          ['s', 'NotesStore', 'Cam', 'l'],
        ],
      }),
    ],
    [
      'more bytes than allowed',
      manifestOf('', {
        stores: [
          ['NotesStore', 'k'.repeat(4000)],
          ['NotesStore', 'l'.repeat(4000)],
        ],
      }),
    ],
    ['an unknown session', manifestOf('6f1f9b1e-0000-4000-8000-000000000000', NOTES)],
    ['a long session id', manifestOf('x'.repeat(65), NOTES)],
  ])('feature 159: %s is refused with a reason, and the socket may try again', async (_, message) => {
    const app = await start(
      {},
      {
        limits: { storeSubscriptions: 3, keyedEventSubscriptions: 2, sessionManifestBytes: 8000 },
      },
    )
    const edges: string[] = []
    app.host.onSubscription(NotesStore, (key) => edges.push(key))
    const page = await app.page()
    page.socket.emit('viewersessionattach', message)
    const [refusal] = await page.messages('viewersessionattached')
    expect(refusal).toMatchObject({ sessionID: '', resumed: false, capabilities: { dataStreams: false } })
    expect(refusal?.['error']).toMatch(/\w+ \w+/)
    expect(edges).toEqual([])
    page.socket.emit('viewersessionattach', manifestOf('', NOTES))
    expect((await page.messages('viewersessionattached', 2))[1]?.['error']).toBeUndefined()
    expect(edges).toEqual([''])
  })

  test('who cannot be identified gets no session', async () => {
    const answers: unknown[] = [
      { ownerID: '', scopeID: 's' },
      { ownerID: 'o', scopeID: 's'.repeat(1025) },
      { ownerID: 'o', scopeID: 's', accessLevel: 0.5 },
    ]
    const app = await start({
      async identify() {
        if (answers.length === 0) throw new Error('log in first')
        return answers.shift() as { ownerID: string; scopeID: string }
      },
    })
    const page = await app.page()
    for (const text of [/ownerID/, /scopeID/, /whole number/, /^log in first$/]) {
      expect((await page.attach())['error']).toMatch(text)
    }
    expect(app.life).toEqual([])
  })

  test('an identify that never ends refuses the session after its time, and the viewer may try again', async () => {
    let hang = true
    const late: ((identity: { ownerID: string; scopeID: string }) => void)[] = []
    const app = await start(
      { identify: () => (hang ? new Promise((resolve) => late.push(resolve)) : { ownerID: 'o', scopeID: 's' }) },
      { accessTimeoutMs: 30 },
    )
    const page = await app.page()
    expect((await page.attach('', NOTES))['error']).toBe('to identify the viewer took longer than 30 ms')
    // Too late: nothing comes of it.
    late[0]?.({ ownerID: 'o', scopeID: 's' })
    expect(app.host.health()).toMatchObject({ sessions: 0, subscriptions: 0 })
    hang = false
    expect((await page.attach('', NOTES))['error']).toBeUndefined()
    expect(kinds(app.life)).toEqual(['created', 'attached'])

    hang = true
    const stranger = await app.page()
    stranger.socket.emit('viewersessionclose', { sessionID: app.life[0]?.sessionID })
    await until(() => stranger.ended() !== undefined, 'the one that cannot be identified to be closed')
    expect(app.host.health().sessions).toBe(1)
  })

  test('the level is that of `access` when identify does not say', async () => {
    const app = await start({ identify: () => ({ ownerID: 'o', scopeID: 's' }) })
    const page = await app.page({ level: 5 })
    expect((await page.attach('', { stores: [['SecretStore', '']] }))['error']).toBeUndefined()
  })

  test('feature 169: there are only so many sessions, per owner and in all', async () => {
    const app = await start({ perOwner: 2, total: 3 })
    const errors: unknown[] = []
    for (const owner of ['ann', 'ann', 'ann', 'bob', 'eve']) {
      errors.push((await (await app.page({ owner })).attach())['error'])
    }
    expect(errors).toEqual([
      undefined,
      undefined,
      expect.stringContaining('2 viewer sessions of this owner'),
      undefined,
      expect.stringContaining('3 viewer sessions'),
    ])
  })

  test('numbers that cannot work are refused', async () => {
    await expect(sessionHost({ detachedMs: 0 })).rejects.toThrow(/detachedMs cannot be 0/)
  })
})

describe('coming back', () => {
  test('features 152, 153 and 154: brings one merged delta per store, then the events, and no more', async () => {
    const app = await start()
    const page = await app.page({ level: 5 })
    const id = idOf(
      await page.attach('', {
        stores: [
          ['NotesStore', ''],
          ['SecretStore', 'count'],
        ],
        events: [['SecretStore', 'Whisper', 'k']],
      }),
    )
    await page.messages('storeupdate', 2)
    await heartbeat(app)
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    for (let i = 0; i < 100; i++) app.notes.update((d) => void d.notes?.set(`n${i}`, { text: 'x', stars: i }))
    app.notes.update((d) => void (d.count = 5))
    app.secret.update((d) => void (d.title = 'not under the key'))
    app.host.keyedEvent(Whisper).emit('k', { text: 'one' })
    app.host.emit(Heard, { text: 'two' })
    const next = await app.page({ level: 5 })
    const answer = await next.attach(id, {
      stores: [
        ['NotesStore', ''],
        ['SecretStore', 'count'],
      ],
      events: [['SecretStore', 'Whisper', 'k']],
    })
    expect(answer).toMatchObject({ sessionID: id, resumed: true })
    await next.messages('event')
    expect(next.received.map(({ event }) => event)).toEqual([
      'viewersessionattached',
      'storeupdate',
      'keyedevent',
      'event',
    ])
    const delta = decodeDelta(NotesStore, next.received[1]?.body['partial'])
    expect(delta['notes']?.sets?.size).toBe(100)
    expect(delta['count']).toEqual({ set: 5 })
    expect(kinds(app.life)).toEqual(['created', 'attached', 'detached', 'attached'])
  })

  test('feature 171: what was kept comes first, what happens during the attach after it', async () => {
    let back = false
    const app = await start({
      onLifecycle({ kind }) {
        if (kind !== 'attached' || !back) return
        app.notes.update((d) => void (d.title = 'live'))
        app.host.emit(Heard, { text: 'live' })
      },
    })
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    await page.messages('storeupdate')
    await heartbeat(app)
    page.drop()
    await until(() => app.host.health().detachedSessions === 1, 'the session to be detached')
    app.notes.update((d) => void (d.title = 'kept'))
    app.host.emit(Heard, { text: 'kept' })
    back = true
    const next = await app.page()
    await next.attach(id, NOTES)
    await next.messages('event', 2)
    const told = next.received.map(({ event, body }) => {
      if (event === 'storeupdate') return decodeDelta(NotesStore, body['partial'])
      const packet = { kind: 'struct', ref: Heard.packet } as const
      return event === 'event' ? decodeValue(Heard.types, packet, body['event']) : event
    })
    expect(told).toEqual([
      'viewersessionattached',
      { title: { set: 'kept' } },
      { text: 'kept' },
      { title: { set: 'live' } },
      { text: 'live' },
    ])
  })

  test('feature 137: what is merged meanwhile does not follow what the application does to its own delta', async () => {
    const app = await start()
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    await page.messages('storeupdate')
    await heartbeat(app)
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    const note = { text: 'as it was', stars: 1 }
    const sets = new Map([['n', note]])
    app.notes.apply({ notes: { sets } })
    note.text = 'changed afterwards'
    sets.set('m', note)
    app.notes.apply({ notes: { mods: new Map([['n', { stars: { set: 2 } }]]) } })
    const next = await app.page()
    await next.attach(id, NOTES)
    const [update] = await next.messages('storeupdate')
    const delta = decodeDelta(NotesStore, update?.['partial'])
    expect(applyDelta(NotesStore, someNotes(), delta).state).toEqual(app.notes.state)
    expect(app.notes.state.notes?.get('n')).toEqual({ text: 'as it was', stars: 2 })
    expect(app.notes.state.notes?.has('m')).toBe(false)
  })

  test.each(['breaks', 'is given up by the viewer'])(
    'brings again what was on its way when the connection %s, and nothing that had arrived',
    async (how) => {
      const app = await start()
      const page = await app.page()
      const id = idOf(await page.attach('', NOTES))
      await page.messages('storeupdate')
      app.notes.update((d) => void (d.title = 'arrived'))
      await page.messages('storeupdate', 2)
      await heartbeat(app)
      // From here on nothing arrives, as if it were still on its way.
      const { ws } = page.socket.io.engine.transport as unknown as { readonly ws: { pause(): void } }
      ws.pause()
      app.notes.update((d) => void (d.count = 31))
      app.notes.update((d) => void d.notes?.delete('a'))
      if (how === 'breaks') page.drop()
      else page.socket.disconnect()
      await until(() => app.life.length === 3, 'the session to be detached')
      app.notes.update((d) => void (d.count = 32))
      const next = await app.page()
      expect(await next.attach(id, NOTES)).toMatchObject({ resumed: true })
      const [update] = await next.messages('storeupdate')
      const delta = decodeDelta(NotesStore, update?.['partial'])
      expect(Object.keys(delta).toSorted()).toEqual(['count', 'notes'])
      expect(delta['count']).toEqual({ set: 32 })
      expect(delta['notes']?.deletes).toEqual(new Set(['a']))
      await next.fence()
      expect(next.received.filter(({ event }) => event === 'storeupdate')).toHaveLength(1)
    },
  )

  test('a baseline that was on its way is made anew, and waits for nobody', async () => {
    // So small that nothing of it could be kept.
    const app = await start({}, { limits: { sessionStoreBytes: 60 } })
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    await page.messages('storeupdate')
    const { ws } = page.socket.io.engine.transport as unknown as { readonly ws: { pause(): void } }
    ws.pause()
    app.notes.replace({ ...someNotes(), title: 'on its way' })
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    const next = await app.page()
    expect(await next.attach(id, NOTES)).toMatchObject({ resumed: true })
    const [update] = await next.messages('storeupdate')
    expect(update?.['kind']).toBe(0)
  })

  test('feature 153: after a replacement brings the state as it is then', async () => {
    const app = await start()
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    app.notes.update((d) => void (d.count = 2))
    app.notes.replace({ ...someNotes(), title: 'replaced' })
    app.notes.update((d) => void (d.count = 3))
    const next = await app.page()
    await next.attach(id, NOTES)
    const [update] = await next.messages('storeupdate')
    expect(decodeState(NotesStore, update?.['state'])).toMatchObject({ title: 'replaced', count: 3 })
  })

  test('feature 154: an answer that was late is waiting, and the caller may still use its signal', async () => {
    const app = await start()
    let aborted = false
    let finish: (text: string) => void = () => undefined
    app.host.rpc({ ...(await import('../support/notes-host.ts')).Echo, name: 'Late' }, (_, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true))
      return new Promise<string>((resolve) => (finish = resolve))
    })
    const page = await app.page()
    const id = idOf(await page.attach())
    void page.call('x', 'Late').catch(() => undefined)
    await page.call('x', 'Fence')
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    expect(aborted).toBe(false)
    finish('late')
    await Promise.resolve()
    const next = await app.page()
    await next.attach(id)
    expect((await next.messages('rpccallresp'))[0]).toMatchObject({ error: null })
    app.host.closeSessions()
    expect(aborted).toBe(true)
  })

  test('a level that is refused at a live update costs the connection, and a fresh baseline heals the store (session.md §12.1)', async () => {
    let level = 5
    const app = await start({}, { access: () => level })
    const page = await app.page({ level: 5 })
    const wishes = {
      stores: [
        ['SecretStore', 'count'],
        ['SecretStore', 'title'],
      ],
    } as const
    const id = idOf(await page.attach('', wishes))
    level = 0
    app.secret.update((d) => void (d.count = 77))
    await until(() => page.ended() !== undefined, 'the connection to close')
    app.secret.update((d) => void (d.title = 'later'))
    level = 5
    const next = await app.page({ level: 5 })
    expect(await next.attach(id, wishes)).toMatchObject({ resumed: true })
    const updates = await next.messages('storeupdate')
    expect(updates).toHaveLength(1)
    expect(decodeDelta(NotesStore, updates[0]?.['partial'])).toEqual({ count: { set: 77 }, title: { set: 'later' } })
  })

  test('an asynchronous level that is known too late to send is not lost either', async () => {
    const waiting: ((level: number) => void)[] = []
    let asynchronous = false
    const app = await start(
      {},
      {
        access: () => (asynchronous ? new Promise<number>((resolve) => waiting.push(resolve)) : 5),
      },
    )
    const page = await app.page({ level: 5 })
    const id = idOf(await page.attach('', NOTES))
    asynchronous = true
    app.notes.update((d) => void (d.count = 8))
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    waiting[0]?.(5)
    asynchronous = false
    const next = await app.page({ level: 5 })
    await next.attach(id, NOTES)
    const [update] = await next.messages('storeupdate')
    expect(decodeState(NotesStore, update?.['state']).count).toBe(8)
  })

  test('features 155 and 156: only the owner, with the same level, in time', async () => {
    const app = await start({ detachedMs: 50 })
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    expect((await (await app.page({ owner: 'bob' })).attach(id))['error']).toMatch(/someone else/)
    expect((await (await app.page({ level: 2 })).attach(id))['error']).toMatch(/level has changed/)
    await until(() => page.ended() !== undefined, 'the session to end with its connection')
    expect(kinds(app.life)).toEqual(['created', 'attached', 'closed: authenticated access changed'])
    const again = await app.page()
    const second = idOf(await again.attach('', NOTES))
    again.drop()
    await until(() => app.life.length === 7, 'the session to expire')
    expect(kinds(app.life).at(-1)).toBe('closed: detached timeout')
    expect((await (await app.page()).attach(second))['error']).toMatch(/expired/)
  })

  test('feature 152: a minute is enough to come back, unless it is set', async () => {
    const app = await start()
    const page = await app.page()
    await page.attach('', NOTES)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    page.drop()
    while (app.life.length < 3) await new Promise((resolve) => setImmediate(resolve))
    vi.advanceTimersByTime(59_999)
    expect(kinds(app.life)).toEqual(['created', 'attached', 'detached'])
    vi.advanceTimersByTime(1)
    expect(kinds(app.life).at(-1)).toBe('closed: detached timeout')
  })

  test('feature 155: owner and scope are both looked at', async () => {
    const app = await start({
      identify: ({ auth }) => ({ ownerID: String(auth['owner']), scopeID: String(auth['scope']) }),
    })
    const page = await app.page({ owner: 'ann', scope: 'one' })
    const id = idOf(await page.attach('', NOTES))
    for (const stranger of [
      { owner: 'ann', scope: 'two' },
      { owner: 'one', scope: 'ann' },
    ]) {
      const answer = await (await app.page(stranger)).attach(id, NOTES)
      expect(answer).toMatchObject({ sessionID: '', resumed: false, error: expect.stringMatching(/someone else/) })
    }
    expect(page.ended()).toBeUndefined()
    expect(kinds(app.life)).toEqual(['created', 'attached'])
  })

  test('feature 159: subscriptions that the manifest does not list end, those it lists count once', async () => {
    const app = await start()
    const edges: string[] = []
    app.host.onSubscription(NotesStore, (key, on) => edges.push(`${key} ${on}`))
    const page = await app.page()
    const id = idOf(await page.attach())
    for (const key of ['title', 'title', 'count'])
      page.socket.emit('storesub', { storeName: 'NotesStore', action: 0, key })
    await page.call('x', 'Fence')
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    const next = await app.page()
    await next.attach(id, { stores: [['NotesStore', 'title']] })
    next.socket.emit('storesub', { storeName: 'NotesStore', action: 1, key: 'title' })
    await next.call('x', 'Fence')
    expect(edges).toEqual(['title true', 'count true', 'count false', 'title false'])
  })
})

describe('taking over', () => {
  test('feature 158: a storm of attaches of one session leaves one connection and one set of subscriptions', async () => {
    const app = await start()
    const edges: boolean[] = []
    app.host.onSubscription(NotesStore, (_, on) => edges.push(on))
    const first = await app.page()
    const id = idOf(await first.attach('', NOTES))
    const pages = await Promise.all(Array.from({ length: 20 }, () => app.page()))
    const answers = await Promise.all(pages.map((page) => page.attach(id, NOTES)))
    expect(answers.every((answer) => answer['resumed'] === true)).toBe(true)
    await until(() => pages.filter((page) => page.ended() === undefined).length === 1, 'all but one to be closed')
    app.notes.update((d) => void (d.count = 42))
    const last = pages.find((page) => page.ended() === undefined)
    await until(() => last?.received.some(({ event }) => event === 'storeupdate') === true, 'the update')
    expect(edges).toEqual([true])
    expect(app.host.viewers).toHaveLength(1)
  })

  test('what went to a connection that had died unnoticed is sent again', async () => {
    const app = await start()
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    await page.messages('storeupdate')
    // A cut network: nothing arrives, nothing is answered, nobody is told.
    const { ws } = page.socket.io.engine.transport as unknown as {
      readonly ws: { pause(): void; terminate(): void }
    }
    ws.pause()
    app.notes.update((d) => void (d.count = 1234))
    const next = await app.page()
    expect(await next.attach(id, NOTES)).toMatchObject({ resumed: true })
    const [update] = await next.messages('storeupdate')
    expect(decodeState(NotesStore, update?.['state']).count).toBe(1234)
    ws.terminate()
  })

  test('a connection that fell silent: what no heartbeat confirmed is sent again, what one confirmed is not', async () => {
    const io = new Server(0, { path: '/socket', pingInterval: 40, pingTimeout: 200 })
    onTestFinished(() => io.close())
    const app = await start({}, { io })
    const page = await app.page({ level: 5 })
    const wishes = {
      stores: [
        ['NotesStore', ''],
        ['SecretStore', ''],
      ],
    } as const
    const id = idOf(await page.attach('', wishes))
    await page.messages('storeupdate', 2)
    let heartbeats = 0
    app.host.viewers[0]?.socket.conn.on('heartbeat', () => heartbeats++)
    await until(() => heartbeats >= 2, 'the baselines to be confirmed')
    const { ws } = page.socket.io.engine.transport as unknown as { readonly ws: { pause(): void; terminate(): void } }
    ws.pause()
    app.notes.update((d) => void (d.count = 31))
    await until(() => app.life.length === 3, 'the session to be detached')
    const next = await app.page({ level: 5 })
    expect(await next.attach(id, wishes)).toMatchObject({ resumed: true })
    const updates = await next.messages('storeupdate')
    expect(updates.map((body) => [body['storeName'], body['kind']])).toEqual([['NotesStore', 2]])
    ws.terminate()
  })

  test('a call whose level cannot be looked up is answered before the connection closes', async () => {
    let broken = false
    const app = await start(
      {},
      {
        access: () => {
          if (broken) throw new Error('the lookup fails')
          return 0
        },
      },
    )
    const page = await app.page()
    await page.attach()
    broken = true
    expect((await page.call('x', 'Fence')).refused).toMatchObject({ message: expect.stringContaining('looked up') })
    await until(() => page.ended() !== undefined, 'the connection to close')
  })

  test('what a slow connection had not been given yet is kept', async () => {
    const app = await start({}, { limits: { queuedMessages: 10 } })
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    await page.call('x', 'Fence')
    // More than the transport takes in one turn.
    for (let i = 0; i < 200; i++) app.host.emit(Heard, { text: `e${i}` })
    await until(() => page.ended() !== undefined, 'the slow connection to be closed')
    const next = await app.page()
    expect(await next.attach(id, NOTES)).toMatchObject({ resumed: true })
    const count = (): number => [...page.received, ...next.received].filter(({ event }) => event === 'event').length
    await until(() => count() >= 160, 'the events that were kept')
  })
})

describe('the end', () => {
  test('features 156 and 157: explicit: by its owner only', async () => {
    const app = await start()
    const page = await app.page()
    const id = idOf(await page.attach('', NOTES))
    const stranger = await app.page({ owner: 'bob' })
    stranger.socket.emit('viewersessionclose', { sessionID: id })
    const own = await app.page()
    expect((await stranger.attach())['error']).toBeUndefined()
    expect(page.ended()).toBeUndefined()
    own.socket.emit('viewersessionclose', { sessionID: id })
    await until(() => page.ended() !== undefined && own.ended() !== undefined, 'both connections to be closed')
    expect(kinds(app.life)).toContain('closed: explicit close')
    stranger.socket.emit('viewersessionclose', { sessionID: 'unknown' })
    await until(() => stranger.ended() !== undefined, 'the connection to be closed')
  })

  test.each<[string, (app: Awaited<ReturnType<typeof start>>, id: string) => Promise<void>]>([
    [
      'explicit close',
      async (app, id) => {
        const own = await app.page({ level: 5 })
        own.socket.emit('viewersessionclose', { sessionID: id })
      },
    ],
    ['detached timeout', async (app) => app.host.viewers[0]?.disconnect()],
    ['manager shutdown', async (app) => app.host.closeSessions()],
  ])('feature 156: %s releases stores, events and streams', async (reason, finish) => {
    let leases = 0
    const open = (): StreamLease => {
      leases++
      return { leaseID: 'l', url: 'wss://x.test', token: 't', expiresAtUnixMilli: 0, close: () => void leases-- }
    }
    const app = await start({ detachedMs: 20 }, { streams: { open } })
    const edges: string[] = []
    app.host.onSubscription(NotesStore, (key, on) => edges.push(`${key} ${on}`))
    const whisper = app.host.keyedEvent(Whisper)
    const page = await app.page({ level: 5 })
    const id = idOf(
      await page.attach('', {
        stores: [['NotesStore', 'title']],
        events: [['SecretStore', 'Whisper', 'k']],
        streams: [['s', 'NotesStore', 'Cam', 'k']],
      }),
    )
    await page.messages('datastreamendpoint')
    expect([edges, whisper.listening('k'), leases]).toEqual([['title true'], true, 1])
    await finish(app, id)
    await until(() => app.life.at(-1)?.kind === 'closed', 'the session to end')
    expect(kinds(app.life).at(-1)).toBe(`closed: ${reason}`)
    await until(() => leases === 0, 'the lease to be closed')
    expect([edges, whisper.listening('k')]).toEqual([['title true', 'title false'], false])
    expect(app.host.health()).toMatchObject({ sessions: 0, subscriptions: 0 })
  })

  test('features 156 and 157: shutdown: everybody is disconnected, nobody gets a new one', async () => {
    const app = await start()
    const page = await app.page()
    await page.attach('', NOTES)
    app.host.closeSessions()
    await until(() => page.ended() !== undefined, 'the connection to be closed')
    expect(kinds(app.life).at(-1)).toBe('closed: manager shutdown')
    expect((await (await app.page()).attach())['error']).toMatch(/closed/)
  })

  test.each([
    ['events', { sessionEvents: 5 }],
    ['event bytes', { sessionEventBytes: 1000 }],
    ['store bytes', { sessionStoreBytes: 1000 }],
    ['stores', { sessionStores: 1 }],
  ])('features 154 and 169: more %s than may wait', async (_, limits) => {
    const app = await start({}, { limits })
    const page = await app.page({ level: 5 })
    const id = idOf(await page.attach('', { stores: [['NotesStore', 'title']] }))
    page.socket.emit('storesub', { storeName: 'SecretStore', action: 0, key: 'title' })
    await page.call('x', 'Fence')
    await heartbeat(app)
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    for (let i = 0; i < 10; i++) app.host.emit(Heard, { text: 'x'.repeat(100) })
    app.notes.update((d) => void (d.title = 'x'.repeat(2000)))
    app.secret.update((d) => void (d.title = 'x'.repeat(2000)))
    expect(kinds(app.life).at(-1)).toBe('closed: session aborted')
    expect((await (await app.page({ level: 5 })).attach(id))['error']).toMatch(/expired/)
    expect(app.warnings.at(-1)).toContain('more waits')
  })

  test('a baseline that is too large closes the connection without an answer (session.md §12.7)', async () => {
    const app = await start({}, { limits: { sessionStoreBytes: 10 } })
    const page = await app.page()
    page.socket.emit('viewersessionattach', manifestOf('', NOTES))
    await until(() => page.ended() !== undefined, 'the connection to be closed')
    expect(page.received).toEqual([])
    expect(kinds(app.life)).toEqual(['created', 'closed: session aborted'])
  })

  test('feature 157: a lifecycle listener that throws or acts stops nothing', async () => {
    const life: string[] = []
    const app = await start({
      onLifecycle({ kind }) {
        life.push(kind)
        if (kind === 'attached') app.host.closeSessions()
        throw new Error('listener')
      },
    })
    const page = await app.page()
    await page.attach('', NOTES)
    await until(() => page.ended() !== undefined, 'the connection to be closed')
    expect(life).toEqual(['created', 'attached', 'closed'])
    expect(app.errors).toHaveLength(3)
  })
})
