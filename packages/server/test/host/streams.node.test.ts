import { describe, expect, test } from 'vitest'
import type { StreamBroker, StreamLease, StreamOpening } from '../../src/index.ts'
import { type NotesHost, notesHost } from '../support/notes-host.ts'
import { until } from '../support/until.ts'

async function start(open: StreamBroker['open'], options: Parameters<typeof notesHost>[0] = {}): Promise<NotesHost> {
  const app = await notesHost({ streams: { open }, ...options })
  return app
}

function lease(leaseID: string, close: StreamLease['close'] = () => undefined): StreamLease {
  return { leaseID, url: 'wss://streams.example', token: 't', expiresAtUnixMilli: 0, close }
}

const sub = (subscriptionID: string, more: object = {}): object => ({
  subscriptionID,
  storeName: 'NotesStore',
  streamName: 'Cam',
  action: 0,
  key: 'k',
  ...more,
})

describe('data-stream subscriptions', () => {
  test('feature 162: the broker hears who wants what at which level', async () => {
    const openings: StreamOpening[] = []
    const app = await start((opening) => {
      openings.push(opening)
      return lease('l')
    })
    const page = await app.page({ auth: { level: 7 } })
    page.socket.emit('datastreamsub', sub('s', { storeName: 'SecretStore' }))
    const [body] = await page.messages('datastreamendpoint')
    expect(body).toEqual({
      subscriptionID: 's',
      endpoint: { leaseID: 'l', url: 'wss://streams.example', token: 't', expiresAtUnixMilli: 0 },
    })
    expect(openings[0]).toMatchObject({ store: 'SecretStore', stream: 'Cam', key: 'k', level: 7 })
    expect(openings[0]?.viewer.auth).toEqual({ level: 7 })
  })

  test('feature 162: what the broker says about an endpoint reaches the page, and nothing else of its lease', async () => {
    const app = await start(() => ({
      ...lease('l'),
      expiresAtUnixMilli: 1_800_000_000_000,
      metadata: { codec: 'h264', 'with space': '' },
      secret: 'not for pages',
    }))
    const page = await app.page()
    page.socket.emit('datastreamsub', sub('s'))
    const [body] = await page.messages('datastreamendpoint')
    expect(body).toEqual({
      subscriptionID: 's',
      endpoint: {
        leaseID: 'l',
        url: 'wss://streams.example',
        token: 't',
        expiresAtUnixMilli: 1_800_000_000_000,
        metadata: { codec: 'h264', 'with space': '' },
      },
    })
  })

  test('an unknown store and one above the level look the same', async () => {
    const app = await start(() => expect.unreachable())
    const page = await app.page({ auth: { level: 4 } })
    page.socket.emit('datastreamsub', sub('a', { storeName: 'SecretStore' }))
    page.socket.emit('datastreamsub', sub('b', { storeName: 'Nowhere' }))
    const [a, b] = await page.messages('datastreamendpoint', 2)
    expect(a?.['error']).toBe('data stream access denied')
    expect(b?.['error']).toBe(a?.['error'])
  })

  test.each<[string, () => StreamLease | Promise<StreamLease>, RegExp]>([
    ['rejects', () => Promise.reject(new Error('no such camera')), /^no such camera$/],
    ['throws something that is no error', () => Promise.reject('text'), /^no data stream$/],
    ['returns nothing', () => undefined as never, /./],
    ['returns a lease without token', () => ({ ...lease('l'), token: 5 }) as never, /^no data stream$/],
    ['returns a lease that expires sometime', () => ({ ...lease('l'), expiresAtUnixMilli: NaN }), /^no data stream$/],
  ])('feature 162: a broker that %s is an error to the page, whose id is free again', async (_, open, text) => {
    const app = await start(open)
    const page = await app.page()
    page.socket.emit('datastreamsub', sub('s'))
    await page.messages('datastreamendpoint')
    page.socket.emit('datastreamsub', sub('s'))
    for (const body of await page.messages('datastreamendpoint', 2)) expect(body['error']).toMatch(text)
    expect(page.ended()).toBeUndefined()
  })

  test('feature 164: what arrives after it was given up is closed at once; the broker is told by its signal', async () => {
    let arrive: (value: StreamLease) => void = () => undefined
    let signal: AbortSignal | undefined
    const closed: string[] = []
    const app = await start((opening) => {
      signal = opening.signal
      return new Promise((resolve) => (arrive = resolve))
    })
    const page = await app.page()
    page.socket.emit('datastreamsub', sub('s'))
    await page.fence()
    page.socket.emit('datastreamsub', sub('s', { action: 1 }))
    await page.fence()
    expect(signal?.aborted).toBe(true)
    arrive(lease('late', () => void closed.push('late')))
    await until(() => closed.length === 1, 'the lease to be closed')
    expect(page.received.some(({ event }) => event === 'datastreamendpoint')).toBe(false)
  })

  test('feature 164: each lease is closed once, and a failure is reported', async () => {
    const closed: string[] = []
    let last = 0
    const app = await start(() => {
      const id = `l${++last}`
      return lease(id, async () => {
        closed.push(id)
        if (id === 'l2') throw new Error('stuck')
      })
    })
    const page = await app.page()
    for (const id of ['a', 'b', 'c']) page.socket.emit('datastreamsub', sub(id))
    await page.messages('datastreamendpoint', 3)
    page.socket.emit('datastreamsub', sub('a', { action: 1 }))
    page.socket.emit('datastreamsub', sub('a', { action: 1 }))
    await page.fence()
    page.socket.disconnect()
    await until(() => closed.length === 3 && app.errors.length === 1, 'the leases to be closed')
    expect(closed).toEqual(['l1', 'l2', 'l3'])
    expect(String(app.errors[0])).toContain('stuck')
  })

  test('feature 169: one stream too many closes the connection', async () => {
    const app = await start(() => lease('l'), { limits: { dataStreams: 2 } })
    const page = await app.page()
    for (const id of ['a', 'b', 'c']) page.socket.emit('datastreamsub', sub(id))
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(app.warnings[0]).toContain('more than 2 data streams')
  })
})
