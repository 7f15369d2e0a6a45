import { createClient } from '@rivulet/client'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../client/test/support/eventually.ts'
import { resubOptions } from '../../client/test/support/decorate.ts'
import { ReStreamSocket, TriggerStore } from '../src/index.ts'
import {
  Boat,
  HarbourClearRequest,
  HarbourNoteRequest,
  HarbourRenameRequest,
  HarbourSoundEvent,
  HarbourStoreState,
  HornEvent,
  Light,
  Position,
} from './emitted/PackageHarbour.ts'
import { HarbourStore } from './emitted/HarbourStore.ts'
import {
  type Boat as BoatValue,
  boatNamed,
  Clear,
  HarbourDef,
  type HarbourState,
  Horn,
  Note,
  Rename,
  someHarbour,
  Sound,
} from './support/harbour-schema.ts'

// Code as the reference generator emits it, with a store and a socket as an app writes them, against a real Rivulet host.

let host: Host
let harbour: Store<HarbourState>
let notes: unknown[]
let edges: string[]
let url: string
let socket: Socket
let rss: ReStreamSocket
let store: HarbourStore
const { development } = resubOptions

/** As the draft of a state takes it. */
const drafted = (boat: BoatValue): Omit<BoatValue, 'tags'> & { tags: Map<string, string> | null } => ({
  ...boat,
  tags: boat.tags === null ? null : new Map(boat.tags),
})

beforeAll(() => {
  // Getters are called outside of components here, which its development mode probes with a hook.
  resubOptions.development = false
})
afterAll(() => {
  resubOptions.development = development
})

beforeEach(async () => {
  harbour = createStore(HarbourDef, someHarbour())
  host = createHost({ port: 0, stores: [harbour], access: () => 1, logger: null })
  notes = []
  edges = []
  host.onSubscription(HarbourDef, (key, on) => edges.push(`${on ? '+' : '-'}${key}`))
  host.rpc(Rename, ({ id, boat }) => {
    if (boat === null) throw new Error('a boat is missing')
    harbour.update((draft) => void draft.boats?.set(id, drafted(boat)))
    return harbour.state.boats?.size ?? 0
  })
  host.rpc(Clear, () => {
    harbour.update((draft) => draft.boats?.clear())
  })
  host.onSend(Note, (note) => void notes.push(note))
  url = `http://127.0.0.1:${await host.listening}`
  socket = io(url, { path: '/socket', transports: ['websocket'] })
  rss = new ReStreamSocket(socket)
  socket.on('connect', () => rss.markAuthenticated())
  store = new HarbourStore()
})

/** Listens to the store until the test is over: stores live as long as the page. */
function listen(callback: (keys?: string[]) => void, key?: string): () => void {
  const token = store.subscribe(callback, key)
  const stop = (): void => {
    if (stops.delete(stop)) store.unsubscribe(token)
  }
  stops.add(stop)
  return stop
}
const stops = new Set<() => void>()

afterEach(async () => {
  for (const stop of stops) stop()
  await rss.dispose()
  socket.disconnect()
  await host.close()
})

describe('stores', () => {
  test('features 31, 32, 44: a store that is followed has the whole state, in instances of the generated classes, and changes with it', async () => {
    const heard: unknown[] = []
    listen((keys) => heard.push(keys))
    await eventually(() => expect(store.hasReceivedFullState()).toBe(true))
    const state = store.getState()
    expect(state).toBeInstanceOf(HarbourStoreState)
    expect(state.boats?.get('a')).toBeInstanceOf(Boat)
    expect(state.boats?.get('a')?.at).toEqual(Position.fromValues(1, 0))
    expect(state.title).toBe('Hafen → 🛥')
    expect(state.marks).toEqual([1, -2, 2 ** 40])
    expect(state.extra).toEqual([7])
    expect(state.load.many?.get('t')).toBe(12)
    expect(state.crates?.[1]?.owner).toBeUndefined()
    expect(state.grid).toEqual([['x', ''], undefined])
    expect(state.since).toEqual(new Date(1000))
    harbour.update((draft) => {
      draft.flagship = null
      draft.boats?.set('c', drafted(boatNamed('Cee')))
    })
    await eventually(() => expect(store.getBoat('boats%&c')?.name).toBe('Cee'))
    expect(store.getState().flagship).toBeUndefined()
    expect(heard.length).toBeGreaterThanOrEqual(2)
    // What has not changed is the same object as before.
    expect(store.getState().boats?.get('a')).toBe(state.boats?.get('a'))
    expect(Object.isFrozen(state)).toBe(true)
  })

  test('features 35, 37, 109: a getter’s key is what the host is asked for, and only it is delivered', async () => {
    listen(() => undefined, 'boats%&b')
    listen(() => undefined, 'URLPath')
    await eventually(() => expect(store.getBoat('boats%&b')?.name).toBe('Bo'))
    await eventually(() => expect(store.getPath()).toBe('/harbour'))
    expect(edges.toSorted()).toEqual(['+Boats%&b', '+URLPath'])
    expect(store.getTitle()).toBe('')
    expect(store.getState()).toBeInstanceOf(HarbourStoreState)
    expect(store.hasReceivedFullState()).toBe(false)
    // Pitfall 8: in the reference this key gets no live data, in whatever spelling.
    harbour.update((draft) => void (draft.urlPath = '/port'))
    await eventually(() => expect(store.getPath()).toBe('/port'))
  })

  test('a component that has been moved over shares the store and its subscriptions', async () => {
    await eventually(() => expect(rss.client.stores.map(({ def }) => def.name)).toEqual(['HarbourStore']))
    const page = rss.client.store(HarbourDef)
    const unlisten = listen(() => undefined, 'title')
    const stop = page.subscribe('title', () => undefined)
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
    expect(page.get('title')).toBe('Hafen → 🛥')
    expect(edges).toEqual(['+Title'])
    unlisten()
    harbour.update((draft) => void (draft.title = 'Port'))
    await eventually(() => expect(page.get('title')).toBe('Port'))
    stop()
    await eventually(() => expect(edges).toEqual(['+Title', '-Title']))
  })

  test('a key that is no path is the store’s own, and is named once', () => {
    const warned: unknown[] = []
    const { warn } = console
    console.warn = (...args: unknown[]) => warned.push(args[0])
    try {
      listen(() => undefined, 'local')
      listen(() => undefined, 'local')
    } finally {
      console.warn = warn
    }
    expect(warned).toEqual([expect.stringContaining('"local"')])
  })

  test('feature 105: all stores are listed', () => {
    expect(TriggerStore.getAllStores()).toContain(store)
    expect(store.getName()).toBe('HarbourStore')
    expect(() => TriggerStore.handleUpdateMessage({})).toThrow(expect.objectContaining({ code: 'config' }))
    store.register()
  })

  test('a store that was reset reads as zero until the app has logged in again', async () => {
    listen(() => undefined, 'title')
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
    const heard: string[] = []
    listen(() => heard.push(store.getTitle()), 'title')
    store.reset()
    expect(store.getTitle()).toBe('')
    await eventually(() => expect(heard).toContain(''))
    await rss.markAuthenticated()
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
  })

  test('stores follow the app to another socket, and back to none', async () => {
    listen(() => undefined, 'title')
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
    const client = createClient({ url, worker: 'inline' })
    const next = new ReStreamSocket(client)
    await rss.dispose()
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
    harbour.update((draft) => void (draft.title = 'New'))
    await eventually(() => expect(store.getTitle()).toBe('New'))
    await next.dispose()
    expect(store.getTitle()).toBe('')
    // It was the app's own.
    expect(client.connection.get().state).toBe('connected')
    await client.dispose()
  })

  test('sockets that serve some stores only', async () => {
    const client = createClient({ url, worker: 'inline' })
    const other = new ReStreamSocket(client, { excludedStoreNames: ['HarbourStore'] })
    const third = new ReStreamSocket(client, { storeNames: ['Else'] })
    expect([other.serves('HarbourStore'), third.serves('HarbourStore'), third.serves('Else')]).toEqual([
      false,
      false,
      true,
    ])
    listen(() => undefined, 'title')
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
    expect(client.stores).toEqual([])
    await Promise.all([other.dispose(), third.dispose(), client.dispose()])
  })

  test('enums are what generated code compares with', async () => {
    listen(() => undefined, 'Light')
    await eventually(() => expect(store.getLight()).toBe(Light.Blue))
  })
})

describe('calls', () => {
  test('features 47, 48, 49: a request resolves with its result, or rejects with the handler’s text', async () => {
    await rss.markAuthenticated()
    const boat = Boat.fromValues('Eve', Position.fromValues(3, 4), '/e', new Map([['x', 'y']]))
    await expect(rss.sendRPC(HarbourRenameRequest.fromValues('e', boat))).resolves.toBe(3)
    expect(harbour.state.boats?.get('e')).toEqual({
      name: 'Eve',
      at: { lat: 3, lon: 4 },
      urlPath: '/e',
      tags: new Map([['x', 'y']]),
    })
    await expect(rss.sendRPC(HarbourRenameRequest.fromValues('e', undefined))).rejects.toMatchObject({
      code: 'rpc',
      what: 'a boat is missing',
    })
    await expect(rss.sendRPC(HarbourClearRequest.fromValues())).resolves.toBeUndefined()
    expect(harbour.state.boats?.size).toBe(0)
  })

  test('pitfall 50: a burst of 300 calls is answered, not disconnected', async () => {
    await rss.markAuthenticated()
    const boat = Boat.fromValues('Eve')
    const calls = Array.from({ length: 300 }, () => rss.sendRPC(HarbourRenameRequest.fromValues('e', boat)))
    expect(new Set(await Promise.all(calls))).toEqual(new Set([3]))
  })

  test('feature 146: a call without an answer arrives, with 100 kB in it', async () => {
    await rss.markAuthenticated()
    const data = new Uint8Array(100_000).fill(7)
    rss.sendFFRPC(HarbourNoteRequest.fromValues('k', data))
    await eventually(() => expect(notes).toEqual([{ key: 'k', data }]))
  })

  test('feature 52: before the login nothing is called', async () => {
    const early = new ReStreamSocket(io(url, { path: '/socket', autoConnect: false }))
    const refusal = expect.objectContaining({ code: 'disconnected' })
    await expect(early.sendRPC(HarbourClearRequest.fromValues())).rejects.toEqual(refusal)
    expect(() => early.sendFFRPC(HarbourNoteRequest.fromValues())).toThrow(refusal)
    await early.dispose()
  })
})

describe('events', () => {
  test('features 53, 54, 139: plain and keyed events arrive as instances of their classes', async () => {
    const heard: unknown[] = []
    // Before the socket has connected, as apps do.
    const stop = rss.subscribeToEvent(HornEvent, (event) => heard.push(event))
    rss.subscribeToKeyedEvent('HarbourStore', HarbourSoundEvent, 'a', (event) => heard.push(event))
    await rss.markAuthenticated()
    const horn = host.event(Horn)
    const sound = host.keyedEvent(Sound)
    await eventually(() => {
      sound.emit('b', { audio: null, boat: boatNamed('B') })
      sound.emit('a', { audio: new Uint8Array([1]), boat: boatNamed('A') })
      expect(heard.length).toBeGreaterThan(0)
    })
    const [first] = heard
    expect(first).toBeInstanceOf(HarbourSoundEvent)
    expect(first).toEqual(
      HarbourSoundEvent.fromValues(new Uint8Array([1]), Boat.fromValues('A', Position.fromValues(), '/A')),
    )
    expect(heard.every((event) => (event as HarbourSoundEvent).boat.name === 'A')).toBe(true)
    heard.length = 0
    await eventually(() => {
      horn.emit({ at: new Date(5), n: 3 })
      expect(heard.some((event) => event instanceof HornEvent)).toBe(true)
    })
    expect(heard.find((event) => event instanceof HornEvent)).toEqual(HornEvent.fromValues(new Date(5), 3))
    stop()
  })

  test('feature 143: a keyed event without a key is refused', () => {
    expect(() => rss.subscribeToKeyedEvent('HarbourStore', HarbourSoundEvent, '', () => undefined)).toThrow(
      expect.objectContaining({ code: 'config' }),
    )
  })
})

describe('the socket', () => {
  test('what is not here says what is instead', () => {
    expect(() => rss.subscribeToDataStream('S', 'video')).toThrow(/client\.stream/)
  })

  test('sessions are decided before the first connection', async () => {
    const early = new ReStreamSocket(io(url, { path: '/socket', autoConnect: false }))
    early.enableViewerSessions()
    early.setViewerSessionsEnabled(false)
    await early.markAuthenticated()
    expect(() => early.enableViewerSessions()).toThrow(expect.objectContaining({ code: 'config' }))
    early.closeSession()
    await eventually(() => expect(early.client.connection.get().state).toBe('disconnected'))
    await early.dispose()
  })

  test('a socket without an address, or of another namespace, is refused', () => {
    const client = (given: unknown): unknown => new ReStreamSocket(given as Socket).client
    expect(() => client({ io: { opts: {} } })).toThrow(expect.objectContaining({ code: 'config' }))
    expect(() => client({ io: { uri: url, opts: {} }, nsp: '/x' })).toThrow(/namespace/)
  })

  test('pitfall 52: `markAuthenticated` twice subscribes once; it rejects when the client ends first', async () => {
    listen(() => undefined, 'title')
    await rss.markAuthenticated()
    await rss.markAuthenticated()
    await eventually(() => expect(store.getTitle()).toBe('Hafen → 🛥'))
    expect(edges).toEqual(['+Title'])
    const nowhere = new ReStreamSocket(io('http://127.0.0.1:1', { autoConnect: false }))
    const waiting = nowhere.markAuthenticated()
    await nowhere.dispose()
    await expect(waiting).rejects.toMatchObject({ code: 'disposed' })
  })

  test('the login payload of the socket is the client’s', async () => {
    const seen: unknown[] = []
    const guarded = createHost({
      port: 0,
      stores: [],
      logger: null,
      access: ({ auth }) => {
        seen.push(auth)
        return 1
      },
    })
    guarded.rpc(Clear, () => undefined)
    const auth = (done: (payload: object) => void): void => done({ token: 'secret' })
    const guardedUrl = `http://127.0.0.1:${await guarded.listening}`
    const login = new ReStreamSocket(io(guardedUrl, { path: '/socket', autoConnect: false, auth }))
    await login.markAuthenticated()
    await login.sendRPC(HarbourClearRequest.fromValues())
    expect(seen).toContainEqual({ token: 'secret' })
    await login.dispose()
    await guarded.close()
  })
})
