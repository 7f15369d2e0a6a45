import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeValue } from '@rivulet/wire'
import { Server } from 'socket.io'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHost, createStore } from '../../src/index.ts'
import { Heard, notesHost, NotesStore, Whisper } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

function textOf(body: Readonly<Record<string, unknown>> | undefined): unknown {
  return (decodeValue(Heard.types, { kind: 'struct', ref: Heard.packet }, body?.['event']) as { text: string }).text
}

describe('events', () => {
  test('pitfall 80: feature 53: plain events reach everybody, whatever their level: by contract', async () => {
    const app = await notesHost()
    const pages = [await app.page(), await app.page({ auth: { level: 9 } })]
    app.host.event(Heard).emit({ text: 'one' })
    app.host.emit(Heard, { text: 'two' })
    for (const page of pages) {
      const [one, two] = await page.messages('event', 2)
      expect(Object.keys(one ?? {})).toEqual(['time', 'eventName', 'event'])
      expect([textOf(one), textOf(two)]).toEqual(['one', 'two'])
    }
  })

  test('a packet that does not fit throws at the sender', async () => {
    const app = await notesHost()
    expect(() => app.host.emit(Heard, { text: 5 as never })).toThrow(/text/)
  })

  test('features 139, 140 and 192: keyed events reach exactly those who listen to the key, with edges for the application', async () => {
    const app = await notesHost()
    const edges: string[] = []
    const whisper = app.host.keyedEvent(Whisper)
    whisper.onListening((key, on) => edges.push(`${key} ${on}`))
    const [one, two] = [await app.page({ auth: { level: 5 } }), await app.page({ auth: { level: 5 } })]
    const sub = (key: string, action = 0): object => ({ storeName: 'SecretStore', eventName: 'Whisper', action, key })
    one.socket.emit('keyedeventsub', sub('k'))
    one.socket.emit('keyedeventsub', sub('k'))
    two.socket.emit('keyedeventsub', sub('other'))
    two.socket.emit('keyedeventsub', sub('k'))
    await one.fence()
    await two.fence()
    // Each once, although one of them asked twice.
    expect(whisper.listeners('k')).toBe(2)
    two.socket.emit('keyedeventsub', sub('k', 1))
    await two.fence()
    expect(whisper.listeners('k')).toBe(1)
    expect(whisper.listeners('nobody')).toBe(0)
    expect(whisper.listening('k')).toBe(true)
    expect(whisper.listening('nobody')).toBe(false)
    whisper.emit('k', { text: 'to one' })
    whisper.emit('nobody', { text: 'lost' })
    const [event] = await one.messages('keyedevent')
    expect(event).toMatchObject({ storeName: 'SecretStore', eventName: 'Whisper', key: 'k' })
    expect(textOf(event)).toBe('to one')
    one.socket.emit('keyedeventsub', sub('k', 1))
    await one.fence()
    expect(whisper.listening('k')).toBe(true)
    one.socket.emit('keyedeventsub', sub('k', 1))
    one.socket.emit('keyedeventsub', sub('never', 1))
    await one.fence()
    two.socket.disconnect()
    await until(() => edges.length === 4, 'the last edge')
    expect(edges).toEqual(['k true', 'other true', 'k false', 'other false'])
    expect(two.received.filter((m) => m.event === 'keyedevent')).toEqual([])
  })

  test.each<[string, object]>([
    ['an empty key', { storeName: 'NotesStore', eventName: 'E', action: 0, key: '' }],
    ['no key', { storeName: 'NotesStore', eventName: 'E', action: 0 }],
    ['an empty name', { storeName: 'NotesStore', eventName: '', action: 0, key: 'k' }],
    ['a name of 257 bytes', { storeName: 'NotesStore', eventName: 'e'.repeat(257), action: 0, key: 'k' }],
    ['a key of 4097 bytes', { storeName: 'NotesStore', eventName: 'E', action: 0, key: 'k'.repeat(4097) }],
    ['an unknown store', { storeName: 'Nowhere', eventName: 'E', action: 0, key: 'k' }],
    ['a store above the level', { storeName: 'SecretStore', eventName: 'Whisper', action: 0, key: 'k' }],
  ])('features 143 and 144: a keyed subscription with %s closes the connection', async (_, message) => {
    const app = await notesHost()
    const page = await app.page({ auth: { level: 4 } })
    page.socket.emit('keyedeventsub', message)
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings).toHaveLength(1)
  })

  test('too many keyed subscriptions close the connection', async () => {
    const app = await notesHost({ limits: { keyedEventSubscriptions: 2 } })
    const page = await app.page()
    for (const key of ['a', 'b', 'c']) {
      page.socket.emit('keyedeventsub', { storeName: 'NotesStore', eventName: 'E', action: 0, key })
    }
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('more than 2 keyed-event')
  })

  test('feature 56: one name is one event: another packet under it is refused, the same one is not', async () => {
    const app = await notesHost()
    const refusal = expect.objectContaining({ code: 'config', message: expect.stringContaining('notes.Text') })
    app.host.event(Heard)
    app.host.emit(structuredClone(Heard), { text: 'a copy of the definition' })
    expect(() => app.host.event({ ...Heard, packet: 'notes.Note' })).toThrow(refusal)
    expect(() => app.host.emit({ ...Heard, packet: 'notes.Note' }, { text: '' })).toThrow(refusal)
    app.host.keyedEvent(Whisper)
    app.host.keyedEvent({ ...Whisper })
    expect(() => app.host.keyedEvent({ ...Whisper, packet: 'notes.Note' })).toThrow(refusal)
    // The same struct name with other fields is another packet too; the same event name in another store is another event.
    const types = [{ 'notes.Text': { form: 'flat', fields: [{ name: 'text', type: { kind: 'int8' } }] } }] as const
    expect(() => app.host.event({ ...Heard, types })).toThrow(refusal)
    app.host.keyedEvent({ ...Whisper, store: 'NotesStore', packet: 'notes.Note' })
  })

  test('feature 141: the key of an event is beside its packet, not in it', async () => {
    const app = await notesHost()
    const page = await app.page({ auth: { level: 5 } })
    page.socket.emit('keyedeventsub', { storeName: 'SecretStore', eventName: 'Whisper', action: 0, key: 'the key' })
    await page.fence()
    app.host.keyedEvent(Whisper).emit('the key', { text: 'hi' })
    const [event] = await page.messages('keyedevent')
    expect(Object.keys(event ?? {})).toEqual(['time', 'storeName', 'eventName', 'key', 'event'])
    expect(event?.['key']).toBe('the key')
    expect(Buffer.from(event?.['event'] as Buffer).toString('hex')).toBe('026869')
  })

  test('an event that the host does not know is accepted and silent', async () => {
    const app = await notesHost()
    const page = await app.page()
    page.socket.emit('keyedeventsub', { storeName: 'NotesStore', eventName: 'Unheard', action: 0, key: 'k' })
    page.socket.emit('somethingelse', { a: 1 })
    await page.fence()
    expect(page.ended()).toBeUndefined()
  })
})

describe('the life of a host', () => {
  test('knows its viewers, and forgets them', async () => {
    const app = await notesHost()
    const page = await app.page({ auth: { name: 'ann' } })
    expect(app.host.viewers.map((v) => v.auth['name'])).toEqual(['ann'])
    app.host.viewers[0]?.disconnect()
    await until(() => page.ended() !== undefined, 'the page to be told')
    expect(app.host.viewers).toEqual([])
  })

  test('tells the application who comes and goes, whenever it begins to listen', async () => {
    const app = await notesHost()
    await app.page({ auth: { name: 'ann' } })
    const heard: string[] = []
    const stop = app.host.onViewer(({ auth }) => {
      const name = String(auth['name'])
      heard.push(`+${name}`)
      return () => void heard.push(`-${name}`)
    })
    app.host.onViewer(() => undefined)
    const bob = await app.page({ auth: { name: 'bob' } })
    expect(heard).toEqual(['+ann', '+bob'])
    bob.socket.disconnect()
    await until(() => heard.length === 3, 'the goodbye')
    expect(heard).toEqual(['+ann', '+bob', '-bob'])
    stop()
    stop()
    expect(heard).toEqual(['+ann', '+bob', '-bob', '-ann'])
    await app.page({ auth: { name: 'cid' } })
    expect(heard).toHaveLength(4)
  })

  test('says goodbye to all of them when it closes', async () => {
    const app = await notesHost()
    for (const name of ['ann', 'bob']) await app.page({ auth: { name } })
    const left = new Set<unknown>()
    app.host.onViewer((viewer) => () => void left.add(viewer.auth['name']))
    await app.host.close()
    expect(left).toEqual(new Set(['ann', 'bob']))
  })

  test('a listener that sends the viewer away, stops listening or breaks: nobody is forgotten, nobody else notices', async () => {
    const errors: string[] = []
    const app = await notesHost({ onError: (error, what) => errors.push(`${what}: ${(error as Error).message}`) })
    const heard: string[] = []
    app.host.onViewer((viewer) => {
      if (viewer.auth['name'] === 'kicked') viewer.disconnect()
      return () => void heard.push(`left ${String(viewer.auth['name'])}`)
    })
    app.host.onViewer(() => {
      throw new Error('on the way in')
    })
    app.host.onViewer(() => () => {
      throw new Error('on the way out')
    })
    const stop = app.host.onViewer(({ auth }) => {
      if (auth['name'] === 'last') stop()
      return () => void heard.push(`stopped at ${String(auth['name'])}`)
    })
    // Whether it hears of its connection before that ends is left open.
    const kicked = app.page({ auth: { name: 'kicked' } }).catch(() => null)
    await until(() => heard.includes('left kicked') && app.host.viewers.length === 0, 'the kick')
    const page = await app.page({ auth: { name: 'last' } })
    expect(heard.at(-1)).toBe('stopped at last')
    expect((await page.call('x', 'Fence')).result).toBe('x')
    page.socket.disconnect()
    await until(() => heard.at(-1) === 'left last', 'the goodbye')
    await kicked
    expect(new Set(errors)).toEqual(
      new Set([
        'a listener of onViewer failed: on the way in',
        'what a listener of onViewer returned failed: on the way out',
      ]),
    )
  })

  test('polling works, and upgrades', async () => {
    const app = await notesHost()
    for (const transports of [['polling'], ['polling', 'websocket']]) {
      const page = await app.page({ transports })
      page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
      await page.messages('storeupdate')
      expect((await page.call('x', 'Fence')).result).toBe('x')
    }
  })

  test('shares an HTTP server, and gives it back', async () => {
    const http = createServer((_request, reply) => void reply.end('page')).listen(0)
    onTestFinished(() => void http.close())
    const app = await notesHost({ server: http })
    const { port } = http.address() as AddressInfo
    const page = await app.page()
    const get = async (path: string): Promise<string> => (await fetch(`http://localhost:${port}${path}`)).text()
    expect(await get('/index.html')).toBe('page')
    await app.host.close()
    await app.host.close()
    await until(() => page.ended() !== undefined, 'the page to be told')
    expect(await get('/index.html')).toBe('page')
    expect(await get('/socket/?EIO=4&transport=polling')).toBe('page')
  })

  test('feature 61: serves a namespace of an existing Socket.IO server', async () => {
    const io = new Server(0, { path: '/socket' })
    onTestFinished(() => io.close())
    const notes = createStore(NotesStore)
    const host = createHost({ io, namespace: '/notes', stores: [notes], logger: null })
    const { io: connect } = await import('socket.io-client')
    const socket = connect(`http://localhost:${await host.listening}/notes`, { path: '/socket', reconnection: false })
    onTestFinished(() => void socket.disconnect())
    const update = new Promise((resolve) => socket.once('storeupdate', resolve))
    socket.emit('storesub', { storeName: 'NotesStore' })
    expect(await update).toMatchObject({ kind: 0 })
    await host.close()
    await until(() => !socket.connected, 'the page to be told')
  })

  test('feature 30: options that cannot work are refused', () => {
    const notes = createStore(NotesStore)
    expect(() => createHost({ stores: [] })).toThrow(/exactly one of/)
    expect(() => createHost({ port: 0, server: createServer() })).toThrow(/exactly one of/)
    expect(() => createHost({ port: 0, stores: [notes, createStore(NotesStore)] })).toThrow(
      /two stores are called NotesStore/,
    )
    const foreign = { def: NotesStore, applyBytes: () => false }
    expect(() => createHost({ port: 0, stores: [foreign] })).toThrow(/was not made by createStore/)
    expect(() => createHost({ port: 0, limits: { typo: 1 } as never })).toThrow(/limits.typo/)
  })
})
