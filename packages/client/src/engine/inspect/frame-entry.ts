import type { FrameEntry, FrameKind } from '../../feed-protocol.ts'

/** An entry while it is made. */
export type Open<E> = { -readonly [K in keyof E]: E[K] }

const KINDS: Readonly<Record<string, FrameKind>> = {
  storeupdate: 'storeupdate',
  storesub: 'storesub',
  event: 'event',
  keyedevent: 'keyedevent',
  keyedeventsub: 'keyedeventsub',
  rpccall: 'rpccall',
  // A call without response.
  ffrpc: 'rpccall',
  rpccallresp: 'rpccallresp',
  viewernotice: 'viewernotice',
  datastreamendpoint: 'datastreamendpoint',
}

/** No name or key on the wire is longer; what is, is garbage that nobody has to keep. */
const MAX_TEXT = 1024

/** Describes a message of the host, or to it, without its binary part, which is the second of the pair. Takes any garbage. */
export function frameEntry(
  seq: number,
  at: number,
  dir: 'in' | 'out',
  event: string,
  message: unknown,
): [frame: Open<FrameEntry>, payload: Uint8Array | null] {
  const kind = KINDS[event] ?? 'other'
  const frame: Open<FrameEntry> = { type: 'frame', seq, at, dir, kind, bytes: 0 }
  if (kind === 'other') {
    frame.event = event.slice(0, MAX_TEXT)
    // It may be the app's login: what it says is nobody's business.
    if (event !== 'datastreamsub') return [frame, null]
  }
  const fields = Object(message) as Readonly<Record<string, unknown>>
  const store = text(fields['storeName'])
  if (store !== undefined) frame.store = store
  const name = text(fields['methodName'] ?? fields['eventName'] ?? fields['streamName'])
  if (name !== undefined) frame.name = name
  const key = text(fields['key'])
  if (key !== undefined) frame.key = key
  const call = fields['callID']
  if (typeof call === 'number') frame.call = call
  if (fields['action'] === 0) frame.action = 'subscribe'
  else if (fields['action'] === 1) frame.action = 'unsubscribe'
  let bytes = fields['request'] ?? fields['response'] ?? fields['event']
  if (kind === 'storeupdate') {
    const isFull = fields['kind'] === 0
    frame.update = isFull ? 'full' : 'partial'
    bytes = fields[isFull ? 'state' : 'partial']
  }
  const payload = view(bytes)
  if (payload !== null) frame.bytes = payload.length
  return [frame, payload]
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : undefined
}

function view(value: unknown): Uint8Array | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null
}
