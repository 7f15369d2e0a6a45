import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClient, forgetOffline, keepOffline, type OfflineOptions } from '../../src/index.ts'
import { whenLeaving } from '../../src/page/when-leaving.ts'
import { createKeptStates } from '../../src/engine/offline/kept-states.ts'
import { eventually } from '../support/eventually.ts'
import { FleetStore } from '../support/fleet.ts'
import { database } from '../support/offline.ts'
import { closePages, openPage } from '../support/page.ts'

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
})

const url = 'http://localhost:1'

/** A document that can be hidden. */
function stubDocument(): { readonly hide: () => void; readonly show: () => void; readonly leave: () => void } {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const page = new EventTarget()
  vi.stubGlobal('document', document)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  const turn = (state: string) => () => {
    document.visibilityState = state
    document.dispatchEvent(new Event('visibilitychange'))
  }
  return { hide: turn('hidden'), show: turn('visible'), leave: () => page.dispatchEvent(new Event('pagehide')) }
}

describe('keepOffline', () => {
  test('fills in the defaults; a store that is named twice is kept once', () => {
    expect(keepOffline({ stores: [FleetStore, { ...FleetStore }], scope: 'ann' })).toEqual({
      stores: [FleetStore.name],
      scope: 'ann',
      maxBytes: 16 * 1024 * 1024,
      maxAgeMs: 7 * 24 * 3_600_000,
      saveEveryMs: 5000,
    })
  })

  test.each([
    ['stores', { stores: 'FleetStore' }],
    ['stores', { stores: [null] }],
    ['stores', { stores: [{ ...FleetStore, kind: 'rpc' }] }],
    ['scope', { scope: '' }],
    ['scope', { scope: undefined }],
    ['scope', { scope: 7 }],
    ['maxBytes', { maxBytes: 0 }],
    ['maxAgeMs', { maxAgeMs: Number.NaN }],
    ['maxAgeMs', { maxAgeMs: Infinity }],
    ['saveEveryMs', { saveEveryMs: '5' }],
  ])('refuses %s of %j', (name, over) => {
    const options = { stores: [FleetStore], scope: 'ann', ...over } as unknown as OfflineOptions
    expect(() => keepOffline(options)).toThrow(
      expect.objectContaining({ code: 'config', what: expect.stringContaining(name) as unknown }) as Error,
    )
  })

  test('createClient takes nothing else', () => {
    const offline = { stores: [FleetStore], scope: 'ann' }
    expect(() => createClient({ url, offline: offline as never })).toThrow(/keepOffline/)
  })
})

describe('a client that keeps', () => {
  const offline = keepOffline({ stores: [FleetStore], scope: 'ann' })

  test('tells its engine what', async () => {
    const { client, fake } = openPage({ offline })
    client.connect()
    await eventually(() => expect(fake.starts[0]?.config.offline).toEqual(offline))
  })

  test('has it saved when the page is hidden or left, until the client ends', async () => {
    const { hide, show, leave } = stubDocument()
    const { client, fake } = openPage({ offline })
    const saves = (): number => fake.log.filter((call) => call === 'saveOffline()').length
    await eventually(() => expect(fake.log).toContain('connect()'))
    hide()
    await eventually(() => expect(saves()).toBe(1))
    show()
    leave()
    await eventually(() => expect(saves()).toBe(2))
    await client.dispose()
    hide()
    leave()
    expect(saves()).toBe(2)
  })

  test('one that keeps nothing has nothing saved', async () => {
    const { hide } = stubDocument()
    const { fake } = openPage()
    await eventually(() => expect(fake.log).toContain('connect()'))
    hide()
    expect(fake.log).not.toContain('saveOffline()')
  })

  test('where there is no page, nothing is left', () => {
    const save = vi.fn<() => void>()
    whenLeaving(save)()
    expect(save).not.toHaveBeenCalled()
  })
})

describe('forgetOffline', () => {
  const state = { hash: 'h', time: 1, expires: 9, paths: [[]], bytes: new Uint8Array([1]) }

  test('deletes what is kept of the host, for every scope and endpoint, and nothing else', async () => {
    const indexedDB = database()
    vi.stubGlobal('indexedDB', indexedDB)
    const owners = [
      { host: url, endpoint: '/socket', scope: 'ann' },
      { host: url, endpoint: '/other', scope: 'bob' },
      { host: 'http://localhost:10', endpoint: '/socket', scope: 'ann' },
    ]
    const all = owners.map((owner) => createKeptStates(indexedDB, owner))
    for (const kept of all) await kept.save('S', state)
    await forgetOffline(`${url}/`)
    const left = await Promise.all(all.map((kept) => kept.read(['S'], 2)))
    expect(left).toEqual([[undefined], [undefined], [state]])
    for (const kept of all) kept.close()
  })

  test('says what is wrong', async () => {
    await expect(forgetOffline('nonsense')).rejects.toMatchObject({ code: 'config' })
    await expect(forgetOffline(url)).rejects.toMatchObject({ code: 'storage' })
  })
})
