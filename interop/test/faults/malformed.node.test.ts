import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { canonical } from '../../../packages/server/test/support/canonical.ts'
import { until } from '../../../packages/server/test/support/until.ts'
import type { Follower } from '../../src/faults/follower.ts'
import { FOLLOWER_KINDS } from '../../src/faults/follower-kinds.ts'
import { type HostKind, type Ledger, openLedger } from '../../src/faults/ledger-host.ts'
import {
  connectRaw,
  creditFrames,
  eventFrame,
  type Frame,
  type RawViewer,
  requestFrames,
} from '../../src/faults/raw-viewer.ts'

/**
 * What a host makes of it: `closed` = the connection ends · `open` = it lives on and nothing was said about it · anything else = it lives on, and the answer has this in it.
 */
type Verdict = 'closed' | 'open' | (string & {})
type Case = readonly [what: string, frames: readonly Frame[], verdict: Verdict]

let ledger: Ledger
let good: readonly Follower[]

beforeAll(async () => {
  ledger = await openLedger()
  good = FOLLOWER_KINDS.map(({ host, open }) => open(ledger.ports[host]))
  await until(() => good.every((follower) => follower.live()), 'the good viewers to follow', 30_000)
})

// Whatever happened: everybody else gets the next update.
afterEach(async () => {
  ledger.step()
  const { tick } = ledger.store.state
  await until(
    () => good.every((follower) => follower.view()?.tick === tick),
    'the good viewers to see the next update',
    20_000,
  )
})

afterAll(async () => {
  await Promise.all(good.map((follower) => follower.close()))
  await ledger.close()
})

const NAME = 'LedgerStore'
const sub = (body: unknown): string[] => [eventFrame('storesub', body)]
const keyed = (body: object): string[] => [
  eventFrame('keyedeventsub', { storeName: NAME, eventName: 'Rung', action: 0, key: 'k', ...body }),
]
const stream = (body: object): string[] => [
  eventFrame('datastreamsub', {
    subscriptionID: 's',
    storeName: NAME,
    streamName: 'Video',
    action: 0,
    key: 'k',
    ...body,
  }),
]
const call = (body: object, bytes: readonly number[] = [0]): Frame[] =>
  requestFrames('rpccall', { callID: 1, methodName: 'Credit', ...body }, Uint8Array.from(bytes))
const send = (body: object): Frame[] => requestFrames('ffrpc', { methodName: 'Poke', ...body }, new Uint8Array(1))
const attach = (body: unknown): string[] => [eventFrame('viewersessionattach', body)]
const long = (bytes: number): string => 'x'.repeat(bytes)
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

const WRONG_TYPES: readonly Case[] = ['storesub', 'keyedeventsub', 'rpccall', 'ffrpc', 'datastreamsub'].flatMap(
  (event) =>
    [null, [], 'text', 5, true].map(
      (body) => [`${event} of ${JSON.stringify(body)}`, [eventFrame(event, body)], 'closed'] as const,
    ),
)

const MESSAGES: readonly Case[] = [
  ...WRONG_TYPES,
  ['storesub without an argument', [eventFrame('storesub')], 'closed'],
  ['an unknown store', sub({ storeName: 'Nowhere', action: 0 }), 'closed'],
  ['an unsubscription of an unknown store', sub({ storeName: 'Nowhere', action: 1 }), 'closed'],
  ['a store name that every object has', sub({ storeName: '__proto__', action: 0 }), 'closed'],
  ['a number for a store name', sub({ storeName: 5, action: 0 }), 'closed'],
  ['an object for a key', sub({ storeName: NAME, action: 0, key: {} }), 'closed'],
  ['an action of 2', sub({ storeName: NAME, action: 2 }), 'closed'],
  ['a negative action', sub({ storeName: NAME, action: -1 }), 'closed'],
  ['a text for an action', sub({ storeName: NAME, action: '0' }), 'closed'],
  ['a key of 4097 bytes', sub({ storeName: NAME, action: 0, key: long(4097) }), 'closed'],
  ['a key of 4097 bytes in fewer letters', sub({ storeName: NAME, action: 0, key: 'é'.repeat(2049) }), 'closed'],
  ['a key of 4096 bytes that leads nowhere', sub({ storeName: NAME, action: 0, key: long(4096) }), 'storeupdate'],
  ['an unknown key', sub({ storeName: NAME, action: 0, key: 'Nope%&x' }), 'storeupdate'],
  ['a key with nothing between its separators', sub({ storeName: NAME, action: 0, key: '%&%&%&' }), 'storeupdate'],
  ['an unsubscription of what was never subscribed', sub({ storeName: NAME, action: 1, key: 'Tick' }), 'open'],
  [
    'one subscription too many',
    Array.from({ length: 4097 }, () => sub({ storeName: NAME, action: 0, key: 'Tick' })).flat(),
    'closed',
  ],
  [
    'fields of any name',
    sub({ storeName: NAME, action: 1, ['__proto__']: { a: 1 }, constructor: 1, toString: null }),
    'open',
  ],

  ['a keyed event of an unknown store', keyed({ storeName: 'Nowhere' }), 'closed'],
  ['a keyed event without a name', keyed({ eventName: '' }), 'closed'],
  ['a keyed event with a blank name', keyed({ eventName: ' \t' }), 'closed'],
  ['a keyed event with a name of 257 bytes', keyed({ eventName: long(257) }), 'closed'],
  ['a keyed event without a key', keyed({ key: '' }), 'closed'],
  ['a keyed event with a key of 4097 bytes', keyed({ key: long(4097) }), 'closed'],
  ['a keyed event with an action of 2', keyed({ action: 2 }), 'closed'],
  ['a keyed event that nobody defined', keyed({ eventName: 'Nobody' }), 'open'],
  ['an unsubscription of an unknown keyed event', keyed({ action: 1 }), 'open'],
  ['one keyed event too many', Array.from({ length: 4097 }, () => keyed({})).flat(), 'closed'],

  ['a call without a method', call({ methodName: '' }), 'closed'],
  ['a call with a blank method', call({ methodName: '  ' }), 'closed'],
  ['a method name of 513 bytes', call({ methodName: long(513) }), 'closed'],
  ['an unknown method', call({ methodName: 'Nothing' }), 'closed'],
  ['a method that every object has', call({ methodName: 'constructor' }), 'closed'],
  ['a text for a call id', call({ callID: 'one' }), 'closed'],
  ['a call without a request', [eventFrame('rpccall', { callID: 1, methodName: 'Credit' })], 'closed'],
  ['a text for a request', [eventFrame('rpccall', { callID: 1, methodName: 'Credit', request: 'AA==' })], 'closed'],
  ['a list for a request', [eventFrame('rpccall', { callID: 1, methodName: 'Credit', request: [0] })], 'closed'],
  ['a request that ends early', call({}, []), '"message"'],
  [
    'a request that announces a huge length (pitfall 73)',
    call({}, [0x80, 0x80, 0x00, 0x80, 0x00, 0x80, 0x00, 0x80, 0x01]),
    '"message"',
  ],
  ['a request with bytes behind it', call({}, [1, 65, 9, 9, 9]), '"error":null'],
  ['a call id above 2^31', call({ callID: 2 ** 40 }, [1, 66]), `"callID":${2 ** 40}`],
  ['a negative call id', call({ callID: -7 }, [1, 67]), '"callID":-7'],

  ['a send without a method', send({ methodName: '' }), 'closed'],
  ['an unknown send', send({}), 'closed'],
  ['a send without a request', [eventFrame('ffrpc', { methodName: 'Poke' })], 'closed'],

  ['a stream without an id', stream({ subscriptionID: '' }), '"error"'],
  ['a stream id of 257 bytes', stream({ subscriptionID: long(257) }), '"error"'],
  ['a stream of an unknown store', stream({ storeName: 'Nowhere' }), '"error"'],
  ['a stream without a key', stream({ key: '' }), '"error"'],
  ['a stream with an action of 2', stream({ action: 2 }), 'closed'],
  ['a release of an unknown stream', stream({ action: 1 }), 'open'],

  ['an unknown event', [eventFrame('nonsense', { a: 1 })], 'open'],
  ['a number for an event', ['42[7,{}]'], 'open'],
  [
    'the events of a server',
    [eventFrame('storeupdate', { storeName: NAME, kind: 0 }), eventFrame('rpccallresp', {})],
    'open',
  ],
  ['an event that asks for an acknowledgement', ['4217["nonsense"]'], 'open'],
  ['an acknowledgement of nothing', ['4399[1]'], 'open'],
  ['more arguments than there are', [eventFrame('storesub', { storeName: NAME, action: 1 }, {}, [])], 'open'],
]

const SESSION_MESSAGES: readonly Case[] = [
  ...[null, [], 'text', 5].map(
    (body) => [`an attach of ${JSON.stringify(body)}`, attach(body), '"sessionID":""'] as const,
  ),
  ['an attach without an argument', [eventFrame('viewersessionattach')], '"sessionID":""'],
  ['a number for a session id', attach({ sessionID: 5 }), '"sessionID":""'],
  ['an unknown session', attach({ sessionID: 'nobody' }), '"sessionID":""'],
  ['a session id of 65 bytes', attach({ sessionID: long(65) }), '"sessionID":""'],
  ['a text for a list', attach({ storeSubscriptions: 'all' }), '"sessionID":""'],
  ['nothing in a list', attach({ storeSubscriptions: [null] }), '"sessionID":""'],
  ['an unknown store in the manifest', attach({ storeSubscriptions: [{ storeName: 'Nowhere' }] }), '"sessionID":""'],
  [
    'a key of 4097 bytes in the manifest',
    attach({ storeSubscriptions: [{ storeName: NAME, key: long(4097) }] }),
    '"sessionID":""',
  ],
  [
    'more subscriptions than one viewer may have',
    attach({ storeSubscriptions: Array.from({ length: 4097 }, (_, i) => ({ storeName: NAME, key: `k${i}` })) }),
    '"sessionID":""',
  ],
  [
    'a manifest of more than 4 MiB',
    attach({
      storeSubscriptions: Array.from({ length: 1100 }, (_, i) => ({ storeName: NAME, key: `${i}${long(4000)}` })),
    }),
    '"sessionID":""',
  ],
  [
    'a keyed event without a key in the manifest',
    attach({ keyedEventSubscriptions: [{ storeName: NAME, eventName: 'E', action: 0, key: '' }] }),
    '"sessionID":""',
  ],
  [
    'two streams of one id',
    attach({
      dataStreamSubscriptions: ['a', 'b'].map((key) => ({
        subscriptionID: 's',
        storeName: NAME,
        streamName: 'V',
        key,
      })),
    }),
    '"sessionID":""',
  ],
  ['a second attach', [...attach({}), ...attach({})], '"sessionID":""'],
  ['an attach of something else after an attach', [...attach({}), ...sub(null)], 'closed'],
  ['the end of an unknown session', [eventFrame('viewersessionclose', { sessionID: 'nobody' })], 'closed'],
  ['the end of nothing', [eventFrame('viewersessionclose', null)], 'closed'],
]

const FRAMES: readonly Case[] = [
  ['an empty frame', [''], 'closed'],
  ['an unknown Engine.IO packet', ['9'], 'closed'],
  ['a ping, which only hosts send', ['2'], 'closed'],
  ['an empty Socket.IO packet', ['4'], 'closed'],
  ['an unknown Socket.IO packet', ['47[]'], 'closed'],
  ['an event without data', ['42'], 'open'],
  ['broken JSON', ['42["storesub",{'], 'closed'],
  ['an event that is an object', ['42{}'], 'closed'],
  ['an event without a name', ['42[]'], 'closed'],
  ['an object for the name of an event', ['42[{}]'], 'closed'],
  ['an event that only the library may send', ['42["disconnect"]'], 'closed'],
  ['a second connect', ['40{}'], 'closed'],
  ['a connect to a namespace that is not there', ['40/nowhere,'], 'open'],
  ['an event for a namespace that is not there', ['42/nowhere,["storesub",{}]'], 'closed'],
  ['a connect error, which only hosts send', ['44"no"'], 'closed'],
  ['bytes that nobody announced', [new Uint8Array(8)], 'closed'],
  [
    'text in the place of announced bytes',
    ['451-["rpccall",{"request":{"_placeholder":true,"num":0}}]', '42["x"]'],
    'closed',
  ],
  ['more attachments than a packet may have', ['4599-["rpccall",{}]'], 'closed'],
  ['a number of attachments that is none', ['45x-["rpccall",{}]'], 'closed'],
  ['a negative number of attachments', ['45-1-["rpccall",{}]'], 'closed'],
  [
    'a placeholder for an attachment that is not there',
    ['451-["rpccall",{"request":{"_placeholder":true,"num":9}}]', new Uint8Array(1)],
    'closed',
  ],
  [
    'a placeholder with a negative number',
    ['451-["rpccall",{"request":{"_placeholder":true,"num":-1}}]', new Uint8Array(1)],
    'closed',
  ],
  [
    'a placeholder with a text for a number',
    ['451-["rpccall",{"request":{"_placeholder":true,"num":"length"}}]', new Uint8Array(1)],
    'closed',
  ],
  ['JSON that is nested 200 000 deep', [`42["storesub",${deep(200_000)}]`], 'closed'],
  ['the same around bytes', [`451-["rpccall",${deep(200_000)}]`, new Uint8Array(1)], 'closed'],
  ['a message larger than any request may be', [`42["storesub","${long(17 * 1024 * 1024)}"]`], 'closed'],
]

/** What the host made of `frames`; what it is expected to do says what to wait for. */
async function judge(host: HostKind, frames: readonly Frame[], expected: Verdict, attached: boolean): Promise<Verdict> {
  const viewer = await connectRaw(ledger.ports[host])
  try {
    if (attached) {
      viewer.send(...attach({}))
      await until(() => viewer.heard.some((text) => text.includes('viewersessionattached')), 'the attach', 20_000)
    }
    const before = viewer.heard.length
    viewer.send(...frames)
    const said = (): boolean => viewer.heard.slice(before).some((text) => text.includes(expected))
    if (expected !== 'open') await until(() => viewer.closed || said(), `"${expected}"`, 20_000)
    if (expected !== 'closed' && (host === 'plain' || attached)) await fence(viewer)
    if (viewer.closed) return 'closed'
    return said() ? expected : 'open'
  } finally {
    viewer.close()
  }
}

let lastFence = 1000

async function fence(viewer: RawViewer): Promise<void> {
  const id = ++lastFence
  viewer.send(...creditFrames(id, `fence ${id}`))
  await until(() => viewer.closed || viewer.heard.some((text) => text.includes(`"callID":${id}`)), 'the fence', 20_000)
}

describe('messages', () => {
  test.each(MESSAGES)('%s', async (_what, frames, verdict) => {
    expect(await judge('plain', frames, verdict, false)).toBe(verdict)
  })
})

describe('messages of a viewer with a session', () => {
  test.each(MESSAGES)('%s', async (_what, frames, verdict) => {
    expect(await judge('sessions', frames, verdict, true)).toBe(verdict)
  })
})

describe('attaching', () => {
  test.each(SESSION_MESSAGES)('%s', async (_what, frames, verdict) => {
    expect(await judge('sessions', frames, verdict, false)).toBe(verdict)
  })
})

describe('frames', () => {
  test.each(FRAMES)('%s', async (_what, frames, verdict) => {
    expect(await judge('plain', frames, verdict, false)).toBe(verdict)
  })
})

test('a viewer that says goodbye and keeps its connection is no viewer any more', async () => {
  const viewer = await connectRaw(ledger.ports.plain)
  viewer.send(...sub({ storeName: NAME, action: 0 }))
  await until(() => viewer.heard.length > 0, 'the baseline', 20_000)
  const { viewers, subscriptions } = ledger.hosts.plain.health()
  viewer.send('41')
  await eventually(() =>
    expect(ledger.hosts.plain.health()).toMatchObject({ viewers: viewers - 1, subscriptions: subscriptions - 1 }),
  )
  viewer.close()
})

const upgrade = [
  'GET /socket/?EIO=4&transport=websocket HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '',
  '',
].join('\r\n')

describe('bytes on the socket', () => {
  test.each<readonly [string, readonly (string | Uint8Array)[]]>([
    ['no HTTP', ['\u0000\u0001\u0002\r\n\r\n']],
    ['an upgrade without a key', [upgrade.replace(/Sec-WebSocket-Key.*\r\n/, '')]],
    ['an unknown transport', ['GET /socket/?EIO=4&transport=pigeon HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n']],
    [
      'an unknown session of Engine.IO',
      ['GET /socket/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ],
    ['an old Engine.IO', ['GET /socket/?EIO=3&transport=polling HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n']],
    ['a frame that is not masked', [upgrade, Uint8Array.of(0x81, 0x01, 0x34)]],
    ['a frame with a reserved bit', [upgrade, Uint8Array.of(0xf1, 0x80, 0, 0, 0, 0)]],
    ['an unknown opcode', [upgrade, Uint8Array.of(0x83, 0x80, 0, 0, 0, 0)]],
    ['a frame of 2^63 bytes', [upgrade, Uint8Array.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0)]],
    ['a ping of 126 bytes', [upgrade, Uint8Array.of(0x89, 0xfe, 0, 126)]],
    ['text that is not UTF-8', [upgrade, Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28)]],
  ])('%s', async (_what, parts) => {
    const socket = connect(ledger.ports.plain, '127.0.0.1')
    let ended = false
    socket.on('error', () => (ended = true))
    socket.on('close', () => (ended = true))
    socket.resume()
    await once(socket, 'connect')
    for (const part of parts) socket.write(part)
    await until(() => ended, 'the connection to end', 20_000)
    expect(socket.destroyed).toBe(true)
  })

  test('connections that never say anything keep nobody waiting', async () => {
    const idle = Array.from({ length: 200 }, () => connect(ledger.ports.plain, '127.0.0.1'))
    await Promise.all(idle.map((socket) => once(socket, 'connect')))
    for (const socket of idle.slice(100)) socket.write(upgrade)
    const viewer = await connectRaw(ledger.ports.plain)
    await fence(viewer)
    expect(viewer.closed).toBe(false)
    viewer.close()
    for (const socket of idle) socket.destroy()
  })
})

test('afterwards the good viewers agree with the host, were never cut off, and nobody else is remembered', async () => {
  const plain = FOLLOWER_KINDS.filter(({ host }) => host === 'plain').length
  await eventually(() => expect(ledger.hosts.plain.health()).toMatchObject({ viewers: plain, callsInFlight: 0 }))
  await eventually(() =>
    expect(ledger.hosts.sessions.health()).toMatchObject({ viewers: FOLLOWER_KINDS.length - plain, callsInFlight: 0 }),
  )
  for (const follower of good) {
    expect(canonical(follower.view())).toBe(canonical(ledger.store.state))
    expect([follower.torn, follower.errors]).toEqual([[], []])
  }
})
