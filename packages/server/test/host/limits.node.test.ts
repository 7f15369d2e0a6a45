import { encodeValue } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { limitsOf } from '../../src/host/limits.ts'
import { Echo, notesHost, Shout } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

const MB = 1024 * 1024
const request = encodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, { text: 'x' })

describe('limits', () => {
  test('feature 169: are the documented ones unless they are set', () => {
    expect(limitsOf()).toEqual({
      storeSubscriptions: 4096,
      keyedEventSubscriptions: 4096,
      queuedMessages: 1024,
      queuedBytes: 64 * MB,
      heldUpdates: 1024,
      waitingRequests: 1024,
      rpcsInFlight: 128,
      sendsInFlight: 128,
      rpcRequestBytes: 16 * MB,
      sendRequestBytes: 4 * MB,
      methodNameBytes: 512,
      keyBytes: 4096,
      eventNameBytes: 256,
      dataStreams: 64,
      sessionEvents: 1024,
      sessionEventBytes: 8 * MB,
      sessionStores: 1024,
      sessionStoreBytes: 32 * MB,
      sessionManifestBytes: 4 * MB,
    })
    expect(limitsOf({ dataStreams: 0, keyBytes: -1, rpcsInFlight: 3 })).toEqual({ ...limitsOf(), rpcsInFlight: 3 })
  })

  const lease = { leaseID: 'l', url: 'wss://x.test', token: 't', expiresAtUnixMilli: 0, close: () => undefined }

  // Each sends as much as is allowed, and then one more.
  test.each<[string, number, (n: number) => readonly [event: string, message: object]]>([
    ['sends', 128, () => ['ffrpc', { methodName: 'Shout', request }]],
    ['calls', 128, (n) => ['rpccall', { callID: n, methodName: 'Echo', request }]],
    ['subscriptions', 4096, (n) => ['storesub', { storeName: 'NotesStore', action: 0, key: `notes%&${n}` }]],
    [
      'keyed events',
      4096,
      (n) => ['keyedeventsub', { storeName: 'NotesStore', eventName: 'E', action: 0, key: `${n}` }],
    ],
    [
      'data streams',
      64,
      (n) => [
        'datastreamsub',
        { subscriptionID: `${n}`, storeName: 'NotesStore', streamName: 'Cam', action: 0, key: `${n}` },
      ],
    ],
  ])('features 148 and 169: %s: %d are allowed', async (name, most, nth) => {
    const app = await notesHost({ streams: { open: () => lease } })
    app.host.rpc(Echo, () => new Promise(() => undefined))
    app.host.onSend(Shout, () => new Promise(() => undefined))
    const page = await app.page()
    for (let n = 0; n < most; n++) page.socket.emit(...nth(n))
    // A fence of another kind, which does not count.
    if (name === 'calls') {
      page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
      await page.messages('storeupdate')
    } else await page.fence()
    expect(page.ended()).toBeUndefined()
    page.socket.emit(...nth(most))
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain(`more than ${most}`)
    expect((await (await app.page()).call('y', 'Fence')).result).toBe('y')
  })
})
