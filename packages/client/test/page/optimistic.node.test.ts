import { isRivuletError, type RpcDef, type StoreDef } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSelection } from '../../src/page/create-selection.ts'
import { optimistic } from '../../src/page/optimistic.ts'
import type { CallResult } from '../../src/protocol.ts'
import { answerOf } from '../support/answer-call.ts'
import { eventually } from '../support/eventually.ts'
import { putParts } from '../support/fake-engine.ts'
import { type Fleet, FleetStore, makeBoat, makeFleet, Rename } from '../support/fleet.ts'
import { closePages, failureOf, openPage, type TestPage } from '../support/page.ts'

afterEach(async () => {
  await closePages()
  vi.useRealTimers()
})

const args = { id: 'a', name: 'Zoe' }
type Args = typeof args

const titled = optimistic(FleetStore, (fleet, { name }: Args) => {
  fleet.title = name
})
const counted = optimistic(FleetStore, (fleet) => {
  fleet.count += 1
})
const OtherStore: StoreDef<Fleet> = { ...FleetStore, name: 'other' }

const answer = (error: string | null = null): CallResult => answerOf(Rename, 1, error)

/** A page that follows these paths of a fleet, and hears of each. */
async function following(
  paths: readonly string[],
  page: TestPage = openPage(),
): Promise<TestPage & { heard: string[] }> {
  const heard: string[] = []
  for (const path of paths) page.store.subscribe(path as 'title', () => heard.push(path))
  page.fake.load(FleetStore, makeFleet())
  await Promise.all(paths.map((path) => page.store.ready(path as 'title')))
  heard.length = 0
  return { ...page, heard }
}

/** Sends parts of the state as one patch, to whoever follows the top-level field they are in. */
function change({ fake }: TestPage, parts: Readonly<Record<string, unknown>>): void {
  fake.patch((w) => {
    for (const [field, value] of Object.entries(parts)) {
      const watch = fake.watches.get(fake.watchAt(FleetStore, [field]))
      if (watch !== undefined) putParts(w, FleetStore, watch, [{ path: [], value }])
    }
  })
}

describe('an optimistic call', () => {
  test('shows its change at once and tells who listens there, nobody else', async () => {
    const page = await following(['title', 'count'])
    const call = failureOf(page.client.call(Rename, args, { optimistic: titled }))
    expect(page.store.get('title')).toBe('Zoe')
    expect(page.heard).toEqual(['title'])
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    expect(page.fake.calls[0]?.args).toEqual(args)
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
  })

  test('a failure takes it back at once and rejects', async () => {
    const page = await following(['title'])
    const call = page.client.call(Rename, args, { optimistic: titled })
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.answer(answer('taken'))
    await expect(call).rejects.toMatchObject({ code: 'rpc', what: 'taken' })
    expect(page.store.get('title')).toBe('Harbour')
    expect(page.heard).toEqual(['title', 'title'])
  })

  test('the answer before the change of the server: nothing flickers', async () => {
    const page = await following(['title'])
    const seen: string[] = []
    page.store.subscribe('title', () => seen.push(page.store.get('title')))
    const call = page.client.call(Rename, args, { optimistic: titled })
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.answer(answer())
    await expect(call).resolves.toBe(1)
    expect(page.store.get('title')).toBe('Zoe')
    // The server has made something else of it.
    change(page, { title: 'ZOE' })
    await eventually(() => expect(page.store.get('title')).toBe('ZOE'))
    expect(seen).toEqual(['Zoe', 'ZOE'])
  })

  test('the change of the server before the answer: nothing flickers, and the answer ends it', async () => {
    const page = await following(['title'])
    const seen: string[] = []
    page.store.subscribe('title', () => seen.push(page.store.get('title')))
    const call = page.client.call(Rename, args, { optimistic: titled })
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    change(page, { title: 'Zoe' })
    await eventually(() => expect(page.heard).toHaveLength(2))
    page.fake.calls[0]?.answer(answer())
    await call
    change(page, { title: 'Other' })
    await eventually(() => expect(page.store.get('title')).toBe('Other'))
    expect(new Set(seen)).toEqual(new Set(['Zoe', 'Other']))
  })

  test('what is counted twice until the answer is right after it', async () => {
    const page = await following(['count'])
    const call = page.client.call(Rename, args, { optimistic: counted })
    expect(page.store.get('count')).toBe(3)
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    change(page, { count: 3 })
    await eventually(() => expect(page.store.get('count')).toBe(4))
    page.fake.calls[0]?.answer(answer())
    await call
    expect(page.store.get('count')).toBe(3)
  })

  test('is rebased on every change of the server, below and beside it', async () => {
    const page = await following(['count', 'title', 'boats'])
    const recipe = optimistic(FleetStore, (fleet, { id, name }: Args) => {
      const boat = fleet.boats?.get(id)
      if (boat !== undefined) boat.name = `${name} of ${fleet.title}`
    })
    const call = failureOf(page.client.call(Rename, args, { optimistic: recipe }))
    expect(page.store.get(['boats', 'a', 'name'])).toBe('Zoe of Harbour')
    page.heard.length = 0
    change(page, { title: 'Port' })
    // The boats were not in the patch, and still hear of it.
    await eventually(() => expect(page.heard.toSorted()).toEqual(['boats', 'title']))
    expect(page.store.get(['boats', 'a', 'name'])).toBe('Zoe of Port')
    change(page, { boats: new Map([['a', makeBoat('Ada', 9)]]) })
    await eventually(() => expect(page.store.get(['boats', 'a', 'at', 'lat'])).toBe(9))
    expect(page.store.get(['boats', 'a', 'name'])).toBe('Zoe of Port')
    expect(page.store.get('boats')?.size).toBe(1)
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
    expect(page.store.get(['boats', 'a', 'name'])).toBe('Ada')
  })

  test('several under way show in their order, and fail one by one', async () => {
    const page = await following(['count'])
    const double = optimistic(FleetStore, (fleet) => {
      fleet.count *= 2
    })
    const first = page.client.call(Rename, args, { optimistic: counted })
    const second = failureOf(page.client.call(Rename, args, { optimistic: double }))
    const third = page.client.call(Rename, args, { optimistic: counted })
    expect(page.store.get('count')).toBe((2 + 1) * 2 + 1)
    await eventually(() => expect(page.fake.calls).toHaveLength(3))
    page.fake.calls[1]?.answer(answer('no'))
    await second
    expect(page.store.get('count')).toBe(2 + 1 + 1)
    page.fake.calls[0]?.answer(answer())
    page.fake.calls[2]?.answer(answer())
    await Promise.all([first, third])
    expect(page.store.get('count')).toBe(4)
    change(page, { count: 4 })
    await eventually(() => expect(page.heard).toHaveLength(5))
    expect(page.store.get('count')).toBe(4)
  })

  test('one change of the server answers one of the calls that wait for it', async () => {
    const page = await following(['title'])
    const seen: string[] = []
    page.store.subscribe('title', () => seen.push(page.store.get('title')))
    const calls = ['a', 'ab'].map((name) => page.client.call(Rename, { id: '', name }, { optimistic: titled }))
    await eventually(() => expect(page.fake.calls).toHaveLength(2))
    change(page, { title: 'a' })
    await eventually(() => expect(page.heard).toHaveLength(3))
    for (const call of page.fake.calls) call.answer(answer())
    await Promise.all(calls)
    expect(page.store.get('title')).toBe('ab')
    change(page, { title: 'ab' })
    await eventually(() => expect(page.heard).toHaveLength(4))
    change(page, { title: 'abc' })
    await eventually(() => expect(page.store.get('title')).toBe('abc'))
    expect(seen.filter((title, i) => title !== seen[i - 1])).toEqual(['a', 'ab', 'abc'])
  })

  test('an answer without any change of the server: it stays for settleMs, no longer', async () => {
    const page = await following(['title'])
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const slow = optimistic(FleetStore, (fleet, { name }: Args) => void (fleet.title = name), { settleMs: 300 })
    const call = page.client.call(Rename, args, { optimistic: slow })
    await vi.waitUntil(() => page.fake.calls.length === 1)
    page.fake.calls[0]?.answer(answer())
    await call
    vi.advanceTimersByTime(299)
    expect(page.store.get('title')).toBe('Zoe')
    vi.advanceTimersByTime(1)
    expect(page.store.get('title')).toBe('Harbour')
    expect(page.heard).toEqual(['title', 'title'])
  })

  test('what is on the page already ends with the answer', async () => {
    const page = await following(['title'])
    const call = page.client.call(Rename, { ...args, name: 'Harbour' }, { optimistic: titled })
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.answer(answer())
    await call
    change(page, { title: 'Port' })
    await eventually(() => expect(page.store.get('title')).toBe('Port'))
  })

  test('what its own recipe throws rejects the call, and nothing is sent or shown', async () => {
    const page = await following(['title'])
    const strict = optimistic(FleetStore, (fleet) => {
      fleet.title = 'half done'
      throw new Error('taken')
    })
    await expect(page.client.call(Rename, args, { optimistic: strict })).rejects.toThrow('taken')
    expect(page.store.get('title')).toBe('Harbour')
    expect(page.heard).toEqual([])
    expect(page.fake.calls).toEqual([])
    expect(page.errors).toEqual([])
  })

  test('what it throws over a later state shows nothing over that state', async () => {
    const page = await following(['title'])
    const once = optimistic(FleetStore, (fleet, { name }: Args) => {
      if (fleet.title !== 'Harbour') throw new Error('somebody was faster')
      fleet.title = name
    })
    const call = failureOf(page.client.call(Rename, args, { optimistic: once }))
    change(page, { title: 'Port' })
    await eventually(() => expect(page.store.get('title')).toBe('Port'))
    change(page, { title: 'Harbour' })
    await eventually(() => expect(page.store.get('title')).toBe('Zoe'))
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
    expect(page.errors).toEqual([])
  })

  test('what is not loaded shows nothing, goes out all the same, and shows once it is loaded', async () => {
    const page = await following(['title'])
    const call = failureOf(page.client.call(Rename, args, { optimistic: counted }))
    expect(page.store.get('count')).toBe(0)
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.store.subscribe('count', () => undefined)
    await page.store.ready('count')
    expect(page.store.get('count')).toBe(3)
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
    expect(page.store.get('count')).toBe(2)
  })

  test('paths apart: writes reach what is above, at and below them', async () => {
    const page = openPage()
    const paths = [[], ['boats'], ['boats', 'a'], ['boats', 'a', 'at', 'lat'], ['boats', 'b'], ['at']] as const
    const heard: string[] = []
    for (const path of paths) page.store.subscribe(path, () => heard.push(path.join('.')))
    page.fake.load(FleetStore, makeFleet())
    await Promise.all(paths.map((path) => page.store.ready(path as readonly ['at'])))
    heard.length = 0
    const before = page.store.get()
    const moved = optimistic(FleetStore, (fleet) => {
      const boat = fleet.boats?.get('a')
      if (boat !== undefined) boat.at = { lat: 70, lon: 1 }
    })
    const call = failureOf(page.client.call(Rename, args, { optimistic: moved }))
    expect(heard.toSorted()).toEqual(['', 'boats', 'boats.a', 'boats.a.at.lat'])
    expect(page.store.get(['boats', 'a', 'at', 'lat'])).toBe(70)
    const after = page.store.get()
    expect(after.boats?.get('a')?.at).toEqual({ lat: 70, lon: 1 })
    // What is not on the way keeps its identity, and so does what is read again.
    expect(after.flagship).toBe(before.flagship)
    expect(after.boats?.get('b')).toBe(before.boats?.get('b'))
    expect(page.store.get()).toBe(after)
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
    expect(page.store.get()).toBe(before)
  })

  test('several stores, a draft each', async () => {
    const page = await following(['title'])
    const other = page.client.store(OtherStore)
    other.subscribe('count', () => undefined)
    page.fake.load(OtherStore, makeFleet({ count: 7 }))
    await other.ready('count')
    const both = optimistic([FleetStore, OtherStore], ([fleet, second], { name }: Args) => {
      fleet.title = `${name} ${second.count}`
      second.count = 8
    })
    const call = page.client.call(Rename, args, { optimistic: both })
    expect([page.store.get('title'), other.get('count')]).toEqual(['Zoe 7', 8])
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.answer(answer())
    await call
    change(page, { title: 'Zoe 7' })
    await eventually(() => expect(page.heard).toHaveLength(2))
    // The other store's state of it is not there yet.
    expect(other.get('count')).toBe(8)
    page.fake.load(OtherStore, makeFleet({ count: 9 }))
    await eventually(() => expect(other.get('count')).toBe(9))
  })

  test('selections see it, and run again only when what they read has changed', async () => {
    const page = await following(['title', 'count'])
    let runs = 0
    const selection = createSelection(page.store, (fleet) => {
      runs++
      return `${fleet.title}!`
    })
    const values: string[] = []
    selection.subscribe(() => values.push(selection.get()))
    runs = 0
    const call = failureOf(page.client.call(Rename, args, { optimistic: titled }))
    const second = failureOf(page.client.call(Rename, args, { optimistic: counted }))
    expect(selection.get()).toBe('Zoe!')
    expect(runs).toBe(1)
    await eventually(() => expect(page.fake.calls).toHaveLength(2))
    for (const one of page.fake.calls) one.fail(new Error('gone'))
    await Promise.all([call, second])
    expect(selection.get()).toBe('Harbour!')
    expect(values).toEqual(['Zoe!', 'Harbour!'])
  })

  test('an asynchronous recipe, a call in a recipe, no store, a store twice: each is refused', async () => {
    const page = await following(['title', 'count'])
    const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
      const error = await failureOf(call)
      return isRivuletError(error) && error.code
    }
    const late = optimistic(FleetStore, async (fleet) => {
      await Promise.resolve()
      fleet.title = 'late'
    })
    expect(await codeOf(page.client.call(Rename, args, { optimistic: late }))).toBe('handler')
    let inner: Promise<unknown> | undefined
    const nested = optimistic(FleetStore, (fleet) => {
      fleet.title = 'nested'
      inner ??= codeOf(page.client.call(Rename, args, { optimistic: titled }))
    })
    const outer = failureOf(page.client.call(Rename, args, { optimistic: nested }))
    expect(await inner).toBe('handler')
    expect(() => optimistic([], () => undefined)).toThrow('needs a store')
    expect(() => optimistic(FleetStore, () => undefined, { settleMs: -1 })).toThrow('settleMs')
    const twice = optimistic([FleetStore, FleetStore], () => undefined)
    expect(await codeOf(page.client.call(Rename, args, { optimistic: twice }))).toBe('config')
    await eventually(() => expect(page.fake.calls).toHaveLength(1))
    page.fake.calls[0]?.fail(new Error('gone'))
    await outer
    expect(page.store.get('title')).toBe('Harbour')
  })

  test('the end of the client ends it', async () => {
    const page = await following(['title'])
    const call = failureOf(page.client.call(Rename, args, { optimistic: titled }))
    await page.client.dispose()
    expect(await call).toMatchObject({ code: 'disposed' })
    expect(page.store.get('title')).toBe('Harbour')
  })

  test('a patch that decodes to nothing new for it costs no listener a call', async () => {
    const page = await following(['title', 'count'])
    const call = failureOf(page.client.call(Rename, args, { optimistic: titled }))
    page.heard.length = 0
    change(page, { count: 5 })
    await eventually(() => expect(page.store.get('count')).toBe(5))
    expect(page.heard).toEqual(['count'])
    page.fake.calls[0]?.fail(new Error('gone'))
    await call
  })
})

test('the arguments of the recipe are those of the call', () => {
  const page = openPage()
  const rpc: RpcDef<{ readonly deep: number }, number> = { ...(Rename as RpcDef<never, number>), name: 'deep' }
  const wrong = (): Promise<number> =>
    page.client.call(
      rpc,
      { deep: 1 },
      {
        // @ts-expect-error -- a recipe for other arguments
        optimistic: titled,
      },
    )
  const right = (): Promise<number> =>
    page.client.call(
      rpc,
      { deep: 1 },
      { optimistic: optimistic(FleetStore, (fleet, { deep }) => void (fleet.count = deep)) },
    )
  expect([wrong, right]).toHaveLength(2)
})
