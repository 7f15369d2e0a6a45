import type { Client } from '@rivulet/client'
import { formatKey, isRivuletError, type Path, parseKey, type StoreDef, type Types } from '@rivulet/wire'
import type { Socket } from 'socket.io'
import type { RecordedDefs } from './recorded-schema.ts'
import type { ViewerStreams } from './replayed-streams.ts'
import { until } from '../../packages/server/test/support/until.ts'

/** One connection of a client, from the fake server's side. */
export interface Wire {
  socket?: Socket
  /** Everything the client sent on this connection, oldest first. */
  readonly sent: { readonly event: string; readonly json: Record<string, unknown> }[]
}

/** A client of ours in the place of a recorded viewer; with sessions it lives through several recorded connections. */
export interface Viewer {
  readonly client: Client
  /** Its newest connection. */
  wire: Wire
  readonly subscriptions: Map<string, { readonly def: StoreDef; readonly path: Path; readonly stops: (() => void)[] }>
  readonly callIds: Map<number, number>
  readonly streams: ViewerStreams
  readonly listening: Map<
    string,
    { readonly got: unknown[]; readonly expected: unknown[]; readonly stops: (() => void)[] }
  >
  /** Lets the client connect as this recorded connection. */
  readonly connectAs: (conn: string, auth: Record<string, unknown>) => void
  open: boolean
}

/** Waits until the client has taken everything that was sent on this connection: it answers a ping after what came before. */
export async function fence({ socket }: Wire): Promise<void> {
  if (socket?.connected !== true) return
  const { conn } = socket
  let over = false
  const done = (): void => void (over = true)
  conn.once('heartbeat', done)
  // Engine.IO has no public way to ping early.
  ;(conn as unknown as { sendPacket(type: string): void }).sendPacket('ping')
  await until(() => over || !socket.connected, 'a client to take what it was sent')
  conn.off('heartbeat', done)
}

/**
 * Waits until the engine of a client that is away has heard of everything that was released. Page and engine each let go in a timer of no delay, and timers of one delay run in the order
 * in which they were set; between the two, an answer of the engine proves that it has read what the page told it.
 */
export async function releasesArrive({ client }: Viewer, { types }: RecordedDefs): Promise<void> {
  await nextTimer()
  const nothing = { kind: 'send', name: 'nothing', request: 'HarborStore.Ping request', types } as const
  const refusal = await client.send(nothing, {}).then(
    () => null,
    (error: unknown) => error,
  )
  if (!isRivuletError(refusal) || refusal.code !== 'disconnected') throw new Error('a client that is away could send')
  await nextTimer()
}

function nextTimer(): Promise<void> {
  return new Promise((done) => setTimeout(done, 1))
}

/** Starts to follow a key; null when no client of ours can write it (there is no such field). Returns the subscription's id. */
export function follow(viewer: Viewer, def: StoreDef, key: string): string | null {
  const path = parseKey(def, key)
  if (path === null) return null
  const id = `${def.name} ${formatKey(def, path)}`
  const stop = viewer.client.store(def).subscribe(path, () => {})
  const known = viewer.subscriptions.get(id)
  if (known === undefined) viewer.subscriptions.set(id, { def, path, stops: [stop] })
  else known.stops.push(stop)
  return id
}

/** Subscribes or unsubscribes a key as the recorded viewer did, and waits until that is on the wire. */
export async function storesub(
  viewer: Viewer,
  def: StoreDef,
  { action, key }: { readonly action: number; readonly key: string },
): Promise<void> {
  const path = parseKey(def, key)
  if (path === null) return
  const id = `${def.name} ${formatKey(def, path)}`
  if (action === 0) {
    follow(viewer, def, key)
    await until(() => isCovered(viewer, def, path), `a subscription of ${id}`)
    return
  }
  const known = viewer.subscriptions.get(id)
  const stop = known?.stops.pop()
  if (stop === undefined) return
  const before = viewer.wire.sent.length
  // A key inside another that is held needs no subscription of its own, so there may be nothing to release.
  const held = heldKeys(viewer.wire, def.name).has(formatKey(def, path))
  stop()
  if (known?.stops.length !== 0) return
  viewer.subscriptions.delete(id)
  if (!held) return
  await until(
    () => viewer.wire.sent.slice(before).some((m) => m.event === 'storesub' && m.json['action'] === 1),
    `the end of the subscription of ${id}`,
  )
}

/** Whether the keys that the client holds on the wire include `path`: its own key, or one further out. */
function isCovered({ wire }: Viewer, def: StoreDef, path: Path): boolean {
  const held = heldKeys(wire, def.name)
  return path.some((_, i) => held.has(formatKey(def, path.slice(0, i)))) || held.has(formatKey(def, path))
}

/** The keys of `store` that a viewer has subscribed and not released. */
function heldKeys(wire: Wire, store: string): Set<string> {
  const held = new Set<string>()
  for (const { event, json } of wire.sent) {
    const listed = event === 'viewersessionattach' ? (json['storeSubscriptions'] as StoreKey[]) : []
    for (const { storeName, key } of listed) if (storeName === store) held.add(key)
    if (event !== 'storesub' || json['storeName'] !== store) continue
    const key = (json['key'] as string | undefined) ?? ''
    if (json['action'] === 0) held.add(key)
    else held.delete(key)
  }
  return held
}

interface StoreKey {
  readonly storeName: string
  readonly key: string
}

/** Listens under `name`. A second listener of the same event hears the same: only the first is counted. (The last one is released first.) */
export function listen(viewer: Viewer, name: string, start: (got: unknown[]) => () => void): void {
  const listening = viewer.listening.get(name) ?? { got: [], expected: [], stops: [] }
  listening.stops.push(start(listening.stops.length === 0 ? listening.got : []))
  viewer.listening.set(name, listening)
}

/** Listens to a keyed event, or stops, as the recorded viewer did; false when nothing has to go over the wire for that. */
export function keyedsub(
  viewer: Viewer,
  types: Types,
  packet: string,
  step: { readonly eventName: string; readonly storeName: string; readonly action: number; readonly key: string },
): boolean {
  const { eventName, storeName, action, key } = step
  const def = { kind: 'keyedEvent', name: eventName, store: storeName, packet, types } as const
  const name = `${eventName} ${key}`
  // Releasing what is not held is another thing that only a recorded viewer does.
  if (action !== 0 && (viewer.listening.get(name)?.stops.length ?? 0) === 0) return false
  if (action === 0) listen(viewer, name, (got) => viewer.client.on(def, key, (event) => got.push(event)))
  else viewer.listening.get(name)?.stops.pop()?.()
  return viewer.listening.get(name)?.stops.length === (action === 0 ? 1 : 0)
}

/** Throws unless the client sent these bytes; the recorded viewer may have sent zeros after them. */
export function expectBytes(got: unknown, expected: Uint8Array, what: string): void {
  const bytes = Buffer.from(got as Uint8Array)
  if (!bytes.equals(expected.subarray(0, bytes.length)) || expected.subarray(bytes.length).some((b) => b !== 0)) {
    throw new Error(`${what}: sent ${bytes.toString('hex')}, recorded ${Buffer.from(expected).toString('hex')}`)
  }
}

/** What `read` returns, or undefined when the recorded viewer sent bytes that no client of ours can write. */
export function decodable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (e) {
    if (isRivuletError(e)) return undefined
    throw e
  }
}
