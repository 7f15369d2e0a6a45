import { formatKey, parseKey, type StoreDef } from '@rivulet/wire'
import { canonical } from '../../packages/server/test/support/canonical.ts'
import { until } from '../../packages/server/test/support/until.ts'
import type { RecordedDefs } from './recorded-schema.ts'
import type { ListedStream } from './replayed-streams.ts'
import { follow, keyedsub, type Viewer } from './replayed-viewer.ts'

/** A `viewersessionattach` as it was recorded. */
export interface RecordedAttach {
  readonly sessionID: string
  readonly storeSubscriptions: readonly { readonly storeName: string; readonly key: string }[]
  readonly keyedEventSubscriptions: readonly {
    readonly storeName: string
    readonly eventName: string
    readonly key: string
  }[]
  readonly dataStreamSubscriptions: readonly ListedStream[]
}

/** Makes the client want what the recorded manifest lists, and nothing else, while nobody hears of it. */
export function wantWhatIsListed(viewer: Viewer, defs: RecordedDefs, attach: RecordedAttach): void {
  const wanted = new Set(storeKeys(defs, attach))
  for (const [id, { stops }] of viewer.subscriptions) {
    if (wanted.has(id)) continue
    for (const stop of stops) stop()
    viewer.subscriptions.delete(id)
  }
  for (const { storeName, key } of attach.storeSubscriptions) {
    const def = defs.stores.get(storeName)
    const path = def === undefined ? null : parseKey(def, key)
    if (def !== undefined && path !== null && !viewer.subscriptions.has(`${storeName} ${formatKey(def, path)}`)) {
      follow(viewer, def, key)
    }
  }
  const events = new Set(attach.keyedEventSubscriptions.map(({ eventName, key }) => `${eventName} ${key}`))
  for (const [name, { stops }] of viewer.listening) {
    if (name.includes(' ') && !events.has(name)) for (const stop of stops.splice(0)) stop()
  }
  for (const event of attach.keyedEventSubscriptions) {
    if ((viewer.listening.get(`${event.eventName} ${event.key}`)?.stops.length ?? 0) > 0) continue
    keyedsub(viewer, defs.types, packetOf(defs, event.eventName), { ...event, action: 0 })
  }
  viewer.streams.want(attach.dataStreamSubscriptions)
}

/** Packet type of a keyed event; any will do for one that no schema has. */
export function packetOf(defs: RecordedDefs, event: string): string {
  return defs.keyedEvents.get(event)?.packet ?? 'HarborStore.Ping request'
}

/** Waits for the client's attach on its newest connection, and throws unless it lists what the recorded one lists. The order does not count, nor do duplicates. */
export async function expectAttach(viewer: Viewer, defs: RecordedDefs, recorded: RecordedAttach): Promise<void> {
  const sent = await until(
    () => viewer.wire.sent.find((m) => m.event === 'viewersessionattach' && m.json['sessionID'] === recorded.sessionID),
    `an attach of session "${recorded.sessionID}"`,
  )
  const attach = sent.json as unknown as RecordedAttach
  viewer.streams.expectListed(attach.dataStreamSubscriptions, recorded.dataStreamSubscriptions)
  const ours = comparable(defs, attach)
  const theirs = comparable(defs, recorded)
  if (ours !== theirs) throw new Error(`the attach lists ${ours}, recorded was ${theirs}`)
}

function comparable(defs: RecordedDefs, attach: RecordedAttach): string {
  const events = attach.keyedEventSubscriptions.map(
    ({ storeName, eventName, key }) => `${storeName} ${eventName} ${key}`,
  )
  return canonical({ stores: storeKeys(defs, attach), events: [...new Set(events)].toSorted() })
}

/** The keys that a client of ours can write, as it writes them. */
function storeKeys(defs: RecordedDefs, { storeSubscriptions }: RecordedAttach): string[] {
  const ids = storeSubscriptions.flatMap(({ storeName, key }) => {
    const def: StoreDef | undefined = defs.stores.get(storeName)
    const path = def === undefined ? null : parseKey(def, key)
    return def === undefined || path === null ? [] : [`${storeName} ${formatKey(def, path)}`]
  })
  return [...new Set(ids)].toSorted()
}
