import { IDBObjectStore as FakeObjectStore } from 'fake-indexeddb'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createKeptStates, type KeptState, type KeptStates } from '../../../src/engine/offline/kept-states.ts'
import { forgetHost, openDatabase, STATES } from '../../../src/offline-database.ts'
import { database, OWNER } from '../../support/offline.ts'

let factory: IDBFactory
let kept: KeptStates

beforeEach(() => {
  factory = database()
  kept = createKeptStates(factory, OWNER)
})

afterEach(() => {
  kept.close()
  vi.unstubAllGlobals()
})

const NOW = 50_000_000
const HOUR = 3_600_000

function stateOf(over: Partial<KeptState> = {}): KeptState {
  return { hash: 'h', time: NOW, expires: NOW + 1000, paths: [[]], bytes: new Uint8Array([1, 2]), ...over }
}

const readOne = async (from = kept, now = NOW): Promise<KeptState | undefined> => (await from.read(['S'], now))[0]

/** Puts anything into the database, as a stranger could. */
async function putRaw(value: unknown, key: IDBValidKey): Promise<void> {
  const raw = await openDatabase(factory, () => undefined)
  const transaction = raw.transaction([STATES], 'readwrite')
  transaction.objectStore(STATES).put(value, key)
  await new Promise((done) => (transaction.oncomplete = done))
  raw.close()
}

describe('kept states', () => {
  test('are read as they were saved, each under its store', async () => {
    const paths = [
      ['rows', 1n],
      ['rows', true, 2, 'a'],
    ]
    expect(await kept.save('S', stateOf({ paths }))).toBe('saved')
    expect(await kept.save('T', stateOf({ bytes: new Uint8Array() }))).toBe('saved')
    expect(await kept.read(['T', 'none', 'S'], NOW)).toEqual([
      stateOf({ bytes: new Uint8Array() }),
      undefined,
      stateOf({ paths }),
    ])
  })

  test.each([
    ['scope', { scope: 'bob' }],
    ['host', { host: 'http://other.test' }],
    ['endpoint', { endpoint: '/other' }],
    ['scope that is the other one’s beginning', { scope: 'an' }],
  ])('of another %s are another owner’s', async (_what, over) => {
    await kept.save('S', stateOf())
    const other = createKeptStates(factory, { ...OWNER, ...over })
    expect(await readOne(other)).toBeUndefined()
    await other.save('S', stateOf({ hash: 'theirs' }))
    expect((await readOne())?.hash).toBe('h')
    await other.remove('S')
    expect(await readOne()).toBeDefined()
    other.close()
  })

  test('a later state of another tab stays; one of another definition does not', async () => {
    await kept.save('S', stateOf({ time: NOW + 5 }))
    expect(await kept.save('S', stateOf())).toBe('outdated')
    expect((await readOne())?.time).toBe(NOW + 5)
    expect(await kept.save('S', stateOf({ hash: 'new' }))).toBe('saved')
    expect(await readOne()).toEqual(stateOf({ hash: 'new' }))
  })

  test('a state from a time when the clock was wrong is not shown and does not stay', async () => {
    await kept.save('S', stateOf({ time: NOW + HOUR, expires: NOW + 9 * HOUR }))
    expect(await readOne()).toBeUndefined()
    expect(await kept.save('S', stateOf())).toBe('saved')
    expect(await readOne()).toEqual(stateOf())
  })

  test('what has expired is not read, and purged whoever owned it', async () => {
    const other = createKeptStates(factory, { ...OWNER, scope: 'bob' })
    await kept.save('S', stateOf({ expires: NOW }))
    await other.save('S', stateOf({ expires: NOW - 1 }))
    await other.save('T', stateOf({ expires: NOW + 1 }))
    expect(await readOne()).toBeUndefined()
    await kept.purge(NOW)
    expect(await kept.read(['S'], 0)).toEqual([undefined])
    expect(await readOne(kept, NOW - HOUR / 2)).toBeUndefined()
    expect(await other.read(['S', 'T'], NOW - HOUR / 2)).toEqual([undefined, stateOf({ expires: NOW + 1 })])
    other.close()
  })

  test.each([
    ['nothing', null],
    ['a number', 7],
    ['another shape', { hash: 1, time: NOW }],
    ['no paths', { ...stateOf(), paths: 'all' }],
    ['no bytes', { ...stateOf(), bytes: 'none' }],
    ['no time', { ...stateOf(), time: undefined }],
  ])('%s in its place is no state', async (_what, value) => {
    await putRaw(value, [OWNER.host, OWNER.endpoint, OWNER.scope, 'S'])
    expect(await readOne()).toBeUndefined()
    expect(await kept.save('S', stateOf())).toBe('saved')
    expect(await readOne()).toEqual(stateOf())
  })

  test('forgetting deletes everything of the host, and engines that run keep nothing any more', async () => {
    const bob = createKeptStates(factory, { ...OWNER, scope: 'bob' })
    const elsewhere = createKeptStates(factory, { ...OWNER, host: `${OWNER.host}.org` })
    for (const one of [kept, bob, elsewhere]) {
      expect(await readOne(one)).toBeUndefined()
      await one.save('S', stateOf())
    }
    await forgetHost(factory, OWNER.host)
    expect(await readOne()).toBeUndefined()
    expect(await readOne(bob)).toBeUndefined()
    expect(await readOne(elsewhere)).toBeDefined()
    expect(await kept.save('S', stateOf())).toBe('forgotten')
    expect(await bob.save('S', stateOf())).toBe('forgotten')
    expect(await elsewhere.save('S', stateOf())).toBe('saved')
    expect(await readOne()).toBeUndefined()
    const later = createKeptStates(factory, OWNER)
    await later.read(['S'], NOW)
    expect(await later.save('S', stateOf())).toBe('saved')
    for (const one of [bob, elsewhere, later]) one.close()
  })

  test('a database that another tab deletes is let go, and opened again', async () => {
    await kept.save('S', stateOf())
    await new Promise((done, fail) => {
      const request = factory.deleteDatabase('rivulet-offline')
      request.addEventListener('success', done)
      request.addEventListener('error', fail)
      request.addEventListener('blocked', () => fail(new Error('it was held open')))
    })
    expect(await readOne()).toBeUndefined()
    expect(await kept.save('S', stateOf())).toBe('saved')
  })
})

describe('a browser that refuses', () => {
  test.each([
    [
      'to open',
      {
        open() {
          throw new DOMException('no storage here', 'SecurityError')
        },
      },
      'SecurityError: no storage here',
    ],
    [
      'after having thought about it',
      {
        open() {
          const request = Object.assign(new EventTarget(), { error: new DOMException('full', 'QuotaExceededError') })
          queueMicrotask(() => request.dispatchEvent(new Event('error')))
          return request
        },
      },
      'QuotaExceededError: full',
    ],
    [
      'because of another tab',
      {
        open() {
          const request = new EventTarget()
          queueMicrotask(() => request.dispatchEvent(new Event('blocked')))
          return request
        },
      },
      'another tab',
    ],
  ])('%s rejects with storage, whatever is asked', async (_what, refusing, why) => {
    const refused = createKeptStates(refusing as unknown as IDBFactory, OWNER)
    for (const work of [
      refused.read(['S'], NOW),
      refused.save('S', stateOf()),
      refused.remove('S'),
      refused.purge(NOW),
    ])
      await expect(work).rejects.toMatchObject({ code: 'storage', what: expect.stringContaining(why) as unknown })
    await expect(forgetHost(refusing as unknown as IDBFactory, 'x')).rejects.toMatchObject({
      message: expect.stringContaining(why) as unknown,
    })
    refused.close()
  })
})

/** What a tab does; a save may be cut off between its put and its end, as when the process dies. */
const steps = fc.array(
  fc.record({
    tab: fc.nat(1),
    time: fc.nat(50),
    size: fc.nat(4),
    crash: fc.boolean(),
    hash: fc.constantFrom('h', 'g'),
  }),
  { maxLength: 12 },
)

test('property: after any saves of two tabs, with crashes, there is one whole state: the last that won', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const own = database()
      const tabs = [createKeptStates(own, OWNER), createKeptStates(own, OWNER)]
      let model: KeptState | undefined
      for (const { tab, time, size, crash, hash } of all) {
        const state = stateOf({ time: NOW + time, hash, bytes: new Uint8Array(size).fill(time) })
        const wins = model === undefined || model.hash !== hash || model.time <= state.time
        const put = vi.spyOn(FakeObjectStore.prototype, 'put')
        if (crash) {
          put.mockImplementation(function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
            put.mockRestore()
            const request = this.put(value, key)
            this.transaction.abort()
            return request
          })
        }
        const saved = await (tabs[tab] as KeptStates).save('S', state).catch((e: Error) => e.name)
        put.mockRestore()
        expect(saved).toBe(crash && wins ? 'RivuletError' : wins ? 'saved' : 'outdated')
        if (wins && !crash) model = state
        const fresh = createKeptStates(own, OWNER)
        expect(await readOne(fresh)).toEqual(model)
        fresh.close()
      }
      for (const tab of tabs) tab.close()
    }),
    { numRuns: 30 },
  )
})
